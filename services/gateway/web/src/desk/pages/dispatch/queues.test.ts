import { AppealType } from "@gen/hotline/common/v1/common_pb";
import { OrderState } from "@gen/hotline/routing/v1/routing_pb";
import { expect, test } from "vitest";
import { DEFAULTS, dueOf, listOf } from "./queues";

test("the pool is what nobody has claimed", () => {
  expect(listOf(DEFAULTS)).toEqual({ state: OrderState.PRE_REVIEW, unclaimed: true });
});

test("a filter narrows its queue, and nonsense in an address does not", () => {
  expect(listOf({ ...DEFAULTS, queue: "decide", type: String(AppealType.COMPLAINT), enterprise: "1", unit: "u1" })).toEqual({
    awaitingDecision: true,
    type: AppealType.COMPLAINT,
    label: "enterprise",
    unitId: "u1",
  });
  expect(listOf({ ...DEFAULTS, queue: "x", type: "x" })).toEqual({ state: OrderState.PRE_REVIEW, unclaimed: true });
});

test("a queue stands by time left, narrowed as its orders are, unless the newest are wanted", () => {
  const filters = { ...DEFAULTS, type: String(AppealType.PRAISE), enterprise: "1" };
  expect(dueOf(filters)).toEqual({
    due: { platform: true, obligations: ["pre_review", "redispatch"], type: AppealType.PRAISE, enterprise: true },
    lists: [listOf(filters)],
  });
  expect(dueOf({ ...filters, sort: "new" })).toBeUndefined();
  expect(dueOf({ ...DEFAULTS, queue: "disputed" })).toBeUndefined();
});
