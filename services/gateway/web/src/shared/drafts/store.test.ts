import { beforeEach, expect, test } from "vitest";
import { dropAll, dropDraft, KEEP_MS, leftDrafts, ORPHAN_MS, ownDraft, saveDraft, type Shelf } from "./store";

let kept: Map<string, string>;
let shelf: Shelf;

beforeEach(() => {
  kept = new Map();
  shelf = {
    get length() {
      return kept.size;
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
});

test("a tab finds its own draft again and forgets it when it is sent", () => {
  saveDraft(shelf, "intake", "a", { title: "路灯" }, 1000);
  expect(ownDraft<{ title: string }>(shelf, "intake", "a", 2000)?.values.title).toBe("路灯");
  dropDraft(shelf, "intake", "a");
  expect(ownDraft(shelf, "intake", "a", 2000)).toBeUndefined();
});

test("the draft of a tab that still writes is not offered to another", () => {
  saveDraft(shelf, "intake", "a", 1, 1000);
  expect(leftDrafts(shelf, "intake", "b", 1000 + ORPHAN_MS)).toEqual([]);
  expect(leftDrafts(shelf, "intake", "b", 1001 + ORPHAN_MS)).toHaveLength(1);
  expect(leftDrafts(shelf, "reply", "b", 1001 + ORPHAN_MS)).toEqual([]);
});

test("a draft is gone after a day, and a broken one at once", () => {
  saveDraft(shelf, "intake", "a", 1, 0);
  kept.set("hotline.draft.intake.c", "{");
  expect(leftDrafts(shelf, "intake", "b", KEEP_MS)).toEqual([]);
  expect(kept.size).toBe(0);
});

test("signing out leaves nothing for the next person", () => {
  saveDraft(shelf, "intake", "a", 1, 0);
  kept.set("hotline.lang", "en");
  dropAll(shelf);
  expect([...kept.keys()]).toEqual(["hotline.lang"]);
});

test("a full storage is no fault", () => {
  const full = { ...shelf, setItem: () => { throw new Error("full"); } };
  expect(saveDraft(full, "intake", "a", 1, 0)).toBe(false);
});
