import { Satisfaction } from "@gen/hotline/common/v1/common_pb";
import { expect, test } from "vitest";
import { isBad, LEVELS, missing, NOTHING } from "./answers";

const XUZHOU = ["contacted", "truthful", "resolved", "satisfaction", "suggestion"];
const YICHENG = ["satisfaction"];

test("a bad answer is not sent without its reason", () => {
  expect(missing(NOTHING, YICHENG)).toBe("levelNeeded");
  const bad = { ...NOTHING, level: Satisfaction.DISSATISFIED };
  expect(missing({ ...bad, reason: "  " }, YICHENG)).toBe("reasonNeeded");
  expect(missing({ ...bad, reason: "没人来" }, YICHENG)).toBeUndefined();
});

test("what the policy asks must be answered, and nothing else", () => {
  const good = { ...NOTHING, level: Satisfaction.FAIR };
  expect(missing(good, YICHENG)).toBeUndefined();
  expect(missing(good, XUZHOU)).toBe("contactedNeeded");
  expect(missing({ ...good, contacted: false }, XUZHOU)).toBe("truthfulNeeded");
  expect(missing({ ...good, contacted: false, truthful: true }, XUZHOU)).toBe("solvedNeeded");
  expect(missing({ ...good, contacted: false, truthful: true, solved: true }, XUZHOU)).toBeUndefined();
});

test("the digits run from the best to the worst", () => {
  expect(LEVELS.map((level) => isBad({ ...NOTHING, level }))).toEqual([false, false, false, true, true]);
});
