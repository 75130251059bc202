// Coming in through the city's identity provider, a real one: to one's own desk, refused as a stranger, refused with what
// was used before or tampered with, refused clearly while it is away, and out again at both places.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { assertAccessible, assertClean, base, newContext, newPage, withBrowser } from "../harness/browser.mjs";
import { newAccount, session } from "../harness/people.mjs";
import { hotline } from "../harness/platform.mjs";
import { issuer, startProvider } from "../harness/provider.mjs";

withBrowser();

const CALLBACK = "/sign-in/oidc/callback";
const skip = issuer ? false : "the platform was started without an identity provider";

/** The provider's people: its own name of each, and the username it tells. */
const people = new Map();
let provider;
after(() => provider?.stop());

test("while the provider is away, the page says so and a password still opens the door", { skip }, async () => {
  const page = await newPage(await newContext(), { expected: [/502/] });
  await page.goto("/sign-in");
  await throughProvider(page).click();
  await page.getByRole("alert").getByText("统一身份认证暂不可用").waitFor();
  await assertAccessible(page, "a provider that is away");
  await page.getByRole("link", { name: "返回登录" }).click();
  await page.getByLabel("密码").waitFor();
  assertClean(page);
  provider = await startProvider(people);
});

test("a clerk comes in at the clerk's desk, and leaves here and there", { skip }, async () => {
  const { username } = await newAccount("unit_clerk", "--unit", "xz-urban-management");
  const subject = known(username);
  const context = await newContext();
  const page = await providedPage(context);
  await page.goto("/desk/unit?tab=replied");
  await throughProvider(page).click();
  await say(page, subject);
  await page.waitForURL(/\/desk\/unit\?tab=replied$/);
  const navigation = page.getByRole("navigation", { name: "工作台导航" });
  await navigation.getByRole("link", { name: "承办工作台" }).waitFor();
  assert.deepEqual((await navigation.getByRole("link").allInnerTexts()).map((text) => text.trim()), ["首页", "承办工作台"]);
  await page.getByRole("banner").getByRole("button", { name: /试用员/ }).click();
  await page.getByText("市城市管理局").first().waitFor();
  assert.ok((await session(context)).httpOnly);

  // Out: the session here ends, and the provider asks whether to end its own; then it asks anew who comes.
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("button", { name: "退出统一身份认证" }).click();
  await page.waitForURL(`${base()}/sign-in`);
  assert.equal(await session(context), undefined);
  await throughProvider(page).click();
  await page.getByRole("heading", { name: "统一身份认证" }).waitFor();
  assertClean(page);

  // The username, given to somebody else at the provider later, does not open the account.
  const heir = await providedPage(await newContext(), [/403/]);
  await heir.goto("/sign-in");
  await throughProvider(heir).click();
  await say(heir, known(username));
  await heir.getByRole("alert").getByText("没有与您对应的账号").waitFor();
  assert.equal(await session(heir.context()), undefined);
  assertClean(heir);
});

test("a person unknown here, and one whose account is locked, are refused with a clear page", { skip }, async () => {
  const { username } = await newAccount("dispatcher");
  await hotline("account", "lock", username, "--reason", "离岗");
  for (const name of [`nobody-${randomUUID().slice(0, 8)}`, username]) {
    const page = await providedPage(await newContext(), [/403/]);
    await page.goto("/sign-in");
    await throughProvider(page).click();
    await say(page, known(name));
    await page.getByRole("heading", { name: "没有与您对应的账号" }).waitFor();
    await page.getByRole("alert").getByText("请联系安全管理员").waitFor();
    await assertAccessible(page, "a stranger");
    assert.equal(await session(page.context()), undefined);
    await page.goto("/desk/");
    await page.waitForURL(/\/sign-in/);
    assertClean(page);
  }
});

