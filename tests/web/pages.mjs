// First paint of the desks' lists: from asking for a page to the first row of its list on the screen.
//
//   WEB_DATA=… node pages.mjs      the data folder of an installation that runs; `hotline-load --only pages` starts one with
//                                  a million orders and calls this
//
// WEB_PROGRAM  the program, for making the accounts (default: target/debug/hotline)
// WEB_UNIT     the unit whose workbench is opened (default: xz-housing)
// WEB_ROUNDS   how often each page is opened after the first time (default: 9)
//
// Prints a line of JSON a page: median and worst of the rounds, the first time with nothing in the cache, rows shown; ms.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { FLAGS, PATIENCE_MS, WIDE } from "./harness/browser.mjs";
import { newPassword, openLink } from "./harness/people.mjs";
import { hotline } from "./harness/platform.mjs";

const origin = process.env.WEB_URL ?? `http://${JSON.parse(readFileSync(join(process.env.WEB_DATA, ".run"), "utf8")).gateway}`;
const rounds = Number(process.env.WEB_ROUNDS ?? 9);

/** Name, role with further words for its account, address, and what a row of the list is. */
const LISTS = [
  ["the dispatch desk", ["dispatcher"], "/desk/dispatch", "tr[data-key]"],
  ["the dispatch desk, newest first", ["dispatcher"], "/desk/dispatch?sort=new", "tr[data-key]"],
  ["the unit workbench", ["unit_clerk", "--unit", process.env.WEB_UNIT ?? "xz-housing"], "/desk/unit", "article[data-order]"],
  ["the unit workbench, near due", ["unit_clerk", "--unit", process.env.WEB_UNIT ?? "xz-housing"], "/desk/unit?tab=near", "article[data-order]"],
  ["the review desk", ["reviewer"], "/desk/review", ".review-queue li"],
  ["supervision, the board", ["supervisor"], "/desk/supervision", ".sup-detail li"],
  ["supervision, what is due", ["supervisor"], "/desk/supervision?tab=due", "tr[data-key]"],
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
try {
  for (const [name, account, path, row] of LISTS) {
    const state = await signedIn(account);
    const context = await browser.newContext({ baseURL: origin, locale: "zh-CN", viewport: WIDE, storageState: state });
    context.setDefaultTimeout(PATIENCE_MS);
    const first = await paint(context, path, row);
    const took = [];
    for (let round = 0; round < rounds; round++) took.push((await paint(context, path, row)).ms);
    took.sort((a, b) => a - b);
    const line = { page: name, median: took[Math.floor(took.length / 2)], worst: took.at(-1), first: first.ms, rows: first.rows };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    await context.close();
  }
} finally {
  await browser.close();
}

/** What the browser of somebody keeps who has this role and has just signed in; each role once. */
async function signedIn([role, ...more]) {
  const known = (signedIn.states ??= new Map());
  if (!known.has(role)) {
    const { url } = await hotline("account", "create", `pages-${role}-${Date.now()}`, "--name", "测量员", "--role", role, ...more);
    const context = await browser.newContext({ baseURL: origin, locale: "zh-CN" });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await openLink(page, new URL(url).pathname, newPassword());
    await page.waitForURL(/\/desk\//);
    known.set(role, await context.storageState());
    await context.close();
  }
  return known.get(role);
}

/** Opens the page in a tab of its own: milliseconds from asking for it to the frame after its first row, and the rows. */
async function paint(context, path, row) {
  const page = await context.newPage();
  await page.addInitScript((selector) => {
    // Watching changes, not frames: a page that is asked at every frame draws every frame.
    const watch = new MutationObserver(() => {
      if (document.querySelector(selector) === null) return;
      watch.disconnect();
      // The next frame has the row; it is on the screen when the one after it begins.
      requestAnimationFrame(() => requestAnimationFrame(() => (window.paintedAt = performance.now())));
    });
    watch.observe(document, { subtree: true, childList: true });
  }, row);
  await page.goto(path, { waitUntil: "commit" });
  // Looked for seldom: what looks runs in the page.
  await page.waitForFunction(() => window.paintedAt !== undefined, undefined, { polling: 200 });
  const found = await page.evaluate((selector) => ({ ms: window.paintedAt, rows: document.querySelectorAll(selector).length }), row);
  await page.close();
  return found;
}
