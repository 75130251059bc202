import { expect, test } from "vitest";
import { runBatch, type Tally } from "./batch";

const why = (thrown: unknown) => String((thrown as Error).message);

test("one refusal does not stop the others, and each is told with its reason", async () => {
  const told: Tally<number>[] = [];
  const tally = await runBatch(
    [1, 2, 3, 4, 5, 6],
    async (n) => {
      if (n % 3 === 0) throw new Error(`no ${n}`);
    },
    why,
    (step) => told.push(step),
  );
  expect(tally).toMatchObject({ all: 6, done: 4, over: true });
  expect([...tally.refused].sort((a, b) => a.item - b.item)).toEqual([
    { item: 3, why: "no 3" },
    { item: 6, why: "no 6" },
  ]);
  expect(told.at(0)).toMatchObject({ done: 0, over: false });
  expect(told.filter(({ over }) => over)).toHaveLength(1);
});

test("a batch that is stopped begins nothing more", async () => {
  let begun = 0;
  const tally = await runBatch(Array.from({ length: 50 }, (_, n) => n), async () => void (begun += 1), why, undefined, () => begun >= 8);
  expect(begun).toBeLessThan(13);
  expect(tally).toMatchObject({ all: 50, done: begun, over: true });
});
