// Puts the README's four pictures into docs/images, out of the screenshots of the last run of all journeys:
//
//   node pictures.mjs
//
// A picture that is missing or too large fails: nothing is scaled or painted over.
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root, shots } from "./harness/places.mjs";

/** Screenshots by the name that the README has for them. */
const PICTURES = { "intake.png": "intake.png", "order.png": "order.png", "unit.png": "unit-390.png", "screen.png": "screen-1440.png" };

/** Most bytes of one picture. */
const BYTES_MAX = 250_000;

for (const [name, shot] of Object.entries(PICTURES)) {
  const from = join(shots, shot);
  const { size } = statSync(from);
  if (size > BYTES_MAX) throw new Error(`${from} has ${size} bytes, more than ${BYTES_MAX}`);
  copyFileSync(from, join(root, "docs/images", name));
  console.log(`docs/images/${name}: ${size} bytes`);
}
