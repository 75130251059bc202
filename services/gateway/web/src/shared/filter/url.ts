/** The state of a list in its address: only what differs from the defaults, in the order of the defaults. Pure, for tests. */

/** Values of a filter by key; the empty string is "any". */
export type Filters = Record<string, string>;

/** Reads the filter out of an address. Unknown keys are left out; a value is never longer than 200 characters. */
export function readFilters<F extends Filters>(search: Record<string, unknown>, defaults: F): F {
  const values: Filters = {};
  for (const [key, fallback] of Object.entries(defaults)) {
    const value = Object.hasOwn(search, key) ? search[key] : undefined;
    values[key] = typeof value === "string" ? value.slice(0, 200) : fallback;
  }
  return values as F;
}

/** What of the filter stands in the address. */
export function writeFilters<F extends Filters>(values: F, defaults: F): Filters {
  return Object.fromEntries(Object.keys(defaults).flatMap((key) => {
    const value = values[key] ?? "";
    return value === defaults[key] ? [] : [[key, value]];
  }));
}

/** The address's query as the router reads and writes it: plain strings, the last of a repeated key. */
export function parseQuery(query: string): Filters {
  return Object.fromEntries(new URLSearchParams(query));
}

/** The reverse; empty without keys. */
export function formatQuery(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as [string, string]] : []));
  const text = new URLSearchParams(pairs).toString();
  return text === "" ? "" : `?${text}`;
}
