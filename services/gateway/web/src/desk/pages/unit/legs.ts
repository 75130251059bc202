/** What of an order is the unit's own, and into which list it belongs. Pure, for tests. */
import type { Clock } from "@gen/hotline/sla/v1/sla_pb";
import { ClockState } from "@gen/hotline/sla/v1/sla_pb";
import { LegKind, Secrecy } from "@gen/hotline/common/v1/common_pb";
import { type Leg, LegState, type Order, OrderState } from "@gen/hotline/routing/v1/routing_pb";
import { timestampMs } from "@bufbuild/protobuf/wkt";

/** One piece of work: an order and the unit's leg of it. */
export interface Work {
  order: Order;
  leg: Leg;
  /** The open clock of the leg that is due first; absent without one. */
  clock: Clock | undefined;
}

/** Lists of the workbench. */
export type Tab = "sign" | "handle" | "back" | "near" | "approve";

/** States of the legs in each list; "near" is taken from all of them. */
export const TAB_STATES: Record<Exclude<Tab, "near">, LegState> = {
  sign: LegState.TO_SIGN,
  handle: LegState.SIGNED,
  back: LegState.SENT_BACK,
  approve: LegState.SUBMITTED,
};

const OPEN: readonly LegState[] = [LegState.TO_SIGN, LegState.SIGNED, LegState.SENT_BACK, LegState.SUBMITTED];
/** Clocks that say until when something may be asked for; they are on their buttons and not on the card. */
const WINDOWS: readonly string[] = ["return_window", "extension_window"];
/** Part of a clock's run that is left when it counts as near its end; as the chip has it. */
const NEAR = 0.2;

/** The unit's open leg of the order's present round. */
export function ownLeg(order: Order, unitId: string): Leg | undefined {
  return order.legs.findLast(({ facts, state }) => facts?.unitId === unitId && OPEN.includes(state));
}

/** States in which units may still work on an order. */
const WORKED_ON: readonly OrderState[] = [OrderState.PRE_REVIEW, OrderState.HANDLING, OrderState.DISPUTED, OrderState.ESCALATED];
const ENDED: readonly LegState[] = [LegState.RETURNED, LegState.WITHDRAWN];

/** Whether the unit may be told who appealed: a leg of its own stands, the order is handled, and the appellant did not ask for secrecy. */
export function isTold(order: Order, unitId: string): boolean {
  const stands = ({ facts, state }: Leg) => facts?.unitId === unitId && facts.kind !== LegKind.ENTERPRISE && facts.round === order.facts?.round && !ENDED.includes(state);
  const secret = order.confidential || order.secrecy === Secrecy.CONFIDENTIAL || order.secrecy === Secrecy.REPORT;
  return unitId !== "" && !secret && WORKED_ON.includes(order.state) && order.legs.some(stands);
}

/** Work of these orders, soonest due first; clocks are matched by leg. */
export function worksOf(orders: readonly Order[], clocks: readonly Clock[], unitId: string): Work[] {
  const byLeg = new Map<string, Clock>();
  for (const clock of clocks) {
    const leg = clock.facts?.legId ?? "";
    if (!isOpen(clock) || WINDOWS.includes(clock.facts?.obligation ?? "")) continue;
    const known = byLeg.get(leg);
    if (!known || dueOf(clock) < dueOf(known)) byLeg.set(leg, clock);
  }
  const works = orders.flatMap((order) => {
    const leg = ownLeg(order, unitId);
    return leg ? [{ order, leg, clock: byLeg.get(leg.facts?.legId ?? "") }] : [];
  });
  return works.sort((a, b) => workDue(a) - workDue(b));
}

function isOpen(clock: Clock): boolean {
  return clock.state === ClockState.ARMED || clock.state === ClockState.BREACHED;
}

function dueOf(clock: Clock): number {
  return clock.facts?.dueAt ? timestampMs(clock.facts.dueAt) : Number.POSITIVE_INFINITY;
}

/** When the next duty of the work is due, ms; infinite without a limit. */
export function workDue(work: Work): number {
  if (work.clock) return dueOf(work.clock);
  return work.leg.dueAt ? timestampMs(work.leg.dueAt) : Number.POSITIVE_INFINITY;
}

/** Whether the work is over its time or has a fifth of it left. */
export function isNear(work: Work, now: number): boolean {
  const due = workDue(work);
  if (!Number.isFinite(due)) return false;
  const began = work.clock?.facts?.startedAt ?? work.leg.dispatchedAt;
  const start = began ? timestampMs(began) : now;
  return due - now <= (due - start) * NEAR;
}

/** Whether the reply waits for somebody with these roles. */
export function awaitsMe(leg: Leg, roles: readonly string[]): boolean {
  return leg.awaitsLevel !== "" && roles.includes(`unit_${leg.awaitsLevel}`);
}
