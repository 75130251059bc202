import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { type Order, OrderSchema } from "@gen/hotline/routing/v1/routing_pb";
import { type Clock, ClockSchema, ClockState } from "@gen/hotline/sla/v1/sla_pb";
import { type DueCalls, type DueInput, duePage } from "./due";
import { nearest } from "./nearest";

const clock = (orderId: string, due: number, obligation = "pre_review", more: { state?: ClockState; unitId?: string } = {}) =>
  create(ClockSchema, { order: { orderId }, state: more.state ?? ClockState.ARMED, facts: { obligation, unitId: more.unitId ?? "", clockId: `${orderId}-${obligation}`, dueAt: timestampFromMs(due) } });
const order = (orderId: string) => create(OrderSchema, { facts: { orderId } });

const DUE = { platform: true, obligations: ["pre_review"] };

/** Services that know these orders and clocks; a list has the orders whose names begin with its label. */
function services(orders: readonly string[], clocks: readonly Clock[]) {
  const asked: string[] = [];
  const listed = (label: string | undefined) => orders.filter((id) => id.startsWith(label ?? ""));
  const page = <T>(all: readonly T[], size: number, token: string): { part: T[]; next: string } => {
    const from = Number(token || "0");
    return { part: all.slice(from, from + size), next: from + size < all.length ? String(from + size) : "" };
  };
  const calls: DueCalls = {
    due: async (_, size, token) => {
      asked.push("due");
      const all = clocks.filter(({ facts }) => facts?.obligation === "pre_review");
      const { part, next } = page(all, size, token);
      return { clocks: part, next };
    },
    orders: async ({ label }, size, token) => {
      asked.push("orders");
      const { part, next } = page(listed(label), size, token);
      return { orders: part.map(order), next };
    },
    named: async ({ label }, ids) => listed(label).filter((id) => ids.includes(id)).map(order),
    open: async (ids) => clocks.filter((one) => ids.includes(one.order?.orderId ?? "")),
  };
  return { calls, asked };
}

async function walk(input: DueInput, calls: DueCalls, size: number) {
  const ids: string[] = [];
  for (let token = "", pages = 0; pages < 50; pages++) {
    const { rows, next } = await duePage(input, calls, size, token);
    ids.push(...rows.map((row: { order: Order }) => row.order.facts?.orderId ?? ""));
    token = next;
    if (token === "") return ids;
  }
  throw new Error("no end");
}

test("worst first, and behind what is due whatever has no duty: nothing twice, nothing missing", async () => {
  const due = Array.from({ length: 30 }, (_, n) => `a${n}`);
  const rest = ["a-none", "a-other"];
  const clocks = [...due.map((id, n) => clock(id, n)), clock("b1", -5), clock("gone", -9), clock("a-other", 3, "sign", { unitId: "u" })];
  clocks.sort((one, two) => Number(one.facts?.dueAt?.nanos ?? 0) - Number(two.facts?.dueAt?.nanos ?? 0));
  for (const size of [3, 10, 50]) {
    const { calls } = services([...due, ...rest, "b1"], clocks);
    const ids = await walk({ due: DUE, lists: [{ label: "a" }] }, calls, size);
    expect([...ids].sort()).toEqual([...due, ...rest].sort());
    expect(ids.slice(-2).sort()).toEqual(rest);
  }
});

test("an order that two lists have stands once, and a list about duties ends with them", async () => {
  const { calls } = services(["a1", "ab1", "b1"], [clock("b1", 1)]);
  const both = { due: DUE, lists: [{ label: "a" }, { label: "" }] };
  expect((await walk(both, calls, 2)).sort()).toEqual(["a1", "ab1", "b1"]);
  expect(await walk({ ...both, onlyDue: true }, calls, 2)).toEqual(["b1"]);
});

test("a filter that drops almost everything is asked on a few times, and not for ever", async () => {
  const clocks = Array.from({ length: 5_000 }, (_, n) => clock(`x${n}`, n));
  const { calls, asked } = services(["a1"], clocks);
  const { rows, next } = await duePage({ due: DUE, lists: [{ label: "a" }] }, calls, 50, "");
  expect(rows).toEqual([]);
  expect(next).not.toBe("");
  expect(asked.length).toBeLessThan(20);
});

test("the nearest clock is the open duty that is due first; a window is none", () => {
  const clocks = [clock("o", 9), clock("o", 1, "sign", { state: ClockState.MET }), clock("o", 2, "return_window"), clock("o", 5, "contact", { state: ClockState.BREACHED })];
  expect(nearest(clocks)?.facts?.obligation).toBe("contact");
  expect(nearest([])).toBeUndefined();
});

test("a page is shown with half of its rows, and a list that ends before is shown whole", async () => {
  const names = Array.from({ length: 40 }, (_, n) => `${n % 4 === 3 ? "b" : "a"}${n}`);
  const long = services(names, names.map((id, n) => clock(id, n)));
  const input: DueInput = { due: DUE, lists: [{ label: "a" }] };
  const first = await duePage(input, long.calls, 20, "");
  expect([first.rows.length, long.asked]).toEqual([15, ["due"]]);
  expect(await walk(input, long.calls, 20)).toEqual(names.filter((id) => id.startsWith("a")));
  const short = services(["a1", "a2", "a-none"], [clock("a1", 1), clock("a2", 2)]);
  expect(await walk(input, short.calls, 20)).toEqual(["a1", "a2", "a-none"]);
  expect(short.asked).toEqual(["due", "orders"]);
});
