// An enterprise's matter on its whole way: from the portal's form over intake, dispatch with both lanes, the unit, the
// review and the call-back to its end, every hand in a browser; the appellant follows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, assertAccessible, assertClean, newContext, newPage, shoot, withBrowser } from "../harness/browser.mjs";
import { UNIT, desk, dispatchTo, fillReply, openOrder, sendNow, showsState } from "../harness/orders.mjs";
import { report, track } from "../harness/portal.mjs";

withBrowser();

const STAMP = Date.now().toString().slice(-6);
const MATTER = {
  kind: "求助",
  title: `厂区门前路灯连片不亮 ${STAMP}`,
  content: "厂区门前三百米路灯全部不亮，夜班职工出行不便，请协调尽快检修。",
  telephone: `139${Date.now().toString().slice(-8)}`,
  enterprise: { name: "徐州淮海机械有限公司", code: "91320300MA1NHLD10G" },
};
const REPLY = "现场更换电缆一段、灯头十二只，路灯已全部恢复照明。";

/** What the steps hand on to one another. */
const known = { number: "", code: "" };

test("an enterprise reports, the desk accepts, the dispatcher sends it on both lanes", async () => {
  const portal = await newPage(await newContext());
  Object.assign(known, await report(portal, "/enterprise", MATTER));

  const agent = await desk("demo-agent", `/orders/${known.number}`);
  await showsState(agent, "待处置");
  await agent.getByRole("button", { name: /^受理/ }).click();
  await showsState(agent, "待派");

  const dispatcher = await desk("demo-dispatcher", "/dispatch");
  const row = dispatcher.getByRole("row").filter({ hasText: known.number });
  await row.waitFor();
  await shoot(dispatcher, "dispatch");
  await openOrder(dispatcher, known.number);
  await dispatchTo(dispatcher, UNIT);
  await showsState(dispatcher, "办理中");
  const lanes = dispatcher.getByRole("region", { name: "一单双送" });
  await lanes.locator("article").filter({ hasText: UNIT }).getByText("待签收").waitFor();
  await lanes.locator("article").filter({ has: dispatcher.getByText("企服平台", { exact: true }) }).getByText(/✓ 接收确认/).waitFor();
  for (const page of [portal, agent, dispatcher]) assertClean(page);
});

test("the unit signs, speaks with the appellant and replies, on a telephone", async () => {
  assert.ok(known.number, "nothing was registered");
  const page = await desk("demo-unit-clerk", "/unit", { viewport: NARROW });
  const card = page.locator("article").filter({ hasText: known.number });
  await card.waitFor();
  await shoot(page, "unit-390");
  await card.getByRole("button", { name: "签收" }).click();
  await page.getByRole("button", { name: /^办理中/ }).click();
  await card.getByRole("button", { name: "登记联系" }).click();
  await page.getByLabel("沟通情况").fill("已电话联系，约定今晚到场检修。");
  await page.getByRole("button", { name: /^提交/ }).click();
  await card.getByRole("button", { name: "办结答复" }).click();
  await fillReply(page, REPLY);
  await page.getByRole("button", { name: /^提交/ }).click();
  await page.getByRole("status").filter({ hasText: `已提交：办结答复 ${known.number}` }).waitFor();
  await card.waitFor({ state: "detached" });
  assertClean(page);
});

test("the reviewer approves, the call-back closes it, and the appellant has seen every step", async () => {
  assert.ok(known.number, "nothing was registered");
  const reviewer = await desk("demo-reviewer", "/review");
  await reviewer.getByRole("list", { name: "待审核" }).getByRole("button", { name: MATTER.title }).click();
  await reviewer.locator("article").getByText(REPLY).waitFor();
  await reviewer.getByRole("button", { name: /^通过/ }).click();
  await sendNow(reviewer);

  const caller = await desk("demo-callback-agent", "/callbacks");
  await caller.getByRole("list", { name: "回访队列" }).getByRole("button", { name: known.number }).click();
  await caller.getByText(REPLY).waitFor();
  await caller.getByRole("button", { name: "领取并回访" }).click();
  for (const question of ["承办单位是否与您联系过？", "单位答复的情况是否属实？", "您反映的问题是否已经解决？"]) {
    await caller.getByRole("radiogroup", { name: question }).getByRole("radio", { name: "是" }).check();
  }
  await caller.getByRole("radio", { name: /^非常满意/ }).click();
  await caller.getByRole("button", { name: /^提交回访结果/ }).click();
  await caller.getByRole("list", { name: "回访队列" }).getByRole("button", { name: known.number }).waitFor({ state: "detached" });
  for (const page of [reviewer, caller]) assertClean(page);
});

test("the order's page shows both lanes and every clock with its reason; the appellant reads the answer", async () => {
  assert.ok(known.number, "nothing was registered");
  const page = await desk("demo-supervisor", `/orders/${known.number}`);
  await showsState(page, "已结案");
  const lanes = page.getByRole("region", { name: "一单双送" });
  for (const step of ["派送", "签收", "联系", "答复"]) await lanes.locator("article").filter({ hasText: UNIT }).getByText(`✓ ${step}`).waitFor();
  await lanes.getByText("✓ 接收确认").waitFor();
  const clocks = page.getByRole("region", { name: "全部时限" });
  for (const name of ["签收", "联系", "答复"]) await clocks.getByText(name, { exact: true }).first().waitFor();
  const reasons = clocks.getByText("为什么是这个时限");
  assert.equal(await reasons.count(), await clocks.getByRole("listitem").count());
  await reasons.first().click();
  for (const text of await clocks.locator("details p").allTextContents()) assert.match(text, /依据.+\d{4}-\d{2}-\d{2}/s);
  await assertAccessible(page, "the order's page");
  await shoot(page, "order");
  assertClean(page);

  const portal = await newPage(await newContext());
  await track(portal, "/enterprise", known);
  await portal.getByText(REPLY).first().waitFor();
  const steps = portal.getByRole("list", { name: "办理进度" }).getByRole("listitem");
  assert.equal(await steps.filter({ hasText: "已完成" }).count(), 5);
  assertClean(portal);
});
