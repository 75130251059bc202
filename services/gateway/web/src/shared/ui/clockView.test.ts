import { expect, test } from "vitest";
import { type ClockFace, clockView, limitWords } from "./clockView";

const H = 3_600_000;
const face = (more: Partial<ClockFace> = {}): ClockFace => ({ name: "签收", standing: "running", startedAt: 0, dueAt: 10 * H, ...more });
const shown = (one: ClockFace, now: number) => {
  const { mark, word, span, tone } = clockView(one, now, "zh");
  return `${mark} ${word}${span} ${tone}`;
};

test.each([
  [face(), H, "● 剩9时0分 good"],
  [face(), 8 * H, "◆ 临期2时0分 warn"],
  [face(), 10 * H + 41 * 60_000, "▲ 已超41分0秒 bad"],
  [face({ standing: "breached" }), 11 * H, "▲ 已超1时0分 bad"],
  [face({ standing: "met", stoppedAt: 10 * H - 12_000_000 }), 99 * H, "✓ 提前3时20分 good"],
  [face({ standing: "late", stoppedAt: 10 * H + 41 * 60_000 }), 99 * H, "✓ 超41分0秒 bad"],
  [face({ standing: "paused" }), H, "❚❚ 暂停9时0分 calm"],
  [face({ standing: "cancelled" }), H, "– 已免除 calm"],
])("%o at %d", (one, now, text) => {
  expect(shown(one, now)).toBe(text);
});

test("a running clock past its due time is late before the server says so", () => {
  expect(clockView(face(), 10 * H + 1, "zh").mark).toBe("▲");
});

test("the sentence changes by the minute, not by the second", () => {
  const one = clockView(face(), H + 1000, "zh");
  expect(one.sentence).toBe(clockView(face(), H + 59_000, "zh").sentence);
  expect(one.sentence).toBe("签收时限剩8时59分");
});

test("limits in Chinese", () => {
  expect(limitWords("3 working days", "zh")).toBe("3 个工作日");
  expect(limitWords("1 working hour", "zh")).toBe("1 个工作小时");
  expect(limitWords("15 natural days", "zh")).toBe("15 日");
  expect(limitWords("3 working days", "en")).toBe("3 working days");
  expect(limitWords("noon", "zh")).toBe("noon");
});
