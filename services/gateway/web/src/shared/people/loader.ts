/** Gathers what components ask for one by one into few calls. */

/** Longest time for which questions are gathered, in ms: all that one drawing asks for. */
const GATHER_MS = 10;

interface Waiting<T> {
  done: (found: T | undefined) => void;
  failed: (reason: unknown) => void;
}

/** A function that finds the thing of one key; `fetch` is asked for at most `most` keys at once. */
export function loader<T>(fetch: (keys: string[]) => Promise<ReadonlyMap<string, T>>, most: number): (key: string) => Promise<T | undefined> {
  const waiting = new Map<string, Waiting<T>[]>();
  const go = () => {
    const all = [...waiting];
    waiting.clear();
    for (let at = 0; at < all.length; at += most) {
      const part = all.slice(at, at + most);
      fetch(part.map(([key]) => key)).then(
        (found) => part.forEach(([key, ears]) => ears.forEach(({ done }) => done(found.get(key)))),
        (reason: unknown) => part.forEach(([, ears]) => ears.forEach(({ failed }) => failed(reason))),
      );
    }
  };
  return (key) =>
    new Promise((done, failed) => {
      if (waiting.size === 0) setTimeout(go, GATHER_MS);
      waiting.set(key, [...(waiting.get(key) ?? []), { done, failed }]);
    });
}
