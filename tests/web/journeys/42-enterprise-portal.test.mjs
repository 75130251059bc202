// An enterprise reports, is told what is wrong with its code, follows both lanes once its order is sent out, and rates
// the answer.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { NARROW, assertAccessible, assertClean, newContext, newPage, withBrowser } from "../harness/browser.mjs";
import { approveReply, handleAtUnit, showsState } from "../harness/orders.mjs";
import { signedIn } from "../harness/people.mjs";
import { answerUntil, finish, next } from "../harness/portal.mjs";

withBrowser();

/** A code whose check character fits, and one whose does not. */
const CODE = "91350100M000100Y43";
const WRONG_CODE = "91350100M000100Y44";

const matter = () => ({
  kind: "求助",
  title: `园区变压器容量不足影响投产 ${randomInt(1e6)}`,
  content: "新生产线等待增容,供电窗口未答复时限。请协调明确时间。",
  enterprise: { name: "徐州示例装备制造有限公司", code: CODE },
  telephone: `138${String(randomInt(1e8)).padStart(8, "0")}`,
});

test("a code whose check character does not fit is refused at its field, and what was typed stays", async () => {
  const page = await newPage(await newContext(), { expected: [/422/] });
  const told = matter();
  await page.goto("/enterprise/report");
  await next(page);
  await answerUntil(page, told, /\/enterprise$/);
  await page.getByLabel("企业名称").fill(told.enterprise.name);
  await page.getByLabel("统一社会信用代码").fill(WRONG_CODE);
  await page.locator("input[type=radio]").first().check();
  await next(page);
  await page.getByRole("alert").getByText(/校验位/).first().waitFor();
  const field = page.getByLabel("统一社会信用代码");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = (await field.getAttribute("aria-describedby")).split(" ");
  assert.match(await page.locator(`#${described.at(-1)}`).innerText(), /校验位/, "the words are tied to the field");
  assert.equal(await field.inputValue(), WRONG_CODE);
  assert.equal(await page.getByLabel("企业名称").inputValue(), told.enterprise.name);
  await assertAccessible(page, "a refused code");

  // Put right, it goes through to the receipt.
  const { number } = await finish(page, told);
  assert.match(number, /^\d{21}$/);
  assertClean(page);
});

test("an enterprise sees the department's lane and the platform's once its order is sent out, and rates the answer", async () => {
  const owner = await newPage(await newContext());
  const told = matter();
  await owner.goto("/enterprise/report");
  await next(owner);
  const { number, code } = await finish(owner, told);

  // At another machine, by number and code; nothing has been sent out yet.
  const page = await newPage(await newContext());
  await track(page, "/enterprise", number, code);
  await page.getByRole("heading", { name: told.title }).waitFor();
  const lanes = page.getByRole("region", { name: "一单双送" });
  assert.equal(await lanes.count(), 0);

  const desk = await newPage(await signedIn("demo-enterprise-desk"));
  await desk.goto(`/desk/orders/${number}`);
  await desk.getByRole("button", { name: /^受理/ }).click();

  const dispatcher = await newPage(await signedIn("demo-dispatcher"));
  await dispatcher.goto(`/desk/orders/${number}`);
  const send = dispatcher.getByRole("main").getByRole("button", { name: /^派单/ });
  await send.click();
  const drawer = dispatcher.getByRole("dialog");
  await drawer.getByText("⇉").waitFor();
  await drawer.getByRole("combobox", { name: /首接/ }).fill("城市管理");
  await dispatcher.keyboard.press("Enter");
  await drawer.getByRole("textbox", { name: /依据|理由/ }).first().fill("依职责由城市管理部门协调");
  await drawer.getByRole("button", { name: /^派单/ }).click();
  await dispatcher.getByRole("button", { name: /立即执行/ }).click();
  await send.waitFor({ state: "detached" });

  await reloadedUntil(page, lanes.getByText("平台收到"));
  await lanes.getByRole("heading", { name: "承办部门" }).waitFor();
  await lanes.getByText("已派送").waitFor();
  await lanes.getByRole("heading", { name: "企业服务平台" }).waitFor();
  await lanes.getByText("正在跟踪").waitFor();
  await assertAccessible(page, "both lanes");

  // The same matter stands at the enterprise desk.
  await desk.goto("/desk/enterprise");
  await desk.getByText(told.title).first().waitFor();

  // Its unit answers, the reviewer approves, and the enterprise itself says how it was: no call is needed, and it is closed.
  const clerk = await newPage(await signedIn("demo-unit-clerk", { viewport: NARROW }));
  await clerk.goto("/desk/unit");
  await handleAtUnit(clerk, number, REPLY);
  const reviewer = await newPage(await signedIn("demo-reviewer"));
  await reviewer.goto("/desk/review");
  await approveReply(reviewer, told.title, REPLY);
  const rate = page.getByRole("link", { name: "评价办理结果" });
  await reloadedUntil(page, rate);
  await rate.click();
  await page.getByText(REPLY).first().waitFor();
  const answer = (question, words) => page.getByRole("group", { name: question }).getByRole("radio", { name: words, exact: true }).check();
  await answer(/满意吗/, "非常满意");
  await answer(/问题解决了吗/, "是");
  await answer(/与您联系过吗/, "是");
  await assertAccessible(page, "the rating");
  await page.getByRole("button", { name: "提交评价" }).click();
  await page.getByText("感谢您的评价").first().waitFor();
  await desk.goto(`/desk/orders/${number}`);
  await showsState(desk, "已结案");
  for (const one of [owner, page, desk, dispatcher, clerk, reviewer]) assertClean(one);
});

const REPLY = "已与供电公司核定增容方案，三日内完成装表送电。";

async function track(page, base, number, code) {
  await page.goto(`${base}/track`);
  await page.getByLabel("诉求编号").fill(number);
  await page.getByLabel("查询码").fill(code);
  await page.getByRole("button", { name: "查询" }).click();
}

/** Looks again until it is there: the page has no script that would. */
async function reloadedUntil(page, wanted) {
  const deadline = Date.now() + 20_000;
  while (!(await wanted.isVisible())) {
    assert.ok(Date.now() < deadline, "not in 20 s");
    await page.reload();
  }
}
