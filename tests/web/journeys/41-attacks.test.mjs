// What a hostile page, a crafted address or a poisoned report can do: nothing.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { assertClean, base, newContext, newPage, withBrowser } from "../harness/browser.mjs";
import { signedIn } from "../harness/people.mjs";
import { report } from "../harness/portal.mjs";
import { getRaw, rpc } from "../harness/rpc.mjs";

withBrowser();

const GET_ORDER = "hotline.routing.v1.RoutingService/GetOrder";
const GET_SESSION = "hotline.gateway.v1.SessionService/GetSession";
const NO_ORDER = "320300261122010999999";
const FOREIGN = "http://evil.example";

/** Statuses of gRPC. */
const OK = 0;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

test("every kind of answer states what browsers must not do with it", async () => {
  const context = await signedIn("demo-dispatcher");
  const page = await newPage(context);
  await page.goto("/desk/");
  const asset = new URL(await page.locator("script[src]").first().getAttribute("src"), base()).pathname;
  await page.goto("/portal/");
  const style = new URL(await page.locator("link[rel=stylesheet]").first().getAttribute("href"), base()).pathname;
  const nowhere = "/files/00000000-0000-7000-8000-000000000000";
  const paths = [...PAGES, asset, style, nowhere];
  for (const path of paths) {
    const headers = (await context.request.get(path, { maxRedirects: 0 })).headers();
    const policy = headers["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
    if (path !== nowhere) assert.match(policy, /script-src 'self';.*base-uri 'none'; frame-ancestors 'none'/, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.equal(headers["x-frame-options"], "DENY", path);
    assert.equal(headers["referrer-policy"], "same-origin", path);
    assert.equal(headers["cross-origin-opener-policy"], "same-origin", path);
    assert.equal(headers["cross-origin-resource-policy"], "same-origin", path);
    assert.equal(headers["access-control-allow-origin"], undefined, path);
    if (!path.includes("/assets/") && path !== "/style.css") assert.doesNotMatch(headers["cache-control"] ?? "", /public/, path);
  }
  const nonces = [];
  for (let look = 0; look < 2; look += 1) {
    const policy = (await context.request.get("/desk/")).headers()["content-security-policy"];
    nonces.push(/'nonce-([^']+)'/.exec(policy)[1]);
  }
  assert.notEqual(nonces[0], nonces[1], "a number that is used once");
  assertClean(page);
});

test("an inline script put into a page does not run", async () => {
  const context = await signedIn("demo-dispatcher");
  for (const path of ["/portal/", "/sign-in", "/account", "/desk/", "/screen"]) {
    const page = await newPage(context, { expected: [/Content Security Policy/] });
    const reported = page.waitForEvent("console", (said) => /Content Security Policy/.test(said.text()));
    await page.goto(path);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.__ran = true";
      document.head.append(script);
    });
    await reported;
    assert.equal(await page.evaluate(() => window.__ran), undefined, path);
    assertClean(page);
    await page.close();
  }
});

test("no page of ours stands in a frame of another", async () => {
  const page = await newPage(await newContext(), { expected: [/frame-ancestors|X-Frame-Options/] });
  for (const path of ["/portal/", "/sign-in", "/desk/", "/screen"]) {
    const refused = page.waitForEvent("console", (said) => /frame-ancestors|X-Frame-Options/.test(said.text()));
    await page.setContent(`<iframe src="${base()}${path}"></iframe>`);
    await refused;
    const shown = page.frames().filter((frame) => frame !== page.mainFrame() && frame.url().startsWith(base()));
    assert.deepEqual(shown.map((frame) => frame.url()), [], path);
  }
  assertClean(page);
});

test("a call that none of our pages made is refused, although the session came along", async () => {
  const context = await signedIn("demo-dispatcher");
  assert.equal((await rpc(context, GET_SESSION, {})).status, OK);
  assert.equal((await rpc(context, GET_SESSION, {}, { "x-hotline-csrf": "1", origin: base() })).status, OK);
  const foreign = [
    {},
    { origin: base() },
    { "x-hotline-csrf": "1", origin: FOREIGN },
    { "x-hotline-csrf": "1", origin: "null" },
    { "x-hotline-csrf": "1", origin: `${base()}.evil.example` },
    { "x-hotline-csrf": "1", "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign) {
    assert.equal((await rpc(context, GET_SESSION, {}, headers)).status, PERMISSION_DENIED, JSON.stringify(headers));
  }
  // Without a session the header opens nothing; nor does a token made up.
  const stranger = await newContext();
  for (const headers of [{ "x-hotline-csrf": "1" }, { "x-hotline-csrf": "1", authorization: "Bearer eyJhbGciOiJub25lIn0.e30." }]) {
    assert.equal((await rpc(stranger, GET_ORDER, { 1: NO_ORDER }, headers)).status, UNAUTHENTICATED);
  }
  // Forms without their proof do nothing either.
  for (const path of ["/sign-out", "/account/sessions", "/account/password"]) {
    const answer = await context.request.post(path, { form: { form: "0" }, maxRedirects: 0 });
    assert.ok([403, 422].includes(answer.status()), `${path}: ${answer.status()}`);
  }
  assert.equal((await rpc(context, GET_SESSION, {})).status, OK, "still signed in");
});

test("no crafted path leaves the folder of the web or reads a file that is not the reader's", async () => {
  const up = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "..%252f", "%c0%ae%c0%ae/"];
  for (const step of up) {
    for (const root of ["/assets/", "/files/", "/portal/assets/", "/"]) {
      for (const target of ["etc/passwd", "Cargo.toml", ".run"]) {
        const { status, body } = await getRaw(`${root}${step.repeat(8)}${target}`);
        assert.ok(status >= 300, `${root}${step} ${target}: ${status}`);
        assert.doesNotMatch(body, /root:|\[workspace\]|"gateway"/, `${root}${step} ${target}`);
      }
    }
  }
  for (const path of ["//etc/passwd", "/assets/%00", "/assets/", "/files/", "/.run"]) {
    assert.ok((await getRaw(path)).status >= 300, path);
  }
});

