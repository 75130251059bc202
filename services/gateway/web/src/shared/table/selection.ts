/** What is chosen in a list and where the reader stands; pure, for tests. */

/** State of a table. `all`: every row that matches, beyond the page. */
export interface Picked {
  at: number;
  chosen: ReadonlySet<string>;
  all: boolean;
}

export const NOTHING: Picked = { at: -1, chosen: new Set(), all: false };

/** Moves the reader by `step` within `count` rows. */
export function move(picked: Picked, step: number, count: number): Picked {
  if (count === 0) return { ...picked, at: -1 };
  const from = picked.at < 0 ? (step > 0 ? -1 : count) : picked.at;
  return { ...picked, at: Math.min(count - 1, Math.max(0, from + step)) };
}

/** Chooses a row, or no longer. */
export function toggle(picked: Picked, key: string): Picked {
  const chosen = new Set(picked.chosen);
  if (!chosen.delete(key)) chosen.add(key);
  return { ...picked, chosen, all: false };
}

/** Chooses the whole page, or nothing when it was chosen. */
export function togglePage(picked: Picked, keys: readonly string[]): Picked {
  const every = keys.length > 0 && keys.every((key) => picked.chosen.has(key));
  return { ...picked, chosen: every ? new Set() : new Set([...picked.chosen, ...keys]), all: false };
}
