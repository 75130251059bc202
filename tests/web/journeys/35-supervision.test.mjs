// A supervisor's day: a case by hand, accountability and measures, a visit and a notice; what was sent too soon is taken
// back, what is refused stands at its field, and the ledger is a file in which nothing is a formula.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { assertAccessible, assertClean, shoot, withBrowser } from "../harness/browser.mjs";
import { UNIT, desk, pick, sendNow } from "../harness/orders.mjs";

withBrowser();

const TITLE = `=HYPERLINK("http://evil.example","路灯") ${Date.now().toString().slice(-6)}`;
const REASON = "同一路段三次报修均未彻底解决。";

test("a case is opened, accounted for and handed over", async () => {
  const page = await desk("demo-supervisor", "/supervision");
  await page.getByRole("button", { name: "立案督查" }).click();
  await pick(page, "被督查单位", UNIT);
  await pick(page, "类别", "能办或具备条件可办而不办");
  await pick(page, "来源", "平台监督");
  await page.getByLabel("标题").fill(TITLE);
  await page.getByLabel("事由").fill(REASON);
  await page.getByRole("dialog").getByRole("button", { name: /^立案督查/ }).click();
  const pane = page.getByRole("dialog").filter({ hasText: TITLE });
  const acts = pane.getByRole("group", { name: "问责与移送" });
  await acts.getByRole("button", { name: "提起问责" }).click();

  // Taken back, it is there again as it was typed.
  const form = (name) => page.getByRole("dialog", { name: new RegExp(`^${name}`) });
  await pick(page, "问责情形", "推诿扯皮");
  await form("提起问责").getByLabel("事由").fill(REASON);
  await form("提起问责").getByRole("button", { name: /^提起问责/ }).click();
  await page.getByRole("button", { name: /^撤销/ }).click();
  await form("提起问责").getByText("已恢复上次未提交的内容").waitFor();
  assert.equal(await form("提起问责").getByLabel("事由").inputValue(), REASON);
  await send(page, form("提起问责"), "提起问责");
  await pane.getByText(/推诿扯皮.*29\(1\)/).waitFor();

  // Refused: the service's words stand at the field that it names.
  await acts.getByRole("button", { name: "认定免责" }).click();
  await pick(page, "免责情形", "容错纠错");
  await form("认定免责").getByRole("checkbox", { name: "未谋取不正当利益" }).check();
  await form("认定免责").getByLabel("事由").fill("主动整改。");
  await send(page, form("认定免责"), "认定免责");
  await form("认定免责").locator(".ant-form-item-explain-error").first().waitFor();
  await page.getByRole("button", { name: "知道了" }).click();
  await form("认定免责").getByRole("button", { name: "取消" }).click();

  await acts.getByRole("button", { name: "决定处理措施" }).click();
  await pick(page, "处理措施", "通报");
  await form("决定处理措施").getByRole("radio", { name: "责任人员" }).check();
  await form("决定处理措施").getByLabel("岗位或单位").fill("市政设施科负责人");
  await form("决定处理措施").getByLabel("事由").fill(REASON);
  await assertAccessible(page, "the form of measures");
  await send(page, form("决定处理措施"), "决定处理措施");
  await pane.getByText(/通报 市政设施科负责人/).waitFor();

  await acts.getByRole("button", { name: "移送材料" }).click();
  await pick(page, "移送对象", "市纪委监委");
  await form("移送材料").getByLabel("事由").fill("涉嫌失职，移送核查。");
  await send(page, form("移送材料"), "移送材料");
  await pane.getByText("案卷材料").click();
  await pane.getByText(/^共 \d+ 份$/).waitFor();
  await assertAccessible(page, "a case");
  await shoot(page, "case");
  await pane.getByRole("button", { name: "Close" }).or(pane.locator(".ant-drawer-close")).first().click();

  // The ledger is saved as a file; what looks like a formula is a text in it.
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "导出台账" }).click();
  const sheet = unzip(readFileSync(await (await saved).path())).join("\n");
  assert.ok(sheet.includes("&apos;=HYPERLINK") || sheet.includes("'=HYPERLINK"), "the title stands there with the mark of a text");
  assert.doesNotMatch(sheet, /<f[ >]/, "a cell is a formula");
  assertClean(page);
});

test("a visit is recorded and a notice issued", async () => {
  const page = await desk("demo-supervisor", "/supervision");
  await page.getByRole("button", { name: "暗访", exact: true }).click();
  await page.getByRole("button", { name: "登记暗访" }).click();
  await pick(page, "暗访机构", "市作风建设领导小组办公室");
  await pick(page, "被访单位", UNIT);
  const findings = `值班电话无人接听 ${Date.now().toString().slice(-6)}`;
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^登记暗访/ }).click();
  await dialog.getByText("请填写发现情况").waitFor();
  await dialog.getByLabel("发现情况").fill(findings);
  await dialog.getByRole("button", { name: /^登记暗访/ }).click();
  await page.getByRole("row").filter({ hasText: findings }).getByText(UNIT).waitFor();
  await assertAccessible(page, "visits");

  await page.getByRole("button", { name: "通报", exact: true }).click();
  await page.getByRole("button", { name: "发布通报" }).click();
  await dialog.getByLabel("统计截止日（不含当日）").fill("2099-01-01");
  await dialog.getByRole("button", { name: /^发布通报/ }).click();
  await sendNow(page);
  await dialog.locator(".ant-form-item-explain-error").first().waitFor();
  await page.getByRole("button", { name: "知道了" }).click();
  await dialog.getByLabel("统计截止日（不含当日）").fill(await page.evaluate(() => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)));
  await dialog.getByRole("button", { name: /^发布通报/ }).click();
  await sendNow(page);
  const row = page.getByRole("row").filter({ hasText: /通报〔\d{4}〕\d+号/ }).first();
  await row.click();
  await page.getByRole("dialog").getByRole("region", { name: "各单位情况" }).waitFor();
  await assertAccessible(page, "a notice");
  await shoot(page, "bulletin");
  assertClean(page);
});

/** Presses the form's button until it has taken the press, and sends what waits. */
async function send(page, dialog, name) {
  for (let press = 0; press < 3 && (await dialog.isVisible()); press += 1) {
    await dialog.getByRole("button", { name: new RegExp(`^${name}`) }).click();
    await dialog.waitFor({ state: "hidden", timeout: 4_000 }).catch(() => undefined);
  }
  await sendNow(page);
}

/** Texts of the files in a zip, by its central directory. */
function unzip(bytes) {
  const files = [];
  for (let at = bytes.indexOf("PK\x01\x02", 0, "latin1"); at >= 0 && bytes.readUInt32LE(at) === 0x02014b50; ) {
    const [size, name, extra, comment] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const body = bytes.subarray(start, start + size);
    files.push((bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(body) : body).toString());
    at += 46 + name + extra + comment;
  }
  return files;
}