test("to a unit's clerk an order of others and one that nobody has are one and the same", async () => {
  const clerk = await signedIn("demo-unit-clerk");
  const all = await numbers(await signedIn("demo-dispatcher"));
  const own = await numbers(clerk);
  assert.ok(own.length > 0, "the unit has orders of its own");
  const number = all.find((one) => !own.includes(one));
  assert.ok(number, "and there are orders of others");
  assert.equal((await rpc(clerk, GET_ORDER, { 1: own[0] })).status, OK);
  const foreign = await rpc(clerk, GET_ORDER, { 1: number });
  const unknown = await rpc(clerk, GET_ORDER, { 1: NO_ORDER });
  assert.notEqual(foreign.status, OK);
  assert.deepEqual([foreign.status, foreign.text.replace(number, "…")], [unknown.status, unknown.text.replace(NO_ORDER, "…")]);

  const desk = await newPage(clerk, { expected: [/40[34]/] });
  const words = [];
  for (const asked of [number, NO_ORDER]) {
    await desk.goto(`/desk/orders/${asked}`);
    await desk.getByRole("heading", { name: new RegExp(asked) }).waitFor();
    words.push((await desk.locator("main").innerText()).replaceAll(asked, "…"));
  }
  assert.equal(words[0], words[1]);
  assertClean(desk);
});

test("what a reporter writes is shown as it was written, wherever it is shown", async () => {
  const telephone = `139${String(randomInt(1e8)).padStart(8, "0")}`;
  const title = `<img src=/probe onerror=window.__ran=1>${randomInt(1e6)}`;
  const matter = { kind: "求助", title, content: POISON.join("\n"), place: POISON[1], name: "<b>周</b>", telephone };
  const citizen = await watched(await newContext());
  const { number } = await report(citizen, "/portal", matter);
  await citizen.getByRole("link", { name: "查看进度" }).click();
  await citizen.getByText(title).first().waitFor();

  const agent = await watched(await signedIn("demo-agent"));
  await agent.goto("/desk/intake");
  await agent.getByLabel("联系电话").first().fill(telephone);
  await agent.getByRole("region", { name: "该号码的诉求" }).getByText(title).waitFor();
  await agent.goto(`/desk/orders/${number}`);
  await agent.getByRole("heading", { name: title }).waitFor();
  await agent.getByRole("button", { name: /^受理/ }).click();

  const dispatcher = await watched(await signedIn("demo-dispatcher"));
  await dispatcher.goto("/desk/dispatch");
  await dispatcher.getByText(title).first().waitFor();
  await dispatcher.goto(`/desk/orders/${number}`);
  await dispatcher.getByRole("heading", { name: title }).waitFor();
  for (const line of POISON) await dispatcher.getByText(line).first().waitFor();

  for (const page of [citizen, agent, dispatcher]) {
    assert.equal(await page.evaluate(() => window.__ran), undefined);
    assert.equal(await page.locator("a[href^='javascript:'], [onerror], [onload], main svg[onload]").count(), 0);
    assertClean(page);
  }
});

/** A page on which a dialog or a request that no page of ours makes is a fault. */
async function watched(context) {
  const page = await newPage(context);
  page.on("dialog", (dialog) => {
    page.faults.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => request.url().includes("/probe") && page.faults.push(`probe: ${request.url()}`));
  return page;
}

/** Numbers of the orders that somebody may list. */
async function numbers(context) {
  const { status, body } = await rpc(context, "hotline.routing.v1.RoutingService/ListOrders", {});
  assert.equal(status, OK);
  return [...new Set(body.toString("latin1").match(/(?<!\d)\d{21}(?!\d)/g) ?? [])];
}

const PAGES = ["/portal/", "/portal/report", "/portal/track", "/enterprise/", "/sign-in", "/account", "/desk/", "/desk/dispatch", "/screen", "/link/none", "/nowhere", "/healthz", "/style.css"];

const POISON = [
  "<script>window.__ran=1;alert(1)</script>",
  "\"><svg onload=window.__ran=1>",
  "</textarea><img src=/probe onerror=alert(1)>",
  "<a href=\"javascript:alert(1)\">x</a>",
  "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
  "&lt;script&gt; &#60;b&#62; <iframe srcdoc='<script>parent.__ran=1</script>'>",
];
