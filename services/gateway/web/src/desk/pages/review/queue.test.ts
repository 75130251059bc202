import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { LegState, OrderSchema } from "@gen/hotline/routing/v1/routing_pb";
import { dueOf, itemsOf, nextAfter } from "./queue";

const order = (orderId: string, legs: { at: number; replied?: boolean; asks?: boolean }[]) =>
  create(OrderSchema, {
    facts: { orderId },
    legs: legs.map(({ at, replied, asks }, n) => ({
      facts: { legId: `${orderId}-${n}` },
      ...(replied ? { state: LegState.REPLIED, repliedAt: timestampFromMs(at) } : {}),
      ...(asks ? { extensionRequest: { requestId: `${orderId}-${n}-x`, requestedAt: timestampFromMs(at) } } : {}),
    })),
  });

test("items stand as their orders do, of one order the oldest first; the next one takes the place of one that is gone", () => {
  const items = itemsOf([order("urgent", [{ at: 9, replied: true }, { at: 5, asks: true }]), order("old", [{ at: 1, replied: true }])]);
  expect(items.map(({ id }) => id)).toEqual(["urgent-1-x", "urgent-0", "old-0"]);
  expect(nextAfter(items, "urgent-0")).toBe("old-0");
});

test("the queue asks for what its kinds owe, in the lists that hold them", () => {
  expect(dueOf("", {}).due.obligations).toEqual(["reply_review", "return_decision", "extension_decision"]);
  expect(dueOf("reply", { enterprise: true })).toEqual({
    due: { platform: true, obligations: ["reply_review"], enterprise: true },
    lists: [{ legState: LegState.REPLIED, label: "enterprise" }],
  });
  expect(dueOf("return", {}).lists).toEqual([{ awaitingDecision: true }]);
});
