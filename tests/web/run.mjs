// Starts the program with the demo on private servers, runs the journeys one after another in one browser, stops it.
//
//   node run.mjs [FILE …]     all of journeys/, or the files named
//
// WEB_PROGRAM  the program (default: target/debug/hotline)
// WEB_SHOTS    folder for screenshots (default: target/web/shots)
// WEB_URL, WEB_DATA  address and data folder of a demo that runs already (`hotline demo --serve`); none is started then
// WEB_PATIENCE_MS  longest wait for anything on a page, in ms (default: 30000)
// WEB_KEEP     leaves the platform's folder in place, for looking at what a failed journey left
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { startPlatform } from "./harness/platform.mjs";
import { here } from "./harness/places.mjs";

const named = process.argv.slice(2);
const files = named.length > 0 ? named : journeys();
const platform = process.env.WEB_URL ? { env: {}, stop: async () => {} } : await startPlatform();
let code = 1;
try {
  code = await runTests(files, platform.env);
} finally {
  await platform.stop();
}
process.exit(code);

function journeys() {
  const folder = join(here, "journeys");
  return readdirSync(folder).filter((name) => name.endsWith(".test.mjs")).sort().map((name) => join(folder, name));
}

/** Node's own runner, a file at a time: journeys share one platform, and two browsers would starve each other. */
function runTests(tests, env) {
  const flags = ["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-timeout=180000"];
  const child = spawn(process.execPath, [...flags, ...tests], { stdio: "inherit", env: { ...process.env, ...env } });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (status) => resolve(status ?? 1)));
}
