import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { ClockSchema, ClockState } from "@gen/hotline/sla/v1/sla_pb";
import { LegKind, Secrecy } from "@gen/hotline/common/v1/common_pb";
import { LegState, OrderSchema, OrderState } from "@gen/hotline/routing/v1/routing_pb";
import { CaseState, SupervisionCaseSchema } from "@gen/hotline/sla/v1/supervision_pb";
import { openLetters } from "./letterList";
import { awaitsMe, isNear, isTold, ownLeg, worksOf } from "./legs";

const at = (minutes: number) => timestampFromMs(minutes * 60_000);
const order = (id: string, legs: { unit: string; leg: string; state: LegState; due?: number }[]) =>
  create(OrderSchema, {
    facts: { orderId: id },
    legs: legs.map(({ unit, leg, state, due }) => ({ facts: { unitId: unit, legId: leg }, state, dispatchedAt: at(0), ...(due === undefined ? {} : { dueAt: at(due) }) })),
  });
const clock = (leg: string, due: number, state = ClockState.ARMED, obligation = "answer") =>
  create(ClockSchema, { state, facts: { legId: leg, obligation, startedAt: at(0), dueAt: at(due) } });

test("the unit's own leg is the open one of the present round", () => {
  const found = ownLeg(order("o", [
    { unit: "a", leg: "1", state: LegState.APPROVED },
    { unit: "b", leg: "2", state: LegState.SIGNED },
    { unit: "a", leg: "3", state: LegState.TO_SIGN },
  ]), "a");
  expect(found?.facts?.legId).toBe("3");
  expect(ownLeg(order("o", [{ unit: "a", leg: "1", state: LegState.RETURNED }]), "a")).toBeUndefined();
});

test("a unit is told who appealed while a leg of its own stands and nobody asked for secrecy", () => {
  const told = (more = {}, leg = {}) => isTold(create(OrderSchema, { facts: { round: 2 }, state: OrderState.HANDLING, secrecy: Secrecy.ORDINARY, legs: [{ facts: { unitId: "a", round: 2, kind: LegKind.CO_HANDLE }, state: LegState.APPROVED, ...leg }], ...more }), "a");
  expect(told()).toBe(true);
  expect(told({ state: OrderState.PRE_REVIEW })).toBe(true);
  expect([{ state: OrderState.SETTLED }, { state: OrderState.CLOSED }, { secrecy: Secrecy.CONFIDENTIAL }, { secrecy: Secrecy.REPORT }, { confidential: true }].filter((more) => told(more))).toEqual([]);
  const facts = { unitId: "a", round: 2, kind: LegKind.LEAD };
  expect([{ state: LegState.RETURNED }, { facts: { ...facts, round: 1 } }, { facts: { ...facts, unitId: "b" } }, { facts: { ...facts, kind: LegKind.ENTERPRISE } }].filter((leg) => told({}, leg))).toEqual([]);
  expect(isTold(create(OrderSchema, { state: OrderState.HANDLING, legs: [{ facts: { unitId: "" } }] }), "")).toBe(false);
});

test("work is soonest due first, by its nearest open clock; windows are not duties", () => {
  const orders = [
    order("late", [{ unit: "a", leg: "l1", state: LegState.SIGNED, due: 900 }]),
    order("soon", [{ unit: "a", leg: "l2", state: LegState.TO_SIGN, due: 999 }]),
  ];
  const clocks = [clock("l1", 500), clock("l1", 5, ClockState.MET), clock("l1", 1, ClockState.ARMED, "return_window"), clock("l2", 60)];
  const works = worksOf(orders, clocks, "a");
  expect(works.map(({ order: { facts } }) => facts?.orderId)).toEqual(["soon", "late"]);
  expect(works[1]?.clock?.facts?.dueAt).toEqual(at(500));
});

test("near is a fifth of the run, and everything that is over", () => {
  const [work] = worksOf([order("o", [{ unit: "a", leg: "l", state: LegState.SIGNED }])], [clock("l", 100)], "a");
  expect(work && isNear(work, 79 * 60_000)).toBe(false);
  expect(work && isNear(work, 80 * 60_000)).toBe(true);
  expect(work && isNear(work, 101 * 60_000)).toBe(true);
});

test("a reply waits for its level", () => {
  const [leg] = create(OrderSchema, { legs: [{ awaitsLevel: "leader" }] }).legs;
  expect(leg && awaitsMe(leg, ["unit_leader"])).toBe(true);
  expect(leg && awaitsMe(leg, ["unit_clerk", "unit_section"])).toBe(false);
});

test("a document waits while it asks for an answer and has none that stands", () => {
  const letter = (instrumentId: string, more = {}) => ({ instrumentId, unitId: "a", dueAt: at(9), ...more });
  const open = create(SupervisionCaseSchema, {
    state: CaseState.OPEN,
    instruments: [
      letter("later", { dueAt: at(30) }),
      letter("first"),
      letter("answered", { reply: "x" }),
      letter("back", { reply: "x", decision: "sent_back", dueAt: at(20) }),
      letter("told", { dueAt: undefined }),
      letter("other", { unitId: "b" }),
    ],
  });
  const closed = create(SupervisionCaseSchema, { state: CaseState.CLOSED, instruments: [letter("over")] });
  expect(openLetters([open, closed], "a").map((one) => one.letter.instrumentId)).toEqual(["first", "back", "later"]);
});
