// What ends without warning: a session that is ended at another machine, and the line to the services. The desk says so,
// leads back, and nothing that was written or has happened meanwhile is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClean, newContext, newPage, shoot, withBrowser } from "../harness/browser.mjs";
import { openLine } from "../harness/line.mjs";
import { openOrder, registerAtDesk, showsState } from "../harness/orders.mjs";
import { newAccount, newPassword, openLink, signIn, signedIn } from "../harness/people.mjs";

withBrowser();

const TITLE = `泰山路井盖松动 ${Date.now().toString().slice(-6)}`;

test("a session ended elsewhere: the desk says so, leads to sign-in, and the draft is there again", async () => {
  const [{ username, path }, password] = [await newAccount("agent"), newPassword()];
  const page = await newPage(await newContext(), { expected: [/401/] });
  await openLink(page, path, password);
  await page.waitForURL(/\/desk\//);
  await page.goto("/desk/intake");
  await page.getByLabel("标题").fill(TITLE);
  await page.getByText("实时", { exact: true }).waitFor();

  const elsewhere = await newPage(await newContext());
  await signIn(elsewhere, username, password);
  await elsewhere.waitForURL(/\/desk\//);
  await elsewhere.goto("/account");
  await elsewhere.getByRole("button", { name: "结束其他全部会话" }).click();
  await elsewhere.waitForURL(/\/account/);

  const over = page.getByRole("dialog", { name: "登录已失效" });
  await over.waitFor();
  await shoot(page, "signed-out");
  await over.getByRole("button", { name: "重新登录" }).click();
  await page.waitForURL(/\/sign-in\?next=/);
  await page.getByLabel("用户名").fill(username);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForURL(/\/desk\/intake$/);
  await page.getByText("已恢复未提交的草稿").waitFor();
  assert.equal(await page.getByLabel("标题").inputValue(), TITLE);
  assertClean(page);
  assertClean(elsewhere);
});

test("a line that is cut is told, and what happened meanwhile shows once it is back", async () => {
  const line = await openLine();
  try {
    const agent = await newPage(await signedIn("demo-agent"));
    const number = await registerAtDesk(agent, { title: TITLE, content: "泰山路中段井盖松动，车辆经过声音很大。" });
    const context = await signedIn("demo-dispatcher", { baseURL: line.origin });
    const page = await newPage(context, { expected: [/net::ERR_/], origin: line.origin });
    await openOrder(page, number);
    await showsState(page, "待派");
    await page.getByText("实时", { exact: true }).waitFor();

    line.cut();
    await page.getByText("连接中断，正在重连").waitFor();
    await shoot(page, "line-down");
    await openOrder(agent, number);
    await agent.getByRole("button", { name: /^催办/ }).click();
    await agent.getByRole("dialog").getByRole("button", { name: /^催办/ }).click();
    await agent.getByText("催办 1 次").waitFor();
    assert.equal(await page.getByText("催办 1 次").count(), 0);

    line.mend();
    await page.getByRole("button", { name: "立即重连" }).click();
    await page.getByText("实时", { exact: true }).waitFor();
    await page.getByText("催办 1 次").waitFor();
    assertClean(agent);
    assertClean(page);
    await context.close();
  } finally {
    line.close();
  }
});
