/** Which clock of an order a list shows: the open one that is due next; what is over only when nothing is open. */
import { type Clock, ClockState } from "@gen/hotline/sla/v1/sla_pb";
import { msOf } from "@shared/time/format";

export function nextClock(clocks: readonly Clock[]): Clock | undefined {
  const open = clocks.filter(({ state }) => state === ClockState.ARMED || state === ClockState.BREACHED);
  return [...open].sort((a, b) => (msOf(a.facts?.dueAt) ?? 0) - (msOf(b.facts?.dueAt) ?? 0))[0];
}
