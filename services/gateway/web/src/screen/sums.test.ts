import { create } from "@bufbuild/protobuf";
import { MemberUnitSchema } from "@gen/hotline/routing/v1/routing_pb";
import { expect, test } from "vitest";
import { byDay, byKey, lamps, lastDays, placeName, rate, type Row } from "./sums";

const row = (key: string, count: number, day = "2026-11-22", measure = "m"): Row => ({ day, key, measure, count });

test("days run over the end of a month, and a day without rows is 0", () => {
  const days = lastDays("2026-12-01", 3);
  expect(days).toEqual(["2026-11-29", "2026-11-30", "2026-12-01"]);
  expect(byDay([row("a", 2, "2026-11-30"), row("b", 3, "2026-11-30"), row("a", 9, "2026-11-30", "x")], "m", days)).toEqual([0, 5, 0]);
});

test("streets add up to their district, the largest first", () => {
  const units = [create(MemberUnitSchema, { name: "鼓楼区人民政府", division: "320302", level: "county" })];
  const lines = byKey([row("320302001", 2), row("320302006", 3), row("320300", 1), row("", 7)], (key) => key.slice(0, 6), (code) => placeName(units, code, "全市"));
  expect(lines.map(({ name, count }) => [name, count])).toEqual([["鼓楼区", 5], ["全市", 1]]);
});

test("a lamp says the worst that is known of a unit", () => {
  const found = lamps(
    { signedInTime: [row("a", 5), row("c", 2), row("d", 1)], signedLate: [row("b", 1)], satisfied: [], dissatisfied: [], breached: ["c", "c"], redCards: [], yellowCards: ["d"] },
    (id) => id,
  );
  expect(found.map(({ unitId, colour, breached }) => [unitId, colour, breached])).toEqual([["c", "red", 2], ["b", "yellow", 0], ["d", "yellow", 0], ["a", "green", 0]]);
  expect(rate(1, 3)).toBe("33.3%");
  expect(rate(0, 0)).toBe("–");
});
