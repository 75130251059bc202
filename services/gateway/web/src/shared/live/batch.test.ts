import { expect, test, vi } from "vitest";
import { Batch } from "./batch";
import type { Hint } from "./messages";
import { pauseAfter } from "./stream";

const hint = (orderId: string, event = "LegSigned", kind = 2): Hint => ({ kind, orderId, appealId: orderId, number: "", unitIds: [], event, at: 0 });

test("the first hint goes at once, a storm goes once a second, the last of each order wins", () => {
  vi.useFakeTimers();
  const out: Hint[][] = [];
  const batch = new Batch((hints) => out.push(hints));
  batch.add([hint("a")]);
  expect(out).toHaveLength(1);
  for (let at = 0; at < 50; at += 1) batch.add([hint("a", `e${at}`), hint("b"), hint("a", "clock", 3)]);
  expect(out).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(out).toHaveLength(2);
  expect(out[1]?.map(({ orderId, event }) => `${orderId}:${event}`)).toEqual(["a:e49", "b:LegSigned", "a:clock"]);
  vi.useRealTimers();
});

test("the pause between attempts grows to half a minute and is never the same for all", () => {
  expect(pauseAfter(0, 0)).toBe(500);
  expect(pauseAfter(0, 1)).toBe(1000);
  expect(pauseAfter(4, 1)).toBe(16_000);
  expect(pauseAfter(50, 1)).toBe(30_000);
});
