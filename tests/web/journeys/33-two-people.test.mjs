// Two desks at one order: each sees that the other is there and works on it, in the list as on its page, and what one does
// changes the other's page by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClean, newPage, shoot, whenShown, withBrowser } from "../harness/browser.mjs";
import { UNIT, desk, dispatchTo, holdDispatch, openOrder, registerAtDesk, showsState } from "../harness/orders.mjs";
import { signedIn } from "../harness/people.mjs";

withBrowser();

/** Longest that a page may take to show what a colleague did. */
const SECONDS_MS = 15_000;

/** Longest from a command's answer to its change on another person's screen: a second by intent, more on a busy machine. */
const SHOWN_MS = 3_000;

const MATTER = { title: `建国路路灯昼夜常亮 ${Date.now().toString().slice(-6)}`, content: "建国路路灯白天也不熄灭，浪费电，请检修控制箱。" };

test("two desks at one order see each other and what the other does", async (t) => {
  const number = await registerAtDesk(await newPage(await signedIn("demo-agent")), MATTER);
  const supervisor = await desk("demo-supervisor", `/orders/${number}`);
  await showsState(supervisor, "待派");
  const leaving = await desk("demo-dispatcher", `/orders/${number}`);
  await soon(supervisor.getByRole("status").getByText("演示派单员 正在查看"));
  await soon(leaving.getByRole("status").getByText("演示督办员 正在查看"));
  await loadedOnce(supervisor);

  await leaving.getByRole("button", { name: /^派单/ }).click();
  await soon(supervisor.getByRole("status").getByText("演示派单员 正在办理"));
  await shoot(supervisor, "two-people");

  // The dispatcher has the order open in a second tab: when the first one goes, they are still there, and no longer write.
  const dispatcher = await newPage(leaving.context());
  await openOrder(dispatcher, number);
  await soon(dispatcher.getByRole("status").getByText("演示督办员 正在查看"));
  await leaving.goto("/desk/dispatch");
  await soon(supervisor.getByRole("status").getByText("演示派单员 正在查看"));

  // What was sent is taken back: nothing happened, and what was typed stands in the form again.
  await holdDispatch(dispatcher, UNIT);
  await dispatcher.getByRole("button", { name: /^撤销/ }).click();
  const again = dispatcher.getByRole("dialog");
  await again.getByText("已恢复上次未提交的内容").waitFor();
  assert.equal(await again.getByLabel("派单理由").inputValue(), "按职责派单。");
  await again.getByRole("button", { name: "取消" }).click();
  await showsState(supervisor, "待派");

  // Another person's page and another person's list show it soon after the command was answered.
  const list = await desk("demo-supervisor", "/dispatch?queue=handling");
  await list.locator(".dt-table[aria-busy=false]").waitFor();
  await soon(list.getByText("实时", { exact: true }));
  const measured = Promise.all([
    dispatcher.waitForResponse(/RoutingService\/DispatchOrder$/).then(() => Date.now()),
    whenShown(supervisor, ".page-head .tag", "办理中"),
    whenShown(list, ".dt-table tr", number),
  ]);
  const [[answered, onPage, inList]] = await Promise.all([measured, dispatchTo(dispatcher, UNIT)]);
  t.diagnostic(`after the command's answer: ${onPage - answered} ms on another's page, ${inList - answered} ms in another's list`);
  for (const at of [onPage, inList]) assert.ok(at - answered < SHOWN_MS, `${at - answered} ms`);
  await soon(list.getByRole("row").filter({ hasText: number }).getByRole("img", { name: /演示派单员/ }));
  await soon(supervisor.locator("article").filter({ hasText: UNIT }).getByText("待签收"));
  await soon(supervisor.getByRole("region", { name: "全部时限" }).getByText("答复", { exact: true }));
  await soon(supervisor.getByRole("region", { name: "办理过程" }).getByText(/派/).last());

  // Who did it stands there by name, and no account by its id.
  await soon(supervisor.getByRole("region", { name: "办理过程" }).getByText("演示派单员").last());
  await soon(supervisor.getByRole("region", { name: "基本信息" }).getByText(/演示话务员/));
  assert.doesNotMatch(await supervisor.locator("main").innerText(), /\bu-\d+\b/);

  // Whoever leaves by loading another page is soon no longer there.
  await dispatcher.goto("/desk/dispatch");
  await supervisor.getByText(/演示派单员 正在/).waitFor({ state: "detached", timeout: SECONDS_MS });
  assert.ok(await supervisor.evaluate(() => window.loadedOnce), "the page was loaded anew");
  for (const page of [supervisor, dispatcher, leaving, list]) assertClean(page);
});

