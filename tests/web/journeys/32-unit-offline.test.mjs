// A clerk on a telephone loses the network: the work goes on, waits in the browser, and is sent when the network is back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, assertClean, newPage, shoot, withBrowser } from "../harness/browser.mjs";
import { UNIT, desk, dispatchTo, registerAtDesk, showsState } from "../harness/orders.mjs";
import { signedIn } from "../harness/people.mjs";

withBrowser();

const MATTER = { title: `解放路路灯不亮 ${Date.now().toString().slice(-6)}`, content: "解放路东段路灯不亮已有三天，晚上行走不便。" };

/** An order that waits for the unit's sign; its number. */
async function sentToTheUnit() {
  const number = await registerAtDesk(await newPage(await signedIn("demo-agent")), MATTER);
  const dispatcher = await desk("demo-dispatcher", `/orders/${number}`);
  await dispatchTo(dispatcher, UNIT);
  await showsState(dispatcher, "办理中");
  return number;
}

test("what a clerk signs without a network is sent once it is back", async () => {
  const number = await sentToTheUnit();
  const context = await signedIn("demo-unit-clerk", { viewport: NARROW });
  const page = await newPage(context, { expected: [/ERR_INTERNET_DISCONNECTED/] });
  await page.goto("/desk/unit");
  const card = page.locator("article").filter({ hasText: number });
  await card.waitFor();

  await context.setOffline(true);
  await card.getByRole("button", { name: "签收" }).click();
  await card.getByText("已提交，待网络恢复").waitFor();
  const outbox = page.getByRole("status", { name: "待提交" });
  await outbox.getByText("1 条待提交").waitFor();
  await outbox.getByText(/当前没有网络/).waitFor();
  await outbox.getByText(`签收 ${number}`).waitFor();
  await shoot(page, "unit-offline-390");

  // Nobody else sees it signed before it is sent.
  const dispatcher = await desk("demo-dispatcher", `/orders/${number}`);
  const leg = dispatcher.locator("article").filter({ hasText: UNIT });
  await leg.getByText("待签收").waitFor();

  await context.setOffline(false);
  await outbox.waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^办理中/ }).click();
  await card.getByRole("button", { name: "登记联系" }).waitFor();
  await leg.getByText("✓ 签收").waitFor();
  assert.equal(await leg.getByText("待签收").count(), 0);
  assertClean(page);
  assertClean(dispatcher);
});
