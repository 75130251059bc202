// After `vite build`: writes .br and .gz beside every text file and fails when a first load is over its budget.
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = resolve(dirname(fileURLToPath(import.meta.url)), "../dist");
/** First load of each entry, kB gzipped (1 kB = 1000 bytes): what must be fetched before the first page is drawn. */
const BUDGET = { "desk.html": 420, "screen.html": 380 };
const TEXT = /\.(js|css|html|svg|json|txt|webmanifest)$/;

function files(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

for (const path of files(dist).filter((name) => TEXT.test(name))) {
  const body = readFileSync(path);
  if (body.length < 600) continue;
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

/** What a build made of each module: chunk, imports and styles. */
function manifestOf(entry) {
  return JSON.parse(readFileSync(join(dist, `.vite/${entry.replace(".html", ".json")}`), "utf8"));
}

/** Style sheets that stand in the page itself. */
function sheets(entry) {
  return [...readFileSync(join(dist, entry), "utf8").matchAll(/<link rel="stylesheet"[^>]* href="\/([^"]+)"/g)].map(([, file]) => file);
}

/** Every file that the entry, or a module of its build, needs at once: its chunk, its static imports and their styles. */
function firstLoad(entry, module = entry) {
  const manifest = manifestOf(entry);
  const seen = new Set();
  const found = new Set(sheets(entry));
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    found.add(chunk.file);
    for (const css of chunk.css ?? []) found.add(css);
    for (const next of chunk.imports ?? []) visit(next);
  };
  visit(module);
  return [...found];
}

/** Files of the heaviest page that the entry loads later, beside the first load; the dictionary of pinyin is no page. */
function heaviestPage(entry) {
  const manifest = manifestOf(entry);
  const base = new Set(firstLoad(entry));
  const lazy = [...base].flatMap((file) => Object.values(manifest).filter((chunk) => chunk.file === file).flatMap((chunk) => chunk.dynamicImports ?? []));
  const pages = lazy.filter((key) => key.startsWith("src/")).map((key) => firstLoad(entry, key).filter((file) => !base.has(file)));
  return pages.sort((a, b) => sizeOf(b) - sizeOf(a))[0] ?? [];
}

function gz(name) {
  return gzipSync(readFileSync(join(dist, name)), { level: 9 }).length / 1000;
}

function sizeOf(names) {
  return names.reduce((sum, name) => sum + gz(name), 0);
}

let over = false;
for (const [entry, budget] of Object.entries(BUDGET)) {
  const parts = [...firstLoad(entry), ...heaviestPage(entry)];
  const total = sizeOf(parts);
  console.log(`${entry}: ${total.toFixed(1)} kB gz of ${budget} with its heaviest page (${sizeOf(firstLoad(entry)).toFixed(1)} without)`);
  if (total > budget) {
    over = true;
    for (const name of parts) console.error(`  ${gz(name).toFixed(1)} kB  ${name}`);
  }
}
rmSync(join(dist, ".vite"), { recursive: true });
if (over) {
  console.error("a first load is over its budget: load something later, or leave it out");
  process.exit(1);
}
