/** What the worker that holds the stream and the tabs say to each other: plain data, no bigint. */

/** How the line to the services is. `lagging`: the line is well, but the services have not heard the bus for a while. */
export type LineState = "connecting" | "live" | "lagging" | "down" | "signed_out";

/** One change: what to load again. `kind` is `ChangeKind` of the contract. */
export interface Hint {
  kind: number;
  appealId: string;
  orderId: string;
  number: string;
  unitIds: string[];
  event: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A call at the reader's seat. `state` is `RingState` of the contract. */
export interface RingHint {
  callId: string;
  maskedNumber: string;
  state: number;
  seat: string;
  at: number;
}

/** Who is at an order. `mode` is `PresenceMode` of the contract. */
export interface PresentHint {
  accountId: string;
  name: string;
  mode: number;
}

/** From the worker to a tab. */
export type ToTab =
  | { type: "line"; state: LineState; busLagSeconds: number }
  | { type: "time"; serverMs: number }
  | { type: "changed"; hints: Hint[] }
  | { type: "ring"; ring: RingHint }
  | { type: "presence"; orders: [string, PresentHint[]][] }
  | { type: "resync" };

/** From a tab to the worker. `here` is said again every ten seconds: a closed tab cannot say that it left. */
export type ToWorker = { type: "here" } | { type: "left" } | { type: "retry" };
