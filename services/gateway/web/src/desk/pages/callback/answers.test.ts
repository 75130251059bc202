import { Satisfaction } from "@gen/hotline/common/v1/common_pb";
import { expect, test } from "vitest";
import { isBad, LEVELS, missing, NOTHING } from "./answers";

test("a bad answer is not sent without its reason", () => {
  expect(missing(NOTHING)).toBe("levelNeeded");
  const good = { ...NOTHING, level: Satisfaction.FAIR };
  expect(missing(good)).toBe("solvedNeeded");
  expect(missing({ ...good, solved: true })).toBeUndefined();
  const bad = { ...NOTHING, solved: false, level: Satisfaction.DISSATISFIED };
  expect(missing({ ...bad, reason: "  " })).toBe("reasonNeeded");
  expect(missing({ ...bad, reason: "没人来" })).toBeUndefined();
});

test("the digits run from the best to the worst", () => {
  expect(LEVELS.map((level) => isBad({ ...NOTHING, level }))).toEqual([false, false, false, true, true]);
});
