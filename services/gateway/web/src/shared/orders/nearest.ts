/** Which clock a list shows beside an order: the open one that is due next. Pure, for tests. */
import { type Clock, ClockState } from "@gen/hotline/sla/v1/sla_pb";
import { msOf } from "@shared/time/format";

/** Clocks that say until when something may be asked for: they are on their buttons, and are no duties. */
const WINDOWS: readonly string[] = ["return_window", "extension_window"];

/** Whether the clock is a duty that is still owed. */
export function isDuty({ state, facts }: Clock): boolean {
  return (state === ClockState.ARMED || state === ClockState.BREACHED) && !WINDOWS.includes(facts?.obligation ?? "");
}

/** The duty that is due first; nothing when none is open. */
export function nearest(clocks: readonly Clock[]): Clock | undefined {
  return clocks.filter(isDuty).reduce<Clock | undefined>((first, clock) => (first && due(first) <= due(clock) ? first : clock), undefined);
}

/** Clocks by their order. */
export function byOrder(clocks: readonly Clock[]): ReadonlyMap<string, readonly Clock[]> {
  const found = new Map<string, Clock[]>();
  for (const clock of clocks) {
    const id = clock.order?.orderId ?? "";
    const list = found.get(id);
    if (list) list.push(clock);
    else found.set(id, [clock]);
  }
  return found;
}

function due({ facts }: Clock): number {
  return msOf(facts?.dueAt) ?? Number.POSITIVE_INFINITY;
}
