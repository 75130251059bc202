// The command screen: it says when its figures stand still, and every panel has them as a table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertClean, newPage, withBrowser } from "../harness/browser.mjs";
import { signedIn } from "../harness/people.mjs";

withBrowser();

/** Longer than four refreshes without an answer, after which figures count as old. */
const OLD = 90_000;

test("figures that stop are greyed out with the time at which they stopped, and come back", async () => {
  const page = await newPage(await signedIn("demo-leader"), { expected: [/ERR_FAILED/, /Failed to load resource/] });
  await page.clock.install();
  await page.goto("/screen");
  await page.getByText(/^数据时间 /).waitFor();
  const screen = page.locator("main.screen");
  const shown = await page.locator(".kpi-open .kpi-value").innerText();
  const stopped = page.getByRole("alert").filter({ hasText: "数据停在" });
  assert.equal(await stopped.count(), 0);
  const bright = await look(page);

  await page.route("**/rpc/**", (route) => route.abort());
  await page.clock.runFor(OLD);
  await stopped.waitFor();
  assert.match(await stopped.innerText(), /数据停在 \d{2}:\d{2}/);
  assert.match(await screen.getAttribute("class"), /screen-stale/);
  assert.equal(await page.locator(".kpi-open .kpi-value").innerText(), shown, "the figures of then stay");
  assert.notEqual(await look(page), bright, "and look like it");
  await assertAccessible(page, "the screen with figures that stopped");

  await page.unroute("**/rpc/**");
  await page.clock.runFor(OLD);
  await stopped.waitFor({ state: "detached" });
  assert.doesNotMatch(await screen.getAttribute("class"), /screen-stale/);

  // A wall nobody touches: its address says how long each scene stands.
  await page.goto("/screen?rotate=10");
  await page.getByText(/^数据时间 /).waitFor();
  const scenes = page.getByRole("navigation", { name: "画面" });
  const standing = async () => (await scenes.locator("[aria-current=true]").innerText()).trim();
  for (const scene of [...SCENES, SCENES[0]]) {
    assert.equal(await standing(), scene);
    await page.clock.runFor(10_000);
  }
  assertClean(page);
});

test("every panel of every scene opens its definition and its figures as a table", async () => {
  const page = await newPage(await signedIn("demo-leader"));
  await page.goto("/screen");
  await page.getByText(/^数据时间 /).waitFor();
  const seen = new Set();
  for (const scene of SCENES) {
    await page.getByRole("navigation", { name: "画面" }).getByRole("button", { name: scene }).click();
    const titles = await page.locator("section.panel > header h2 button").allInnerTexts();
    for (const title of titles) {
      if (seen.has(title)) continue;
      seen.add(title);
      await page.locator("section.panel > header").getByRole("button", { name: title, exact: true }).click();
      const dialog = page.getByRole("dialog", { name: title, exact: true });
      await dialog.getByRole("region", { name: "数据表" }).waitFor();
      assert.ok((await dialog.locator("p").first().innerText()).length > 8, `${title} says what it counts`);
      assert.ok((await dialog.getByRole("columnheader").count()) > 1, title);
      if (!EMPTY_ALLOWED.test(title)) assert.ok((await dialog.locator("tbody tr").count()) > 0, `${title} has rows`);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
    }
  }
  for (const wanted of ["今日受理", "在办工单", "超时未办", "时限健康", "承办单位红黄灯"]) assert.ok(seen.has(wanted), wanted);
  assert.ok(seen.size >= 12, [...seen].join("、"));

  // The twin tells the same number as the panel.
  const open = page.locator(".kpi-open");
  const value = (await open.locator(".kpi-value").innerText()).trim();
  await open.getByRole("button", { name: "在办工单" }).click();
  assert.equal((await page.getByRole("dialog", { name: "在办工单" }).locator("tbody td").last().innerText()).trim(), value);
  assertClean(page);
});

/** How the body of the screen is drawn. */
const look = (page) =>
  page.locator(".screen-body").evaluate((body) => {
    const { filter, opacity, color } = getComputedStyle(body);
    const value = getComputedStyle(body.querySelector(".kpi-value"));
    return [filter, opacity, color, value.color, value.opacity, value.filter].join("|");
  });

const SCENES = ["总览", "承办单位", "区划与热点"];

/** Panels that may have nothing to tell in a young demo. */
const EMPTY_ALLOWED = /红黄灯/;
