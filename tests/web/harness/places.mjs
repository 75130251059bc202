// Where things lie.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** tests/web. */
export const here = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The workspace. */
export const root = join(here, "..", "..");

/** The program under test. */
export const program = process.env.WEB_PROGRAM ?? join(root, "target/debug/hotline");

/** Where screenshots go. */
export const shots = process.env.WEB_SHOTS ?? join(root, "target/web/shots");
