import { expect, test } from "vitest";
import { OLD_MS, stoppedAt } from "./stale";

const now = 1_000_000_000;
const fresh = { now, answeredAt: now - 5000, dataAt: now - 3_600_000, lagSeconds: 0 };

test("a quiet night is not stale: the services answer, there is only nothing new", () => {
  expect(stoppedAt(fresh)).toBeUndefined();
});

test("without answers the figures stand where the last answer was", () => {
  expect(stoppedAt({ ...fresh, answeredAt: now - OLD_MS })).toBeUndefined();
  expect(stoppedAt({ ...fresh, answeredAt: now - OLD_MS - 1 })).toBe(now - OLD_MS - 1);
});

test("behind a silent broker they stand where the last event was, at the latest where the silence began", () => {
  expect(stoppedAt({ ...fresh, lagSeconds: 31 })).toBe(now - 3_600_000);
  expect(stoppedAt({ ...fresh, lagSeconds: 31, dataAt: now - 1000 })).toBe(now - 31_000);
  expect(stoppedAt({ ...fresh, lagSeconds: 31, dataAt: undefined })).toBe(now - 31_000);
});

test("before the first answer there is nothing to grey out", () => {
  expect(stoppedAt({ ...fresh, answeredAt: undefined, lagSeconds: 99 })).toBeUndefined();
});
