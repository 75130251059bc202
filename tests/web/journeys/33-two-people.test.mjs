// Two desks at one order: each sees that the other is there and works on it, and what one does changes the other's page
// by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClean, newPage, shoot, withBrowser } from "../harness/browser.mjs";
import { UNIT, desk, dispatchTo, registerAtDesk, showsState } from "../harness/orders.mjs";
import { signedIn } from "../harness/people.mjs";

withBrowser();

/** Longest that a page may take to show what a colleague did. */
const SECONDS_MS = 15_000;

/** Longest until somebody who said no good-bye is gone: twice the half minute after which they are forgotten. */
const FORGOTTEN_MS = 60_000;

const MATTER = { title: `建国路路灯昼夜常亮 ${Date.now().toString().slice(-6)}`, content: "建国路路灯白天也不熄灭，浪费电，请检修控制箱。" };

test("two desks at one order see each other and what the other does", async () => {
  const number = await registerAtDesk(await newPage(await signedIn("demo-agent")), MATTER);
  const supervisor = await desk("demo-supervisor", `/orders/${number}`);
  await showsState(supervisor, "待派");
  const dispatcher = await desk("demo-dispatcher", `/orders/${number}`);
  await soon(supervisor.getByRole("status").getByText("演示派单员 正在查看"));
  await soon(dispatcher.getByRole("status").getByText("演示督办员 正在查看"));
  await loadedOnce(supervisor);

  await dispatcher.getByRole("button", { name: /^派单/ }).click();
  await soon(supervisor.getByRole("status").getByText("演示派单员 正在办理"));
  await shoot(supervisor, "two-people");
  await dispatcher.getByRole("dialog").getByRole("button", { name: "取消" }).click();
  await soon(supervisor.getByRole("status").getByText("演示派单员 正在查看"));

  await dispatchTo(dispatcher, UNIT);
  await soon(supervisor.locator(".page-head").getByText("办理中", { exact: true }));
  await soon(supervisor.locator("article").filter({ hasText: UNIT }).getByText("待签收"));
  await soon(supervisor.getByRole("region", { name: "全部时限" }).getByText("答复", { exact: true }));
  await soon(supervisor.getByRole("region", { name: "办理过程" }).getByText(/派/).last());

  // Whoever leaves by loading another page is forgotten after half a minute.
  await dispatcher.goto("/desk/dispatch");
  await supervisor.getByText(/演示派单员 正在/).waitFor({ state: "detached", timeout: FORGOTTEN_MS });
  assert.ok(await supervisor.evaluate(() => window.loadedOnce), "the page was loaded anew");
  for (const page of [supervisor, dispatcher]) assertClean(page);
});

/** Waits until it is there, no longer than a colleague would. */
const soon = (locator) => locator.waitFor({ timeout: SECONDS_MS });

/** Marks the page, so that it shows when it was loaded anew. */
const loadedOnce = (page) => page.evaluate(() => (window.loadedOnce = true));
