// What a citizen or an enterprise does on the portals.
import assert from "node:assert/strict";

/** Presses the page's one button onwards. */
export async function next(page) {
  await page.locator("main form button[type=submit]").last().click();
}

/** Answers a page of one question and goes on. */
export async function choose(page, label) {
  await page.getByRole("radio", { name: new RegExp(`^${label}`) }).first().check();
  await next(page);
}

/**
 * Reports a matter from the first page to the receipt.
 * @param {string} base "/portal" or "/enterprise"
 * @returns {Promise<{number: string, code: string}>} what the receipt says
 */
export async function report(page, base, matter) {
  await page.goto(`${base}/report`);
  await next(page);
  return finish(page, matter);
}

/** Answers what is left of a report, up to the receipt. */
export async function finish(page, matter) {
  await answerUntil(page, matter, /\/done$/);
  assert.match(page.url(), /\/done$/);
  const [number, code] = await page.locator(".codes dd").allInnerTexts();
  return { number: number.trim(), code: code.replace(/\s/g, "") };
}

/** Answers page after page until the address fits, or one is refused. */
export async function answerUntil(page, matter, address) {
  for (let pages = 0; pages < 14 && !address.test(page.url()); pages += 1) {
    const before = page.url();
    await answer(page, matter);
    if (page.url() === before) break;
  }
}

/** Answers whichever page of the report is open. */
async function answer(page, matter) {
  const step = new URL(page.url()).pathname.split("/").at(-1);
  switch (step) {
    case "kind":
      return choose(page, matter.kind);
    case "field":
    case "matter": {
      const wanted = page.getByLabel(matter[step] ?? /其他|都不是/);
      await wanted.first().check();
      return next(page);
    }
    case "words":
      await page.getByLabel("标题").fill(matter.title);
      await page.getByLabel("具体情况").fill(matter.content);
      return next(page);
    case "place":
      await page.locator("select").first().selectOption({ index: 1 });
      await page.getByLabel(/详细地点/).fill(matter.place ?? "淮海西路 21 号院 3 号楼");
      return next(page);
    case "similar":
    case "files":
      return next(page);
    case "enterprise":
      await page.getByLabel("企业名称").fill(matter.enterprise.name);
      await page.getByLabel("统一社会信用代码").fill(matter.enterprise.code);
      await page.locator("input[type=radio]").first().check();
      return next(page);
    case "contact":
      await page.getByLabel(/^姓名/).fill(matter.name ?? "周明");
      await page.getByLabel(/^联系电话/).fill(matter.telephone ?? "13852140000");
      return next(page);
    case "check":
      return next(page);
    default:
      throw new Error(`the report led to ${page.url()}`);
  }
}
