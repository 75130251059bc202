// What the people of the desks do with an order, each on their own page.
import assert from "node:assert/strict";
import { newPage } from "./browser.mjs";
import { signedIn } from "./people.mjs";

/** The unit of the demo's unit people. */
export const UNIT = "市城市管理局";

/** A page on which `account` is signed in, at `path` below /desk. */
export async function desk(account, path, { expected, ...options } = {}) {
  const page = await newPage(await signedIn(account, options), expected ? { expected } : {});
  await page.goto(`/desk${path}`);
  return page;
}

/** Opens the order by its number. */
export async function openOrder(page, number) {
  await page.goto(`/desk/orders/${number}`);
  await page.locator(".page-head").getByText(number).waitFor();
}

/** Waits until the order's page, open and not loaded anew, shows `state` beside its heading. */
export async function showsState(page, state) {
  await page.locator(".page-head").getByText(state, { exact: true }).waitFor();
}

/** Chooses the line of a select that says `text`, found by typing it where the select can be searched. */
export async function pick(page, field, text) {
  const box = page.getByRole("combobox", { name: field });
  await box.click();
  if (await box.isEditable()) await box.fill(text);
  await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter({ hasText: text }).first().click();
}

/** Sends the command that waits in the bar at the foot at once, and waits until it is gone from there. */
export async function sendNow(page) {
  await page.getByRole("button", { name: "立即执行" }).click();
  await page.locator(".undo-bar").waitFor({ state: "detached" });
}

/**
 * An agent registers a matter at the intake desk and accepts it.
 * @returns {Promise<string>} its number
 */
export async function registerAtDesk(page, { title, content }) {
  await page.goto("/desk/intake");
  await page.getByLabel("联系电话").fill("13952160000");
  await page.getByLabel("姓名").fill("李红");
  await pick(page, "事项分类", "路灯");
  await page.getByLabel("标题").fill(title);
  await page.getByLabel("诉求内容").fill(content);
  await page.getByRole("button", { name: /^登记并受理/ }).click();
  const heading = await page.getByRole("heading", { name: /已登记/ }).innerText();
  const [number] = heading.match(/\d{15,}/) ?? [];
  assert.ok(number, heading);
  return number;
}

/** A dispatcher sends the open order to `unit`: it waits in the bar at the foot. */
export async function holdDispatch(page, unit) {
  await page.getByRole("button", { name: /^派单/ }).first().click();
  const drawer = page.getByRole("dialog");
  await drawer.locator(".suggestion").first().waitFor();
  await pick(page, "首接（主办）单位", unit);
  await drawer.getByLabel("派单理由").fill("按职责派单。");
  await drawer.getByRole("button", { name: /^派单/ }).click();
}

/** The same, and at once. */
export async function dispatchTo(page, unit) {
  await holdDispatch(page, unit);
  await sendNow(page);
}

/** Fills in the unit's reply, every part of it, in the open drawer. */
export async function fillReply(page, publicText) {
  const drawer = page.getByRole("dialog");
  await drawer.getByText(/答复要素/).waitFor();
  await pick(page, "办理结果", "已解决");
  const parts = {
    办理科室: "市政设施科",
    "经办人（职务）": "科员",
    科室联系方式: "分机 6011",
    办理过程: "当晚到场检修。",
    法定依据: "《江苏省城市市容和环境卫生管理条例》",
    告知内容: "电话告知已修复。",
    "对诉求人的答复（公开）": publicText,
    "对平台的说明（内部）": "属实，已修复。",
    书面办理意见: "已办结。",
    佐证材料名称: "现场照片",
  };
  for (const [label, text] of Object.entries(parts)) {
    const field = drawer.getByLabel(label);
    if (await field.isVisible()) await field.fill(text);
  }
  if (await drawer.getByLabel("告知方式").isVisible()) await pick(page, "告知方式", "电话");
}

/**
 * The unit signs for the order on its workbench, speaks with the appellant and replies.
 * @param {(card: import("playwright-core").Locator) => Promise<void>} look what else is looked at once it is signed
 */
export async function handleAtUnit(page, number, publicText, look = async () => {}) {
  const card = page.locator("article").filter({ hasText: number });
  await card.getByRole("button", { name: "签收" }).click();
  await page.getByRole("button", { name: /^办理中/ }).click();
  await look(card);
  await card.getByRole("button", { name: "登记联系" }).click();
  await page.getByLabel("沟通情况").fill("已电话联系，约定今晚到场检修。");
  await page.getByRole("button", { name: /^提交/ }).click();
  await card.getByRole("button", { name: "办结答复" }).click();
  await fillReply(page, publicText);
  await page.getByRole("button", { name: /^提交/ }).click();
  await page.getByRole("status").filter({ hasText: `已提交：办结答复 ${number}` }).waitFor();
  await card.waitFor({ state: "detached" });
}

/** The reviewer approves the reply to the matter of this title, and at once. */
export async function approveReply(page, title, publicText) {
  await page.getByRole("list", { name: "待审核" }).getByRole("button", { name: title }).click();
  await page.locator("article").getByText(publicText).waitFor();
  await page.getByRole("button", { name: /^通过/ }).click();
  await sendNow(page);
}
