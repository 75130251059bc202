import { create } from "@bufbuild/protobuf";
import { AppealType, Desk } from "@gen/hotline/common/v1/common_pb";
import { GetIntakeGuideResponseSchema, TransferWay } from "@gen/hotline/intake/v1/intake_pb";
import { MemberUnitSchema } from "@gen/hotline/routing/v1/routing_pb";
import { say } from "@shared/i18n/i18n";
import { needles, score } from "@shared/words/match";
import { expect, test } from "vitest";
import { entriesOf, search, type Telling } from "./entries";
import { words } from "./words";

const telling: Telling = { t: (key, params) => say(words, "zh", key, params), language: "zh", category: (code) => code, division: (code) => code };
const guide = create(GetIntakeGuideResponseSchema, {
  rejects: [{ code: "court", name: "已进入法定程序", words: "您好，热线不能代替。", go: "请向正在办理的机关查询", article: "10(2)" }, { code: "danger", name: "紧急救助", handOver: true }],
  redirects: [{ number: "119", name: "消防救援", useFor: "火灾、被困", ways: [TransferWay.ONE_KEY_TRANSFER], article: "operator" }],
  limits: [
    { obligation: "answer", types: [AppealType.CONSULT], desks: [Desk.ENTERPRISE], within: "1 working day", article: "12(3)" },
    { obligation: "answer", within: "5 working days", article: "12(3)" },
    { obligation: "callback", within: "3 working days", article: "12(5)" },
  ],
});
const units = [create(MemberUnitSchema, { unitId: "a", name: "市水务局", offHours: "on_call" }), create(MemberUnitSchema, { unitId: "b", name: "市城市管理局", offHours: "always", telephone: "0516-83731234" })];
const all = entriesOf(guide, units, telling);
const entry = (key: string) => all.find((one) => one.key === key);

test("a clause is said with the way out, and what must be handed over is not refused", () => {
  expect(entry("reject.court")).toMatchObject({ said: "您好，热线不能代替。\n请向正在办理的机关查询", article: "10(2)", act: { kind: "reject", preset: "court" } });
  expect(entry("reject.danger")?.act).toBeUndefined();
  expect(entry("redirect.119")?.act).toEqual({ kind: "transfer", preset: "119" });
});

test("a limit says for what it holds: the last of several for all others, a single one for everything", () => {
  expect(all.filter(({ section }) => section === "limits").map(({ title }) => title)).toEqual(["咨询 · 企服平台：答复 1 个工作日", "其他事项：答复 5 个工作日", "各类事项：回访 3 个工作日"]);
});

test("a unit without a telephone has nothing to copy and says so", () => {
  expect(entry("unit.a")?.said).toBe("");
  expect(entry("unit.a")?.lines[0]?.text).toMatch(/未登记值班电话/);
  expect(entry("unit.b")?.said).toBe("市城市管理局：0516-83731234");
});

test("what is found by pinyin stands before what has the words in its text; nothing is invented", async () => {
  const prepared = await needles(all.map(({ title }) => title));
  const rank = (query: string) =>
    prepared
      .map((needle, at) => [score(query, needle), at] as const)
      .filter(([points]) => points > 0)
      .sort((a, b) => b[0] - a[0])
      .map(([, at]) => at);
  const found = (query: string) => search(all, query, rank(query)).map(({ key }) => key);
  expect(found("xf")[0]).toBe("redirect.119");
  expect(found("swj")).toEqual(["unit.a"]);
  expect(found("被困")).toEqual(["redirect.119"]);
  expect(found("83731234")).toEqual(["unit.b"]);
  expect(found("没有的词")).toEqual([]);
});
