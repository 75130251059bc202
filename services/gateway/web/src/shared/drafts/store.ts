/** Drafts that survive a reload, a crash and a lost session: one a form and tab, in local storage, gone after a day. */

/** How a draft is kept. */
export interface Draft<T> {
  /** Tab that wrote it. */
  tab: string;
  /** When, ms since 1970. */
  at: number;
  values: T;
}

const PREFIX = "hotline.draft.";
/** How long a draft is offered, in ms. */
export const KEEP_MS = 24 * 3_600_000;
/** A tab that has not written for so long may lose its draft to another one, in ms. */
export const ORPHAN_MS = 10_000;

/** What is needed of `localStorage`. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Keeps the draft of one form in one tab. A full storage is no fault: the form still works. */
export function saveDraft<T>(shelf: Shelf, form: string, tab: string, values: T, at: number): boolean {
  try {
    shelf.setItem(`${PREFIX}${form}.${tab}`, JSON.stringify({ tab, at, values } satisfies Draft<T>));
    return true;
  } catch {
    return false;
  }
}

/** Forgets it. */
export function dropDraft(shelf: Shelf, form: string, tab: string): void {
  shelf.removeItem(`${PREFIX}${form}.${tab}`);
}

/** This tab's own draft. */
export function ownDraft<T>(shelf: Shelf, form: string, tab: string, now: number): Draft<T> | undefined {
  return read<T>(shelf, `${PREFIX}${form}.${tab}`, now);
}

/** Drafts of the form that other tabs left, newest first. */
export function leftDrafts<T>(shelf: Shelf, form: string, tab: string, now: number): Draft<T>[] {
  const found: Draft<T>[] = [];
  for (const key of keys(shelf, `${PREFIX}${form}.`)) {
    const draft = read<T>(shelf, key, now);
    if (draft && draft.tab !== tab && now - draft.at > ORPHAN_MS) found.push(draft);
  }
  return found.sort((a, b) => b.at - a.at);
}

/** Forgets every draft: at sign-out, for the next person at this machine. */
export function dropAll(shelf: Shelf): void {
  for (const key of keys(shelf, PREFIX)) shelf.removeItem(key);
}

function keys(shelf: Shelf, prefix: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < shelf.length; at += 1) {
    const key = shelf.key(at);
    if (key?.startsWith(prefix)) found.push(key);
  }
  return found;
}

function read<T>(shelf: Shelf, key: string, now: number): Draft<T> | undefined {
  const text = shelf.getItem(key);
  if (text === null) return undefined;
  try {
    const draft = JSON.parse(text) as Draft<T>;
    if (typeof draft.at === "number" && now - draft.at < KEEP_MS) return draft;
  } catch {
    // Written by another version: of no use.
  }
  shelf.removeItem(key);
  return undefined;
}
