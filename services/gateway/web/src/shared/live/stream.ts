/** The one WatchDesk stream of a browser: resumes from its cursor, takes silence for death, retries with growing, jittered pauses. */
import { Code, ConnectError } from "@connectrpc/connect";
import { DeskService, type WatchDeskResponse } from "@gen/hotline/gateway/v1/desk_pb";
import { msOf } from "../time/format";
import { transport } from "../rpc/transport";
import type { Hint, LineState, ToTab } from "./messages";

/** Longest pause between two attempts, in ms. */
const LONGEST_PAUSE_MS = 30_000;
/** Seconds without the bus above which a desk says that it may be stale. */
const STALE_BUS_SECONDS = 30;

/** Pause before attempt `failures + 1`, in ms; `chance` is from 0 to 1. */
export function pauseAfter(failures: number, chance: number): number {
  return Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(failures, 5)) * (0.5 + chance / 2);
}

/** Reads the stream for as long as the browser lives and tells `emit` what it says. */
export class DeskStream {
  private cursor = "";
  private heartbeatMs = 15_000;
  private failures = 0;
  private abort: AbortController | undefined;
  private wake: (() => void) | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private state: LineState = "connecting";
  private busLagSeconds = 0;
  private running = false;

  constructor(
    readonly clientId: string,
    private readonly emit: (message: ToTab) => void,
  ) {}

  /** How the line is now, for a tab that has just come. */
  line(): ToTab {
    return { type: "line", state: this.state, busLagSeconds: this.busLagSeconds };
  }

  /** Begins to read, or tries again at once. */
  start(): void {
    this.failures = 0;
    this.wake?.();
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    for (;;) {
      const code = await this.readOnce();
      if (code === Code.Unauthenticated) {
        this.setLine("signed_out", 0);
        break;
      }
      this.failures += 1;
      this.setLine(this.failures > 1 ? "down" : "connecting", 0);
      await this.pause(pauseAfter(this.failures - 1, Math.random()));
    }
    this.running = false;
  }

  /** Reads until the stream ends; why it did. */
  private async readOnce(): Promise<Code> {
    const abort = new AbortController();
    this.abort = abort;
    this.hearSomething();
    try {
      const input = (async function* (request) {
        yield request;
      })({ cursor: this.cursor, clientId: this.clientId });
      const response = await transport.stream(DeskService.method.watchDesk, abort.signal, undefined, undefined, input);
      for await (const message of response.message) {
        this.hearSomething();
        this.take(message);
      }
      return Code.Unavailable;
    } catch (thrown) {
      return ConnectError.from(thrown).code;
    } finally {
      clearTimeout(this.silence);
      abort.abort();
    }
  }

  private hearSomething(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.abort?.abort(), this.heartbeatMs * 3);
  }

  private take({ message }: WatchDeskResponse): void {
    switch (message.case) {
      case "hello":
        this.failures = 0;
        this.heartbeatMs = Math.max(1, message.value.heartbeatSeconds || 15) * 1000;
        this.cursor = message.value.cursor;
        this.tellTime(msOf(message.value.serverTime));
        this.setLine("live", 0);
        return;
      case "heartbeat": {
        this.cursor = message.value.cursor || this.cursor;
        this.tellTime(msOf(message.value.serverTime));
        const lag = message.value.busLagSeconds;
        this.setLine(lag > STALE_BUS_SECONDS ? "lagging" : "live", lag);
        return;
      }
      case "changed":
        this.cursor = message.value.cursor || this.cursor;
        this.emit({ type: "changed", hints: message.value.changes.map(hintOf) });
        return;
      case "ring": {
        const { callId, maskedNumber, state, seat, occurredAt, cursor } = message.value;
        this.cursor = cursor || this.cursor;
        this.emit({ type: "ring", ring: { callId, maskedNumber, state, seat, at: msOf(occurredAt) ?? 0 } });
        return;
      }
      case "presence":
        this.emit({
          type: "presence",
          orders: message.value.orders.map(({ orderId, people }) => [
            orderId,
            people.map(({ accountId, name, mode }) => ({ accountId, name, mode })),
          ]),
        });
        return;
      case "resync":
        this.cursor = message.value.cursor;
        this.emit({ type: "resync" });
        return;
      case undefined:
        return;
    }
  }

  private tellTime(serverMs: number | undefined): void {
    if (serverMs !== undefined) this.emit({ type: "time", serverMs });
  }

  private setLine(state: LineState, busLagSeconds: number): void {
    if (state === this.state && busLagSeconds === this.busLagSeconds) return;
    this.state = state;
    this.busLagSeconds = busLagSeconds;
    this.emit(this.line());
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function hintOf(change: { kind: number; appealId: string; orderId: string; number: string; unitIds: string[]; event: string; occurredAt?: Parameters<typeof msOf>[0] }): Hint {
  const { kind, appealId, orderId, number, unitIds, event, occurredAt } = change;
  return { kind, appealId, orderId, number, unitIds, event, at: msOf(occurredAt) ?? 0 };
}