test("what was used, tampered with or begun elsewhere signs nobody in", { skip }, async () => {
  const { username } = await newAccount("dispatcher");
  const subject = known(username);
  const context = await newContext();
  const page = await providedPage(context, [/403/]);
  const refused = async (address, what) => {
    const answer = await page.goto(address);
    assert.equal(answer.status(), 403, what);
    await page.getByRole("alert").getByText("统一身份认证未完成").waitFor();
    assert.equal(await session(context), undefined, what);
  };

  // Somebody signs in; then everything of it is tried again.
  const first = await begin(context);
  const flow = await flowOf(context);
  const callback = await vouchedAt(context, first, subject);
  const code = new URL(callback).searchParams.get("code");
  await page.goto(callback);
  await page.waitForURL(/\/desk\/$/);
  await context.clearCookies({ name: "hotline_session" });
  await page.goto(callback);
  await page.waitForURL(`${base()}/sign-in`);
  assert.equal(await session(context), undefined, "a callback without its way");
  await context.addCookies([flow]);
  await refused(callback, "a way and a state that were used");

  const back = (query) => `${CALLBACK}?${new URLSearchParams(query)}`;
  const again = await begin(context);
  await refused(back({ code, state: again.searchParams.get("state"), iss: issuer }), "a code that was used");
  await begin(context);
  await refused(back({ code: "x", state: "another" }), "a wrong state");
  const other = await begin(context);
  await refused(back({ code: "x", state: other.searchParams.get("state"), iss: "https://id.example.com" }), "another issuer");
  const cancelled = await begin(context);
  await refused(back({ error: "access_denied", state: cancelled.searchParams.get("state"), iss: issuer }), "given up there");

  const bent = await begin(context);
  bent.searchParams.set("nonce", "of-another-sign-in");
  await refused(await vouchedAt(context, bent, subject), "a token for another nonce");

  // Nothing of it kept the person out.
  await page.goto(await vouchedAt(context, await begin(context), subject));
  await page.waitForURL(/\/desk\/$/);
  assertClean(page);

  // The provider goes away between the code and the token.
  const late = await newContext();
  const waiting = await providedPage(late, [/502/]);
  const last = await vouchedAt(late, await begin(late), subject);
  await provider.stop();
  assert.equal((await waiting.goto(last)).status(), 502);
  await waiting.getByRole("alert").getByText("统一身份认证暂不可用").waitFor();
  assert.equal(await session(late), undefined);
  assertClean(waiting);
});

test("an address that sets out for the provider too often is told to wait", { skip }, async () => {
  const { request } = await newContext();
  let answer;
  for (let asked = 0; asked < 150 && answer?.status() !== 429; asked += 1) {
    answer = await request.get("/sign-in/oidc", { maxRedirects: 0 });
  }
  assert.equal(answer.status(), 429);
  assert.ok(Number(answer.headers()["retry-after"]) >= 1);
  assert.equal((await request.get("/sign-in")).status(), 200, "a password still opens the door");
});

/** A person of the provider whose username there is `username`; the provider's own name of them. */
function known(username) {
  const subject = `p-${people.size + 1}`;
  people.set(subject, username);
  return subject;
}

const providedPage = (context, expected = []) => newPage(context, { beside: issuer, expected });

const throughProvider = (page) => page.getByRole("link", { name: "使用市统一身份认证登录" });

/** Says at the provider who one is. */
async function say(page, subject) {
  await page.getByLabel("证号").fill(subject);
  await page.getByRole("button", { name: "确认" }).click();
}

/** Begins a way to the provider; its address there, not opened. */
async function begin(context) {
  const answer = await context.request.get("/sign-in/oidc", { maxRedirects: 0 });
  return new URL(answer.headers().location);
}

const flowOf = async (context) => (await context.cookies()).find(({ name }) => name === "hotline_flow");

/** Goes a way as far as the address that the provider sends back to, which is not opened. */
async function vouchedAt(context, way, subject) {
  const { request } = context;
  const next = async (answer) => {
    const { location } = (await answer).headers();
    assert.ok(location, "the provider sends on");
    return new URL(location, issuer).href;
  };
  let at = await next(request.get(way.href, { maxRedirects: 0 }));
  if (at.includes("/person/")) {
    at = await next(request.post(at, { maxRedirects: 0, form: { subject } }));
    at = await next(request.get(at, { maxRedirects: 0 }));
  }
  assert.ok(at.startsWith(`${base()}${CALLBACK}?`), at);
  return at;
}
