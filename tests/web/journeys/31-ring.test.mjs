// A call rings at the seat where an agent sits: it shows on whatever page is open, and taking it fills its number in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClean, shoot, withBrowser } from "../harness/browser.mjs";
import { desk } from "../harness/orders.mjs";
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
  await page.waitForFunction((number) => document.querySelector("input[inputmode=tel]")?.value === `+86${number}`, CALLER);
  await page.getByText(/该号码没有登记过诉求|该号码的诉求/).first().waitFor();

  const second = await ring();
  await bar.waitFor();
  await hotline("call", "end", "--seat", SEAT, second.reference);
  await bar.waitFor({ state: "detached" });
  assertClean(page);
});

const ring = () => hotline("call", "ring", "--seat", SEAT, "--phone", CALLER);
