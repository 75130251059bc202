// One browser for a file of journeys, and pages that watch themselves: no console error, no request to elsewhere.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { shots } from "./places.mjs";

/** How the browser is started. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Longest wait for anything on a page: generous, because a busy machine is no fault of the page. */
export const PATIENCE_MS = Number(process.env.WEB_PATIENCE_MS ?? 30_000);

export const base = () => process.env.WEB_URL;

/** The widths at which every page is looked at. */
export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
const contexts = new Set();

/** Call at the top of a file of journeys. */
export function withBrowser() {
  before(async () => {
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  });
  after(async () => {
    for (const context of contexts) await context.close();
    await browser?.close();
  });
}

/** A context of its own, as of another person at another machine. */
export async function newContext(options = {}) {
  const context = await browser.newContext({ baseURL: base(), locale: "zh-CN", viewport: WIDE, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  contexts.add(context);
  return context;
}

/**
 * A page that keeps account of what must not happen.
 * @param {import("playwright-core").BrowserContext} context
 * @param {{expected?: RegExp[], origin?: string, beside?: string}} options console messages that the journey provokes,
 *   such as a refused call; where the pages are served, when not at the platform's own address; another origin that the
 *   journey goes through
 */
export async function newPage(context, { expected = [], origin = base(), beside } = {}) {
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !expected.some((pattern) => pattern.test(text))) faults.push(`console: ${text}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && ![origin, beside].includes(url.origin)) faults.push(`external: ${request.url()}`);
  });
  page.faults = faults;
  return page;
}

/** Asserts that the page has done nothing that it must not. */
export function assertClean(page) {
  assert.deepEqual(page.faults, []);
}

/**
 * Waits until nothing comes in or goes any more: what is half faded has half its contrast. What turns for ever, such as a
 * sign of loading, is not waited for.
 */
async function atRest(page) {
  const end = Date.now() + PATIENCE_MS;
  while (await page.evaluate(moves)) {
    assert.ok(Date.now() < end, "something still comes in or goes");
    await pause(50);
  }
}

/** Whether something moves; asked from outside, because a page without JavaScript runs no timers. */
function moves() {
  const ends = (one) => one.playState === "running" && Number.isFinite(one.effect?.getComputedTiming().endTime);
  // What antd is about to move has its class a frame before it has its animation.
  const begins = document.querySelector('[class*="-appear"], [class*="-enter"], [class*="-leave"]');
  return begins !== null || document.getAnimations().some(ends);
}

/** Runs axe with every WCAG A and AA rule up to 2.2 and asserts that it finds nothing. */
export async function assertAccessible(page, name) {
  await atRest(page);
  await page.evaluate(axeSource);
  const found = await page.evaluate(() =>
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  const violations = found.violations.map((rule) => ({
    rule: rule.id,
    help: rule.help,
    nodes: rule.nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
  assert.deepEqual(violations, [], `${name} at ${page.viewportSize()?.width} px`);
}

/**
 * When `text` first stands in an element that `selector` finds, in ms since 1970 by this machine's clock, which every page
 * and the program share. Ask before it happens.
 */
export function whenShown(page, selector, text) {
  const watch = ([selector, text, patience]) =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (![...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text))) return;
        observer.disconnect();
        resolve(Date.now());
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      setTimeout(() => reject(new Error(`no ${text} in ${selector}`)), patience);
      look();
    });
  return page.evaluate(watch, [selector, text, PATIENCE_MS]);
}

/** Waits until a form has been sent and is gone; when it stays, says what stands in it. */
export async function sent(dialog) {
  try {
    await dialog.waitFor({ state: "detached" });
  } catch (late) {
    throw new Error(`the form is still there: ${await dialog.innerText()}`, { cause: late });
  }
}

/** Writes a screenshot into the folder of shots. */
export async function shoot(page, name) {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), animations: "disabled" });
}
