import { expect, test } from "vitest";
import { move, NOTHING, toggle, togglePage } from "./selection";

test("j begins at the first row, k at the last, and both stop at the ends", () => {
  expect(move(NOTHING, 1, 3).at).toBe(0);
  expect(move(NOTHING, -1, 3).at).toBe(2);
  expect(move({ ...NOTHING, at: 2 }, 1, 3).at).toBe(2);
  expect(move({ ...NOTHING, at: 0 }, -1, 3).at).toBe(0);
  expect(move({ ...NOTHING, at: 5 }, 1, 0).at).toBe(-1);
});

test("choosing the page twice chooses nothing, and one row less ends 'all that match'", () => {
  const page = togglePage(NOTHING, ["a", "b"]);
  expect([...page.chosen]).toEqual(["a", "b"]);
  expect(togglePage(page, ["a", "b"]).chosen.size).toBe(0);
  expect(toggle({ ...page, all: true }, "a")).toMatchObject({ all: false });
});
