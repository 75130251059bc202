// Generates src/gen from the contract with buf, which `make` keeps in .hotline/bin (or BUF, or the PATH).
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const kept = resolve(web, "../../../.hotline/bin/buf");
const buf = process.env.BUF ?? (existsSync(kept) ? kept : "buf");
execFileSync(buf, ["generate"], { cwd: web, stdio: "inherit" });
