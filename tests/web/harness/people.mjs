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

async function firstSignIn(account) {
  const { url } = await hotline("account", "link", account);
  const context = await newContext();
  const page = await context.newPage();
  await openLink(page, new URL(url).pathname, newPassword());
  await page.waitForURL(/\/desk\//);
  const state = await context.storageState();
  assert.ok(state.cookies.some((cookie) => cookie.name.endsWith("hotline_session") && cookie.httpOnly));
  await context.close();
  return state;
}

/**
 * An account of a journey's own, for one that ends sessions or fails at the door.
 * @param {string} role
 * @param {string[]} more further arguments of `hotline account create`
 * @returns {Promise<{username: string, path: string}>} its name and its one-time link
 */
export async function newAccount(role, ...more) {
  const name = `web-${randomUUID().slice(0, 13)}`;
  const { username, url } = await hotline("account", "create", name, "--name", "试用员", "--role", role, ...more);
  return { username, path: new URL(url).pathname };
}

/** Opens a one-time link and sets a password with it. */
export async function openLink(page, path, password) {
  await page.goto(path);
  for (const field of await page.locator("input[type=password]").all()) await field.fill(password);
  await page.locator("form button[type=submit]").first().click();
}

/** Sends the form of sign-in. */
export async function signIn(page, username, password) {
  await page.goto("/sign-in");
  await page.getByLabel("用户名").fill(username);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

/** The session's cookie in a context; undefined when nobody is signed in. */
export async function session(context) {
  return (await context.cookies()).find(({ name, value }) => name.endsWith("hotline_session") && value !== "");
}
