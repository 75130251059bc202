// The platform under test: `hotline demo --serve` in a folder and on ports of its own.
import { spawn, execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { program, root } from "./places.mjs";

const run = promisify(execFile);

/** Longest start: private servers, migrations and the whole demo, in a debug build on a busy machine. */
const START_MAX_MS = 240_000;

/** All visitors of the journeys come from one address, and some report again and again. */
const ROOM = ["services.portal.address_burst=1000", "services.portal.telephone_burst=1000", "services.portal.track_burst=1000"];

/** Longest end: draining and stopping two servers. */
const STOP_MAX_MS = 30_000;

/**
 * Starts it and waits until the demo has played.
 * @returns {Promise<{env: Record<string, string>, stop: () => Promise<void>}>} what journeys need to find it, and its end
 */
export async function startPlatform(settings = []) {
  const data = mkdtempSync(join(tmpdir(), "hotline-web-"));
  const ports = ["grpc.listen", "http.listen", "gateway.listen"].flatMap((key) => ["--set", `${key}=127.0.0.1:0`]);
  const provider = await identityProvider(data);
  const own = [...ROOM, ...provider.settings, ...settings].flatMap((setting) => ["--set", setting]);
  const child = spawn(program, ["demo", "--serve", "--data-dir", data, ...ports, ...own], { cwd: root });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said.text += chunk));
  const stop = async () => {
    child.kill("SIGTERM");
    const killed = setTimeout(() => child.kill("SIGKILL"), STOP_MAX_MS);
    await ended;
    clearTimeout(killed);
    if (!process.env.WEB_KEEP) rmSync(data, { recursive: true, force: true });
  };
  try {
    await playedOut(said, ended);
  } catch (error) {
    await stop();
    throw error;
  }
  const found = JSON.parse(readFileSync(join(data, ".run"), "utf8"));
  return { env: { WEB_DATA: data, WEB_URL: `http://${found.gateway}`, ...provider.env }, stop };
}

/**
 * Tells the platform of an identity provider, which a journey starts when it wants one; people with a password need none.
 * Its host is another site than the platform's, as it would be in a city.
 */
async function identityProvider(data) {
  const issuer = `http://localhost:${await freePort()}`;
  const secret = randomUUID();
  const file = join(data, "oidc.secret");
  writeFileSync(file, secret, { mode: 0o600 });
  const settings = { issuer, client_id: "hotline", client_secret_file: file };
  return {
    settings: Object.entries(settings).map(([key, value]) => `gateway.oidc.${key}=${value}`),
    env: { WEB_OIDC_ISSUER: issuer, WEB_OIDC_SECRET: secret },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits for the demo's last words. */
async function playedOut(said, ended) {
  const deadline = Date.now() + START_MAX_MS;
  let over = false;
  ended.then(() => (over = true));
  while (!said.text.includes("Ctrl-C")) {
    if (over) throw new Error(`the platform ended before the demo was played:\n${said.text}`);
    if (Date.now() > deadline) throw new Error(`the demo was not played in ${START_MAX_MS} ms:\n${said.text}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Runs a command of the program on the platform under test and gives what it prints as JSON. */
export async function hotline(...args) {
  const { stdout } = await run(program, [...args, "--json", "--data-dir", process.env.WEB_DATA], { cwd: root });
  return JSON.parse(stdout);
}
