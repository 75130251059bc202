// An enterprise's matter on its whole way: from the portal's form over intake, dispatch with both lanes, the unit, the
// review and the call-back to its end, every hand in a browser; the appellant follows it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { NARROW, WIDE, assertAccessible, assertClean, newContext, newPage, sent, shoot, withBrowser } from "../harness/browser.mjs";
import { UNIT, approveReply, desk, dispatchTo, handleAtUnit, openOrder, showsState } from "../harness/orders.mjs";
import { shots } from "../harness/places.mjs";
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

  // It waits on the agent's desk; its page opens beside the form.
  const intake = await desk("demo-agent", "/intake");
  const waiting = intake.getByRole("region", { name: "待受理" }).getByRole("link", { name: MATTER.title });
  await waiting.waitFor();
  const address = await waiting.getAttribute("href");
  assert.ok(address.endsWith(known.number), address);
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
  // The enterprise wants it in writing; the reply then carries the opinion.
  await agent.getByRole("button", { name: "登记书面意见需求" }).click();
  await agent.getByRole("dialog").getByLabel("内容").fill("企业来人领取。");
  await agent.getByRole("dialog").getByRole("button", { name: /^登记书面意见需求/ }).click();
  await sent(agent.getByRole("dialog"));
  for (const page of [portal, intake, agent, dispatcher]) assertClean(page);
});

test("the unit signs, speaks with the appellant and replies, on a telephone", async () => {
  assert.ok(known.number, "nothing was registered");
  const page = await desk("demo-unit-clerk", "/unit", { viewport: NARROW });
  const card = page.locator("article").filter({ hasText: known.number });
  await card.waitFor();
  await shoot(page, "unit-390");
  await handleAtUnit(page, known.number, REPLY, async () => {
    // How long it may still be given back or asked more time for stands on the buttons themselves.
    await card.getByRole("button", { name: known.number }).click();
    const sheet = page.getByRole("region", { name: MATTER.title });
    await sheet.getByRole("button", { name: /^退回.*还可退回 \d/ }).waitFor();
    await sheet.getByRole("button", { name: /^申请延期.*还可申请 \d/ }).waitFor();
    await sheet.getByRole("button", { name: "收起" }).click();
  });
  assertClean(page);
});

test("the reviewer approves, the call-back closes it, and the appellant has seen every step", async () => {
  assert.ok(known.number, "nothing was registered");
  const reviewer = await desk("demo-reviewer", "/review");
  await approveReply(reviewer, MATTER.title, REPLY);

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
  await page.setViewportSize(NARROW);
  await assertAccessible(page, "the order's page on a telephone");
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `the order's page scrolls sideways by ${over} px`);
  await page.setViewportSize(WIDE);
  await assertPrints(page, known.number);
  assertClean(page);

  // The written opinion is a sheet of A4, at the desk as for the appellant.
  const [paper] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link", { name: "书面办理意见" }).click()]);
  await paper.getByRole("heading", { name: "书面办理意见" }).waitFor();
  await paper.getByText(`${MATTER.enterprise.name}：`).waitFor();
  await paper.getByText("已办结。").waitFor();
  await paper.getByRole("button", { name: "打印" }).waitFor();
  await assertAccessible(paper, "the written opinion");
  await shoot(paper, "opinion");
  await paper.emulateMedia({ media: "print" });
  assert.equal(await paper.getByRole("button", { name: "打印" }).isVisible(), false);
  const pdf = (await paper.pdf({ preferCSSPageSize: true })).toString("latin1");
  assert.match(pdf, /MediaBox\s*\[\s*0 0 59[45][.\d]* 84[12][.\d]*\s*\]/);

  const portal = await newPage(await newContext());
  await track(portal, "/enterprise", known);
  await portal.getByText(REPLY).first().waitFor();
  const steps = portal.getByRole("list", { name: "办理进度" }).getByRole("listitem");
  assert.equal(await steps.filter({ hasText: "已完成" }).count(), 5);
  await portal.getByRole("link", { name: "打印书面办理意见" }).click();
  await portal.getByText("已办结。").waitFor();
  assertClean(portal);
});

/** The page on paper: A4, with its number at the head and the reasons that are open, without what only a screen needs. */
async function assertPrints(page, number) {
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".print-head").getByText(number).isVisible());
  for (const gone of ["navigation", "banner"]) assert.equal(await page.getByRole(gone).first().isVisible(), false, gone);
  assert.equal(await page.getByRole("button", { name: "打印" }).isVisible(), false);
  const reasons = page.getByRole("region", { name: "全部时限" }).locator("details");
  assert.ok(await reasons.and(page.locator("[open]")).locator("p").first().isVisible(), "a reason that is open is printed");
  assert.equal(await reasons.and(page.locator(":not([open])")).first().isVisible(), false, "and no other takes room");
  const paper = (await page.pdf({ preferCSSPageSize: true, path: join(shots, "order.pdf") })).toString("latin1");
  const sheets = [...paper.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g)].map(([, width, height]) => [Math.round(width), Math.round(height)]);
  assert.ok(sheets.length > 0 && sheets.length <= SHEETS_MAX, `${sheets.length} sheets`);
  for (const sheet of sheets) assert.deepEqual(sheet, A4_POINTS);
  await page.emulateMedia({ media: null });
}

/** Width and height of A4 in points. */
const A4_POINTS = [595, 842];

/** A whole order with every clock fits on so many sheets. */
const SHEETS_MAX = 5;
