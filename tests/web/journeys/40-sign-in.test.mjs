// Coming in and going out: one-time links, passwords, repeated failures, sessions, what a role sees, the other language.
// The accounts are of this file alone, for it ends their sessions.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { NARROW, WIDE, assertAccessible, assertClean, base, newContext, newPage, withBrowser } from "../harness/browser.mjs";
import { newAccount, newPassword, openLink, session, signIn } from "../harness/people.mjs";

withBrowser();

test("a one-time link works once, and its session is a new one", async () => {
  const { username, path } = await newAccount("dispatcher");
  const context = await newContext();
  const page = await newPage(context, { expected: [/404/, /422/] });
  const password = newPassword();

  // Two passwords that differ, and one that holds the username, use nothing up.
  await page.goto(path);
  await page.getByText(username).waitFor();
  await page.getByLabel("新密码").fill(password);
  await page.getByLabel("再输入一次").fill(`${password}x`);
  await page.getByRole("button", { name: "设置并登录" }).click();
  await page.getByRole("alert").getByText("两次输入的密码不一致").waitFor();
  await assertAccessible(page, "a refused password");
  await openLink(page, path, `${username}-${randomUUID()}`);
  await page.getByRole("alert").getByText("密码不得包含用户名").waitFor();
  assert.equal(await session(context), undefined);

  await openLink(page, path, password);
  await page.waitForURL(/\/desk\/$/);
  const first = await session(context);
  assert.ok(first.httpOnly && first.sameSite === "Strict", "no script and no other site reads the session");

  // The link is used up, for the same person and for anybody else.
  for (const visitor of [page, await newPage(await newContext(), { expected: [/404/] })]) {
    const again = await visitor.goto(path);
    assert.equal(again.status(), 404);
    await visitor.getByText("链接已失效").waitFor();
    assert.equal(await visitor.locator("input[type=password]").count(), 0);
    assertClean(visitor);
  }

  // The password it set opens a session of its own name.
  const other = await newContext();
  const elsewhere = await newPage(other);
  await signIn(elsewhere, username, password);
  await elsewhere.waitForURL(/\/desk\/$/);
  assert.notEqual((await session(other)).value, first.value);
  assertClean(elsewhere);
});

test("a wrong password, an unknown user and an account that waits get one answer", async () => {
  const { username, path } = await newAccount("dispatcher");
  const owner = await newPage(await newContext());
  const password = newPassword();
  await openLink(owner, path, password);
  await owner.waitForURL(/\/desk\/$/);

  const context = await newContext();
  const page = await newPage(context, { expected: [/401/] });
  const answer = async (name, typed) => {
    await signIn(page, name, typed);
    await page.getByRole("alert").waitFor();
    return (await page.locator("main").innerText()).replace(/\s+/g, "");
  };
  const unknown = await answer(`nobody-${randomUUID().slice(0, 8)}`, password);
  assert.match(unknown, /用户名或密码不正确,或账号暂不可用/);
  assert.equal(await page.getByLabel("密码").inputValue(), "", "what was typed as a password does not come back");
  for (let failure = 1; failure <= FAILURES; failure += 1) {
    assert.equal(await answer(username, newPassword()), unknown, `failure ${failure}`);
  }
  // Now the right password waits, too, in the same words; whoever is inside stays inside.
  assert.equal(await answer(username, password), unknown);
  assert.equal(await session(context), undefined);
  await owner.goto("/account");
  await owner.getByRole("heading", { name: "登录中的会话" }).waitFor();
  assertClean(page);
  assertClean(owner);
});

