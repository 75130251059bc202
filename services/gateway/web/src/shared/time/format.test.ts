import { expect, test } from "vitest";
import { dateTime, shortTime, span } from "./format";

const at = Date.UTC(2026, 10, 22, 8, 30);

test("times are China's", () => {
  expect(dateTime(at)).toBe("2026-11-22 16:30");
});

test("a time loses what the reader knows", () => {
  expect(shortTime(at, at + 3_600_000)).toBe("16:30");
  expect(shortTime(at, at + 86_400_000)).toBe("11-22 16:30");
  expect(shortTime(at, at + 90 * 86_400_000)).toBe("2026-11-22 16:30");
});

test.each([
  [3 * 86_400_000 + 4 * 3_600_000 + 59_000, "3天4时"],
  [4_800_000, "1时20分"],
  [1_154_000, "19分14秒"],
  [9_999, "9秒"],
  [-5, "0秒"],
])("a span of %d ms is %s", (ms, text) => {
  expect(span(ms, "zh")).toBe(text);
});
