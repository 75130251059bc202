/** Gathers hints and lets them go at most once a second, the first at once. */
import type { Hint } from "./messages";

/** Keeps the last hint of a kind and order; calls `flush` with what gathered. */
export class Batch {
  private readonly waiting = new Map<string, Hint>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly flush: (hints: Hint[]) => void,
    private readonly everyMs = 1000,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /** Adds hints; they leave now or within `everyMs`. */
  add(hints: readonly Hint[]): void {
    for (const hint of hints) {
      const key = `${hint.kind}/${hint.orderId || hint.appealId}`;
      this.waiting.delete(key);
      this.waiting.set(key, hint);
    }
    if (this.timer !== undefined || this.waiting.size === 0) return;
    const wait = Math.max(0, this.last + this.everyMs - this.now());
    if (wait === 0) this.go();
    else this.timer = setTimeout(() => this.go(), wait);
  }

  private go(): void {
    this.timer = undefined;
    this.last = this.now();
    const hints = [...this.waiting.values()];
    this.waiting.clear();
    this.flush(hints);
  }
}
