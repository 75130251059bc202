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

/** Waits until the page has its heading and nothing of it is still loading. */
async function settled(page) {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true], .ant-skeleton") === null);
}
