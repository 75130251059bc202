import { expect, test } from "vitest";
import { concerns } from "./interest";
import type { Hint } from "./messages";

const signed: Hint = { kind: 2, orderId: "o1", appealId: "o1", number: "n1", unitIds: [], event: "LegSigned", at: 0 };
const key = (service: string, input: string) => ["rpc", service, "X", input];

test("a change of an order concerns that order by identifier and number, and every list of its services", () => {
  const routing = "hotline.routing.v1.RoutingService";
  expect(concerns(signed, key(routing, '{"order":"o1"}'))).toBe(true);
  expect(concerns(signed, key(routing, '{"order":"n1"}'))).toBe(true);
  expect(concerns(signed, key(routing, '{"order":"o2"}'))).toBe(false);
  expect(concerns(signed, key(routing, '{"orderIds":["o2","o1"]}'))).toBe(true);
  expect(concerns(signed, key(routing, '{"orderIds":["o2","o12"]}'))).toBe(false);
  expect(concerns(signed, key(routing, '{"pageSize":50}'))).toBe(true);
  expect(concerns(signed, key("hotline.callback.v1.CallbackService", "{}"))).toBe(false);
  expect(concerns(signed, ["session"])).toBe(false);
});
