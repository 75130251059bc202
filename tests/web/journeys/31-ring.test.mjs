// A call rings at the seat where an agent sits: it shows on whatever page is open, and taking it fills its number in.
// What the city's data says stands beside the form, and goes into the answer by one button.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertClean, shoot, withBrowser } from "../harness/browser.mjs";
import { desk, pick } from "../harness/orders.mjs";
import { hotline } from "../harness/platform.mjs";

withBrowser();

const SEAT = `81${Date.now().toString().slice(-4)}`;
const CALLER = "13998765432";

test("a call rings at the agent's seat, fills its number in, and is gone when the caller rang off", async () => {
  const page = await desk("demo-agent", "/intake");
  await page.getByRole("button", { name: /未就座|^座席/ }).click();
  await page.getByLabel("座席分机号").fill(SEAT);
  await page.getByRole("button", { name: "就座", exact: true }).click();
  await page.getByRole("button", { name: `座席 ${SEAT}` }).waitFor();
  await page.keyboard.press("Escape");
  await page.goto("/desk/");
  await page.getByText("实时", { exact: true }).waitFor();

  await ring();
  const bar = page.getByRole("alert").filter({ hasText: "登记诉求" });
  await bar.waitFor();
  const said = await bar.innerText();
  assert.match(said, new RegExp(`座席 ${SEAT}`));
  assert.doesNotMatch(said, new RegExp(CALLER), "the number is masked until the call is taken");
  await shoot(page, "ring");
  await bar.getByRole("button", { name: /登记诉求/ }).click();
  await page.waitForURL(/\/desk\/intake\?call=/);
  await page.waitForFunction((number) => document.querySelector("input[inputmode=tel]")?.value === number, CALLER);
  await page.getByText(/该号码没有登记过诉求|该号码的诉求/).first().waitFor();

  const second = await ring();
  await bar.waitFor();
  await hotline("call", "end", "--seat", SEAT, second.reference);
  await bar.waitFor({ state: "detached" });
  assertClean(page);
});

test("what the city's data says is found by pinyin, put into the answer, and survives a reload", async () => {
  const page = await desk("demo-agent", "/intake");
  await page.getByLabel("联系电话").fill("13952161234");
  await page.getByLabel("姓名").fill("孙悦");
  await page.keyboard.press("Alt+1");
  assert.ok(await page.getByRole("radio", { name: /^咨询/ }).isChecked());
  await pick(page, "事项分类", "路灯");
  await page.getByLabel("标题").fill("路灯报修多久有答复");
  await page.getByLabel("诉求内容").fill("询问路灯报修后多久能有答复，夜里灯杆漏电该找谁。");

  const knowledge = page.getByRole("region", { name: "知识", exact: true });
  await knowledge.getByText("办理时限").waitFor();
  await page.keyboard.press("F4");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label")?.startsWith("查口径"));
  await page.keyboard.type("xfjy");
  const fire = knowledge.getByRole("listitem").filter({ hasText: "119 消防救援" });
  await fire.getByText("依据 10(5)").waitFor();
  await fire.getByRole("button", { name: /^写入答复/ }).click();
  const search = knowledge.getByRole("textbox", { name: /^查口径/ });
  await search.fill("咨询 答复");
  const limit = knowledge.getByRole("listitem").filter({ hasText: "咨询：答复 3 个工作日" });
  await limit.getByText("依据 12(3)").waitFor();
  await limit.getByRole("button", { name: /^写入答复/ }).click();
  await search.fill("");
  await knowledge.getByText("单位与值班").click();
  await knowledge.getByText("市水务局", { exact: true }).waitFor();
  await search.fill("没有这样的词");
  await knowledge.getByText("没有匹配“没有这样的词”的内容").waitFor();
  await search.fill("xfjy");
  await fire.waitFor();
  await assertAccessible(page, "the knowledge panel");
  await shoot(page, "intake");

  const answer = "消防救援：119\n咨询，答复时限为3 个工作日";
  const draft = page.getByLabel(/^答复内容/);
  assert.equal(await draft.inputValue(), answer);
  await page.reload();
  await page.getByText("已恢复未提交的草稿").waitFor();
  assert.equal(await draft.inputValue(), answer, "the answer is part of the draft");

  await page.getByRole("button", { name: /^登记并直接解答/ }).click();
  const drawer = page.getByRole("dialog");
  const text = drawer.getByLabel("答复内容");
  assert.equal(await text.inputValue(), answer);
  assert.match(await drawer.getByLabel("知识条目或专员单位").inputValue(), /119 消防救援 依据 10\(5\)；/);
  await drawer.getByRole("textbox", { name: /^查口径/ }).fill("120");
  await drawer.getByRole("button", { name: /^写入答复：120/ }).click();
  assert.equal(await text.inputValue(), `${answer}\n医疗急救：120`);
  await assertAccessible(page, "an answer with the knowledge beside it");
  await drawer.getByRole("button", { name: /^直接解答/ }).click();
  await page.locator(".registered").getByText("直接解答", { exact: true }).waitFor();
  assertClean(page);
});

const ring = () => hotline("call", "ring", "--seat", SEAT, "--phone", CALLER);
