import { expect, test } from "vitest";
import { diff } from "./diff";

const drawn = (before: string, after: string) =>
  diff(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : kind === "gone" ? `[-${text}]` : `[+${text}]`))
    .join("");

test("Chinese is compared by character, words and numbers whole", () => {
  expect(drawn("已安排人员处理。", "已于22日安排2名人员处理完毕。")).toBe("已[+于22日]安排[+2名]人员处理[+完毕]。");
  expect(drawn("分机 8012", "分机 8013")).toBe("分机 [-8012][+8013]");
});

test("the pieces give both texts again", () => {
  const [before, after] = ["甲乙丙丁戊己 abc 12", "甲丙x丁己庚 abd 12"];
  const pieces = diff(before, after);
  expect(pieces.filter(({ kind }) => kind !== "added").map(({ text }) => text).join("")).toBe(before);
  expect(pieces.filter(({ kind }) => kind !== "gone").map(({ text }) => text).join("")).toBe(after);
});

test("nothing, all and too much", () => {
  expect(diff("", "")).toEqual([]);
  expect(diff("甲", "甲")).toEqual([{ kind: "same", text: "甲" }]);
  expect(diff("", "甲")).toEqual([{ kind: "added", text: "甲" }]);
  const long = "甲".repeat(3500);
  expect(diff(long, "乙".repeat(3500))).toHaveLength(2);
});
