/** Time as the server has it, and one ticker for the whole page. */
import { useSyncExternalStore } from "react";

let offset = 0;
let tick = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** Learns the offset from a time that the server told; `roundTrip` is how long the answer took, in ms. */
export function learnServerTime(serverMs: number, roundTrip = 0): void {
  const next = serverMs + roundTrip / 2 - Date.now();
  // Below a second the difference is the network's, and chips must not jump to and fro.
  if (Math.abs(next - offset) > 1000) {
    offset = next;
    tell();
  }
}

function tell(): void {
  tick = serverNow();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.visibilityState !== "hidden") tell();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time, once a second for every component that asks, by one timer. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => tick, () => tick);
}
