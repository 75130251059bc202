// Everybody's desk: each role of the demo signs in by its one-time link and opens every page that its navigation shows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, WIDE, assertAccessible, assertClean, newPage, shoot, withBrowser } from "../harness/browser.mjs";
import { signedIn } from "../harness/people.mjs";

withBrowser();

/** A role and the pages that only this test opens in its name: together every page, none twice. */
const DESKS = [
  ["demo-agent", ["/desk/", "/desk/intake"]],
  ["demo-dispatcher", ["/desk/dispatch"]],
  ["demo-unit-clerk", ["/desk/unit"]],
  ["demo-reviewer", ["/desk/review"]],
  ["demo-callback-agent", ["/desk/callbacks"]],
  ["demo-supervisor", ["/desk/supervision"]],
  ["demo-enterprise-desk", ["/desk/enterprise"]],
  ["demo-system-admin", ["/desk/setup"]],
  ["demo-security-admin", ["/desk/accounts"]],
  ["demo-audit-admin", ["/desk/audit"]],
  ["demo-leader", ["/screen"]],
];

for (const [account, paths] of DESKS) {
  test(`${account} finds ${paths.join(" and ")}`, async () => {
    const context = await signedIn(account);
    const page = await newPage(context);
    for (const path of paths) {
      for (const viewport of path === "/screen" ? [WIDE] : [WIDE, NARROW]) {
        await page.setViewportSize(viewport);
        await page.goto(path);
        await settled(page);
        assert.equal(await page.locator("h1").count(), 1, path);
        await assertAccessible(page, path);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `${path} scrolls sideways by ${over} px at ${viewport.width}`);
        await shoot(page, `${path.split("/").filter(Boolean).join("-")}-${viewport.width}`);
      }
    }
    assertClean(page);
    await context.close();
  });
}

test("the palette finds a page by its initials, and single keys can be turned off", async () => {
  const page = await newPage(await signedIn("demo-dispatcher"));
  await page.goto("/desk/");
  await page.locator("h1").waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /命令/ }).fill("pdt");
  await page.getByRole("option", { name: /派单台/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/desk\/dispatch/);
  const help = page.getByRole("dialog", { name: "快捷键一览" });
  await page.locator("h1").click();
  await page.keyboard.press("?");
  await help.waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });

  await page.getByRole("banner").getByRole("button", { name: /演示派单员/ }).click();
  await page.getByRole("switch", { name: "单键快捷键" }).click();
  await page.reload();
  await page.locator("h1").click();
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /命令/ }).waitFor();
  assert.equal(await help.count(), 0, "a single key acted although they are off");
  assertClean(page);
});

test("without the dictionary of pinyin the palette finds by characters, and by initials when the page is loaded anew", async () => {
  const page = await newPage(await signedIn("demo-dispatcher"), { expected: [/net::ERR_/] });
  await page.goto("/desk/");
  await page.locator("h1").waitFor();
  await page.getByText("实时", { exact: true }).waitFor();
  await page.route("**/assets/*.js", (route) => route.abort());
  await page.keyboard.press("Control+k");
  const box = page.getByRole("combobox", { name: /命令/ });
  await box.fill("派单");
  await page.getByRole("option", { name: /派单台/ }).waitFor();
  await box.fill("pdt");
  await page.getByText("没有匹配的命令").waitFor();
  await page.unroute("**/assets/*.js");
  await page.reload();
  await page.locator("h1").waitFor();
  await page.keyboard.press("Control+k");
  await box.fill("pd");
  await page.getByRole("option", { name: /派单台/ }).waitFor();
  assertClean(page);
});

/** Waits until the page has its heading and nothing of it is still loading. */
async function settled(page) {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true], .waiting") === null);
}