test("signing in makes a new session, signing out ends it for every copy of its cookie", async () => {
  const { username, path } = await newAccount("dispatcher");
  const context = await newContext();
  const page = await newPage(context);
  const password = newPassword();
  await openLink(page, path, password);
  await page.waitForURL(/\/desk\/$/);
  const old = await session(context);

  // Over the session that there is: the new one takes its place, the old one opens nothing.
  const own = await context.request.get("/sign-in", { maxRedirects: 0 });
  assert.equal(own.headers().location, "/desk/", "who is signed in need not sign in");
  const planted = await newContext();
  await planted.addCookies([{ ...old, value: "planted-by-somebody-else-0123456789abcdef0" }]);
  const victim = await newPage(planted);
  await signIn(victim, username, password);
  await victim.waitForURL(/\/desk\/$/);
  assert.notEqual((await session(planted)).value, "planted-by-somebody-else-0123456789abcdef0", "a planted session is not taken up");

  await page.goto("/sign-out");
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.waitForURL(/\/sign-in/);
  assert.equal(await session(context), undefined);
  const thief = await newContext();
  await thief.addCookies([old]);
  const stolen = await newPage(thief);
  await stolen.goto("/desk/");
  await stolen.waitForURL(/\/sign-in\?next=/);
  await stolen.goto("/account");
  await stolen.waitForURL(/\/sign-in/);
  // Other sessions of the person go on.
  await victim.goto("/account");
  await victim.getByRole("heading", { name: "登录中的会话" }).waitFor();
  for (const one of [page, stolen, victim]) assertClean(one);
});

test("one's own account reads at both widths, and the desks' own button leaves by one press", async () => {
  const { path } = await newAccount("dispatcher");
  const context = await newContext();
  const page = await newPage(context);
  await openLink(page, path, newPassword());
  await page.getByRole("navigation", { name: "工作台导航" }).waitFor();
  const old = await session(context);
  await page.goto("/account");
  await readsAtBothWidths(page, "one's own account");
  await page.goto("/desk/");
  await page.getByRole("banner").getByRole("button", { name: /试用员/ }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.waitForURL(/\/sign-in/);
  await readsAtBothWidths(page, "sign-in");
  assert.equal(await session(context), undefined);
  const thief = await newContext();
  await thief.addCookies([old]);
  assert.equal((await thief.request.get("/account", { maxRedirects: 0 })).status(), 303);
  assertClean(page);
});

test("a unit's clerk sees the clerk's pages alone, and a foreign page by its address is closed", async () => {
  const { path } = await newAccount("unit_clerk", "--unit", "xz-urban-management");
  const page = await newPage(await newContext());
  await openLink(page, path, newPassword());
  const navigation = page.getByRole("navigation", { name: "工作台导航" });
  await navigation.getByRole("link", { name: "承办工作台" }).waitFor();
  assert.deepEqual((await navigation.getByRole("link").allInnerTexts()).map((text) => text.trim()), ["首页", "承办工作台"]);
  for (const foreign of ["/desk/accounts", "/desk/audit", "/desk/dispatch", "/desk/review"]) {
    await page.goto(foreign);
    await page.getByRole("heading", { name: "您的岗位没有此页面" }).waitFor();
    assert.equal(await page.locator("main table").count(), 0, foreign);
  }
  assertClean(page);
});

test("English chosen at sign-in is the desks' language, and what is chosen there is remembered", async () => {
  const { username, path } = await newAccount("dispatcher");
  const owner = await newPage(await newContext());
  const password = newPassword();
  await openLink(owner, path, password);
  await owner.waitForURL(/\/desk\/$/);

  const page = await newPage(await newContext());
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "English" }).click();
  await page.getByRole("heading", { name: "Staff sign-in" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await assertAccessible(page, "sign-in in English");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/desk\/$/);
  await page.getByRole("navigation", { name: "Desks" }).getByRole("link", { name: "Dispatch" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  const remembered = page.waitForResponse(/\/language\/zh/);
  await page.getByRole("banner").getByRole("button", { name: "中文" }).click();
  const chinese = page.getByRole("navigation", { name: "工作台导航" }).getByRole("link", { name: "派单台" });
  await chinese.waitFor();
  await remembered;
  await page.reload();
  await chinese.waitFor();
  await page.goto("/sign-out");
  await page.getByRole("heading", { name: "退出登录" }).waitFor();
  assert.equal(new URL(page.url()).origin, base());
  assertClean(page);
});

/** Looks at the open page wide and narrow. */
async function readsAtBothWidths(page, name) {
  for (const viewport of [NARROW, WIDE]) {
    await page.setViewportSize(viewport);
    await assertAccessible(page, name);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${name} scrolls sideways by ${over} px at ${viewport.width}`);
  }
}

/** Failures after which an account waits: four are free. */
const FAILURES = 5;
