/** Sends what waits, in its order, and says what became of each. Pure but for the calls that it is given. */
import type { RpcFailure } from "../rpc/errors";
import type { Waiting } from "./store";

/** What the queue needs of the world. */
export interface World {
  list: () => Promise<Waiting[]>;
  put: (one: Waiting) => Promise<void>;
  drop: (id: string) => Promise<void>;
  /** Sends it; throws an `RpcFailure`. */
  send: (one: Waiting) => Promise<void>;
  /** Whether what it asks for is so already: the answer to an earlier sending was lost. */
  done: (one: Waiting) => Promise<boolean>;
}

/** How a round of sending went. */
export interface Round {
  sent: number;
  /** Nothing was heard: the rest waits for the next round. */
  cut: boolean;
}

/** Sends each waiting command once. Of one leg, what follows a refused command waits for the person, too. */
export async function sendAll(world: World): Promise<Round> {
  let sent = 0;
  const held = new Set<string>();
  for (const one of await world.list()) {
    if (one.state !== "waiting") {
      held.add(one.legId);
      continue;
    }
    if (held.has(one.legId)) continue;
    const failure = await tried(world, one);
    if (failure === undefined) {
      await world.drop(one.id);
      sent += 1;
    } else if (failure.unreachable || failure.signedOut) {
      return { sent, cut: true };
    } else {
      held.add(one.legId);
      await world.put({ ...one, state: failure.stale ? "conflict" : "refused", why: failure.message });
    }
  }
  return { sent, cut: false };
}

/** Nothing when it was taken now, or before. */
async function tried(world: World, one: Waiting): Promise<RpcFailure | undefined> {
  try {
    await world.send(one);
    return undefined;
  } catch (thrown) {
    const failure = thrown as RpcFailure;
    if (failure.unreachable || failure.signedOut) return failure;
    const done = await world.done(one).catch(() => false);
    return done ? undefined : failure;
  }
}
