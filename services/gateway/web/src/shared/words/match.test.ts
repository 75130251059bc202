import { expect, test } from "vitest";
import { needles, score } from "./match";

const [lamp, water] = (await needles(["云龙区 路灯不亮", "鼓楼区 停水"])) as [never, never];

test.each(["ylq ldbl", "ldbl", "路灯", "yunlong", "云龙 ludeng", "YLQ"])("%s finds the street lamp and not the water", (query) => {
  expect(score(query, lamp)).toBeGreaterThan(0);
  expect(score(query, water)).toBe(0);
});

test("characters go before initials, initials before pinyin", () => {
  expect(score("云龙", lamp)).toBeGreaterThan(score("yl", lamp));
  expect(score("yl", lamp)).toBeGreaterThan(score("yun", lamp));
});

test("every part must fit", () => {
  expect(score("ylq ts", lamp)).toBe(0);
});
