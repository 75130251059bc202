/** A command on each of many rows: a few at once, told as it goes, and a report of what was refused and why. Pure, for tests. */

/** Commands on their way at once. */
const AT_ONCE = 4;

/** What was refused. */
export interface Refused<T> {
  item: T;
  why: string;
}

/** How far a batch is. */
export interface Tally<T> {
  all: number;
  done: number;
  refused: readonly Refused<T>[];
  /** Nothing more will happen: everything was tried, or somebody stopped it. */
  over: boolean;
}

/** Runs `act` over `items`; `tell` hears of every step. Whoever stops it stops what has not begun. */
export async function runBatch<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  whyOf: (thrown: unknown) => string,
  tell: (tally: Tally<T>) => void = () => undefined,
  stopped: () => boolean = () => false,
): Promise<Tally<T>> {
  let tally: Tally<T> = { all: items.length, done: 0, refused: [], over: false };
  const step = (change: Partial<Tally<T>>) => tell((tally = { ...tally, ...change }));
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined && !stopped(); item = queue.shift()) {
      try {
        await act(item);
        step({ done: tally.done + 1 });
      } catch (thrown) {
        step({ refused: [...tally.refused, { item, why: whyOf(thrown) }] });
      }
    }
  };
  step({});
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  step({ over: true });
  return tally;
}
