// Generates src/gen from the contract with buf, which `make` keeps in .hotline/bin (or BUF, or the PATH).
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Folders that may hold `.hotline/bin/buf`: this checkout, and the main one when this is a worktree. */
function roots() {
  const own = resolve(web, "../../..");
  const git = spawnSync("git", ["rev-parse", "--path-format=absolute", "--git-common-dir"], { cwd: web, encoding: "utf8" });
  return git.status === 0 ? [own, dirname(git.stdout.trim())] : [own];
}

const buf = process.env.BUF ?? roots().map((root) => join(root, ".hotline/bin/buf")).find(existsSync) ?? "buf";
execFileSync(buf, ["generate"], { cwd: web, stdio: "inherit" });
