// A citizen reports a matter, follows it, and comes back to it, without JavaScript; another looks at every page of the
// portals at both widths.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, assertAccessible, assertClean, newContext, newPage, shoot, withBrowser } from "../harness/browser.mjs";
import { choose, next, report, track } from "../harness/portal.mjs";

withBrowser();

const MATTER = { kind: "求助", title: "三号楼电梯停运三天,老人下不了楼", content: "电梯从周一停到现在,物业说等配件。请协调尽快修好。" };

test("a citizen without JavaScript reports, tracks and urges", async () => {
  const page = await newPage(await newContext({ javaScriptEnabled: false }));
  const { number, code } = await report(page, "/portal", MATTER);

  await page.getByRole("link", { name: "查看进度" }).click();
  await page.getByText(number).first().waitFor();
  await page.getByText(MATTER.title).first().waitFor();

  // At another machine the number alone opens nothing; a wrong code gets the same words as a wrong number.
  const other = await newPage(await newContext({ javaScriptEnabled: false }), { expected: [/422/] });
  await other.goto(`/portal/track/${number}`);
  assert.match(other.url(), /\/portal\/track$/);
  const answers = [];
  for (const [typed, key] of [[number, "AAAA2222"], ["320300261122010999999", code]]) {
    await track(other, "/portal", { number: typed, code: key });
    answers.push(await other.locator("main").innerText());
  }
  assert.match(answers[0], /编号或查询码不正确/);
  assert.equal(answers[0], answers[1]);
  await track(other, "/portal", { number, code });
  await other.getByText(MATTER.title).first().waitFor();

  await other.getByRole("link", { name: /催办/ }).first().click();
  for (const area of await other.locator("main textarea").all()) await area.fill("老人要去医院复查,请尽快。");
  await next(other);
  await other.getByText(/已记录您的催办/).first().waitFor();
  assertClean(page);
  assertClean(other);
});

test("what is wrong is said at its field, and what was typed stays", async () => {
  const page = await newPage(await newContext(), { expected: [/422/] });
  await page.goto("/portal/report");
  await next(page);
  await choose(page, "求助");
  await page.getByLabel(/^其他/).first().check();
  await next(page);
  if (page.url().endsWith("/matter")) await choose(page, "都不是,或不确定");
  await page.getByLabel("标题").fill("路灯");
  await next(page);
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("具体情况").getAttribute("aria-invalid"), "true");
  assert.equal(await page.getByLabel("标题").inputValue(), "路灯");
  await assertAccessible(page, "a page with a refusal");
  assertClean(page);
});

test("every page of the portals is accessible, wide and narrow", async () => {
  for (const viewport of [undefined, NARROW]) {
    const page = await newPage(await newContext(viewport ? { viewport } : {}));
    for (const path of PAGES) {
      await page.goto(path);
      assert.equal(await page.locator("h1").count(), 1, path);
      await assertAccessible(page, path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${path} scrolls sideways by ${over} px`);
    }
    await page.goto("/portal/");
    await shoot(page, viewport ? "portal-390" : "portal");
    assertClean(page);
  }
});

test("a portal weighs little", async () => {
  for (const side of ["/portal/", "/enterprise/"]) {
    const page = await newPage(await newContext());
    const fetched = [];
    page.on("requestfinished", (request) => fetched.push(request));
    await page.goto(side, { waitUntil: "networkidle" });
    const sizes = await Promise.all(fetched.map((request) => request.sizes()));
    const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    assert.ok(bytes > 1_000 && bytes <= FIRST_LOAD_MAX, `${side}: ${bytes} bytes`);
    assertClean(page);
  }
});

test("large type is large on every page, and stays until it is turned off", async () => {
  const page = await newPage(await newContext({ viewport: NARROW, javaScriptEnabled: false }));
  const type = () => page.evaluate(() => [document.body, document.querySelector("main p")].map((one) => getComputedStyle(one)).map(({ fontSize, lineHeight }) => [parseFloat(fontSize), parseFloat(lineHeight)]));
  await page.goto("/portal/guide");
  const usual = await type();
  await page.getByRole("link", { name: "长辈版" }).click();
  for (const path of ["/portal/guide", "/portal/report", "/portal/track"]) {
    await page.goto(path);
    const large = await type();
    assert.ok(large[0][0] >= usual[0][0] * 1.25, `${path}: ${large[0][0]} px after ${usual[0][0]}`);
    for (const [size, line] of large) assert.ok(line >= size * 1.3, `${path}: ${line} px a line of ${size}`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${path} scrolls sideways by ${over} px`);
  }
  await shoot(page, "portal-large-390");
  await page.goto("/portal/guide");
  await page.getByRole("link", { name: "标准版" }).click();
  assert.deepEqual(await type(), usual);
  assertClean(page);
});

/** Bytes of a portal's first page with all that it needs, as they are sent. */
const FIRST_LOAD_MAX = 80_000;

const PAGES = [
  "/portal/",
  "/portal/report",
  "/portal/track",
  "/portal/guide",
  "/portal/privacy",
  "/enterprise/",
  "/enterprise/report",
];