test("the list stands by time left with one call for its clocks, shows who works on a row, and acts on all that match", async () => {
  const number = await registerAtDesk(await newPage(await signedIn("demo-agent")), { ...MATTER, title: `${MATTER.title}（二）` });
  const supervisor = await desk("demo-supervisor", "/");
  const asked = [];
  supervisor.on("request", (request) => asked.push(request.url().split("/").at(-1)));
  await supervisor.goto("/desk/dispatch");
  const row = (page) => page.getByRole("row").filter({ hasText: number });
  await soon(row(supervisor).locator(".clock"));
  await soon(supervisor.getByText(/共 \d+ 件/));
  assert.ok(asked.includes("ListDueClocks") && !asked.includes("ListClocks"), asked.join(" "));
  assert.ok(asked.filter((method) => method === "ListOpenClocks").length <= 5, asked.join(" "));

  // A clock says how it was reckoned when it is reached by key, and no longer.
  const [clock, why] = [row(supervisor).locator(".clock"), supervisor.getByRole("tooltip")];
  assert.equal(await why.count(), 0);
  await clock.focus();
  await soon(why.getByText(/时限 .+到期 \d{4}-\d{2}-\d{2}/));
  assert.equal(await clock.getAttribute("aria-describedby"), await why.getAttribute("id"));
  await clock.blur();
  await why.waitFor({ state: "hidden" });

  const dispatcher = await desk("demo-dispatcher", "/dispatch");
  await row(dispatcher).locator(".dt-main").first().click();
  await dispatcher.getByRole("dialog").waitFor();
  await soon(row(supervisor).getByRole("img", { name: "演示派单员" }));
  await dispatcher.getByRole("dialog").getByRole("button", { name: "取消" }).click();

  // All that match are claimed, with what became of them, and put back: single keys do it, and the palette finds them.
  await dispatcher.goto("/desk/dispatch?type=2");
  await row(dispatcher).locator(".dt-check input").check();
  await dispatcher.keyboard.press("c");
  await dispatcher.getByRole("button", { name: "立即执行" }).click();
  await soon(dispatcher.getByRole("status").getByText(/认领 1 件：1 件完成，0 件未成/));
  await row(dispatcher).waitFor({ state: "detached" });
  await dispatcher.goto("/desk/dispatch?queue=waiting&type=2");
  await row(dispatcher).locator(".dt-check input").check();
  await dispatcher.keyboard.press("Control+k");
  await dispatcher.getByRole("combobox", { name: /命令/ }).fill("批量放回");
  await dispatcher.keyboard.press("Enter");
  await dispatcher.getByRole("button", { name: "立即执行" }).click();
  await soon(dispatcher.getByRole("status").getByText(/放回 1 件：1 件完成，0 件未成/));

  await supervisor.goto("/desk/supervision?tab=due&owed=pre_review");
  await soon(row(supervisor).locator(".clock"));
  await shoot(supervisor, "what-is-due");
  for (const page of [supervisor, dispatcher]) assertClean(page);
});

/** Waits until it is there, no longer than a colleague would. */
const soon = (locator) => locator.waitFor({ timeout: SECONDS_MS });

/** Marks the page, so that it shows when it was loaded anew. */
const loadedOnce = (page) => page.evaluate(() => (window.loadedOnce = true));
