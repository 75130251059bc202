// The demo's people: each opens their one-time link, sets a password, and is signed in.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { hotline } from "./platform.mjs";
import { newContext } from "./browser.mjs";

/** Signed-in states by account, so that each person signs in once a run of a file. */
const states = new Map();

/** A new password that no list knows. */
export const newPassword = () => `Heng-${randomUUID()}`;

/**
 * A browser context in which `account` is signed in.
 * @param {string} account name of the account, as `hotline account list` shows it
 */
export async function signedIn(account, options = {}) {
  if (!states.has(account)) states.set(account, await firstSignIn(account));
  return newContext({ ...options, storageState: states.get(account) });
}

/** A person of the journey's own, whose sessions may end without anybody else's doing so. */
export async function newPerson(name, role) {
  const account = `web-${randomUUID().slice(0, 8)}`;
  const password = newPassword();
  await hotline("account", "create", account, "--name", name, "--role", role);
  states.set(account, await firstSignIn(account, password));
  return { account, password };
}

/** Signs in on the page of username and password that is open. */
export async function signIn(page, { account, password }) {
  await page.getByLabel("用户名").fill(account);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

async function firstSignIn(account, password = newPassword()) {
  const { url } = await hotline("account", "link", account);
  const context = await newContext();
  const page = await context.newPage();
  await page.goto(new URL(url).pathname);
  for (const field of await page.locator("input[type=password]").all()) await field.fill(password);
  await page.locator("form button[type=submit]").first().click();
  await page.waitForURL(/\/desk\//);
  const state = await context.storageState();
  assert.ok(state.cookies.some((cookie) => cookie.name.endsWith("hotline_session") && cookie.httpOnly));
  await context.close();
  return state;
}
