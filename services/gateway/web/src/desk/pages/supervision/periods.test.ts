import { expect, test } from "vitest";
import { firstOfMonth, startOfDay } from "./periods";

test("a month begins at China's midnight, wherever the browser stands", () => {
  const lastOfOctoberInLondon = Date.parse("2026-10-31T16:30:00Z");
  expect(firstOfMonth(lastOfOctoberInLondon)).toBe("2026-11-01");
  expect(startOfDay("2026-11-01")).toBe(Date.parse("2026-10-31T16:00:00Z"));
});
