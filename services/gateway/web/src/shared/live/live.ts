/** The live side of a tab: hears the worker, makes old answers load again, and tells components of rings and people. */
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { noteSignedOut } from "../session/signedOut";
import { learnServerTime } from "../time/clock";
import { Batch } from "./batch";
import { concerns } from "./interest";
import type { Hint, LineState, PresentHint, RingHint, ToTab, ToWorker } from "./messages";

/** Milliseconds between two looks while there is no line. */
const POLL_MS = 15_000;

/** How the line is, and since when this tab knows. */
export interface Line {
  state: LineState;
  busLagSeconds: number;
}

let line: Line = { state: "connecting", busLagSeconds: 0 };
let presence: ReadonlyMap<string, readonly PresentHint[]> = new Map();
let say: ((message: ToWorker) => void) | undefined;
const changed = new Set<() => void>();
const ringEars = new Set<(ring: RingHint) => void>();
const hintEars = new Set<(hints: readonly Hint[]) => void>();

function tellAll(): void {
  for (const tell of changed) tell();
}

function subscribe(tell: () => void): () => void {
  changed.add(tell);
  return () => changed.delete(tell);
}

/** Opens the tab's end of the line; called once by the entry. */
export function startLive(client: QueryClient): void {
  const held: Hint[] = [];
  const apply = (hints: readonly Hint[]) => {
    void client.invalidateQueries({
      predicate: ({ queryKey, meta }) => meta?.quiet !== true && hints.some((hint) => concerns(hint, queryKey)),
    });
    for (const hear of hintEars) hear(hints);
  };
  const batch = new Batch((hints) => {
    // A hidden tab costs nothing: it catches up when it is looked at.
    if (document.visibilityState === "hidden") held.push(...hints);
    else apply(hints);
  });
  const everything = () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "rpc" });

  const take = (message: ToTab) => {
    switch (message.type) {
      case "line":
        line = { state: message.state, busLagSeconds: message.busLagSeconds };
        if (message.state === "signed_out") noteSignedOut();
        tellAll();
        return;
      case "time":
        learnServerTime(message.serverMs);
        return;
      case "changed":
        batch.add(message.hints);
        return;
      case "ring":
        for (const hear of ringEars) hear(message.ring);
        return;
      case "presence": {
        const next = new Map(presence);
        for (const [orderId, people] of message.orders) next.set(orderId, people);
        presence = next;
        tellAll();
        return;
      }
      case "resync":
        everything();
        return;
    }
  };

  connect(take);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") return;
    say?.({ type: "here" });
    if (held.length > 0) apply(held.splice(0));
  });
  setInterval(() => {
    if (line.state !== "live" && line.state !== "lagging" && document.visibilityState !== "hidden") everything();
  }, POLL_MS);
}

function connect(take: (message: ToTab) => void): void {
  if (typeof SharedWorker === "undefined") {
    take({ type: "line", state: "down", busLagSeconds: 0 });
    return;
  }
  const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), { type: "module", name: "hotline-live" });
  worker.port.onmessage = ({ data }: MessageEvent<ToTab>) => take(data);
  worker.port.start();
  say = (message) => worker.port.postMessage(message);
  say({ type: "here" });
  setInterval(() => say?.({ type: "here" }), 10_000);
  window.addEventListener("pagehide", () => say?.({ type: "left" }));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) say?.({ type: "here" });
  });
}

/** Tries again at once. */
export function retryLine(): void {
  say?.({ type: "retry" });
}

/** How the line is. */
export function useLine(): Line {
  return useSyncExternalStore(subscribe, () => line);
}

/** Other people at an order. */
export function usePresence(orderId: string): readonly PresentHint[] {
  return useSyncExternalStore(subscribe, () => presence.get(orderId) ?? NOBODY);
}

const NOBODY: readonly PresentHint[] = [];

/** Calls `hear` for every ring at the reader's seat. */
export function useRings(hear: (ring: RingHint) => void): void {
  const held = useRef(hear);
  held.current = hear;
  useEffect(() => {
    const ear = (ring: RingHint) => held.current(ring);
    ringEars.add(ear);
    return () => void ringEars.delete(ear);
  }, []);
}

/** Calls `hear` with hints, at most once a second. */
export function useHints(hear: (hints: readonly Hint[]) => void): void {
  const held = useRef(hear);
  held.current = hear;
  useEffect(() => {
    const ear = (hints: readonly Hint[]) => held.current(hints);
    hintEars.add(ear);
    return () => void hintEars.delete(ear);
  }, []);
}
