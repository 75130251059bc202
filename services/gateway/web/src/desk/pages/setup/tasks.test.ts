import { create } from "@bufbuild/protobuf";
import { AccountSchema } from "@gen/hotline/gateway/v1/account_pb";
import { expect, test } from "vitest";
import { lackingRoles, NEEDED, standing } from "./tasks";

test("a role counts only with somebody who can get in", () => {
  const one = (roles: string[], more = {}) => create(AccountSchema, { roles, ...more });
  expect(lackingRoles([])).toEqual([...NEEDED]);
  const lacking = lackingRoles([one(["agent", "dispatcher"], { hasPassword: true }), one(["reviewer"]), one(["supervisor"], { oidcSubject: "s" })]);
  expect(lacking).toEqual(["unit_clerk", "reviewer", "callback_agent", "system_admin", "security_admin", "audit_admin"]);
});

test("a question that is refused is closed, not undone", () => {
  expect(standing({ data: undefined, error: null }, () => "ready")).toBe("checking");
  expect(standing({ data: undefined, error: new Error("no") }, () => "ready")).toBe("closed");
  expect(standing({ data: undefined, error: null, may: false }, () => "ready")).toBe("closed");
  expect(standing({ data: 0, error: null }, (n) => (n > 0 ? "ready" : "todo"))).toBe("todo");
});
