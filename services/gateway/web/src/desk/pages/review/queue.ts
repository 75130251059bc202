/** The reviewer's queue: replies, returns and extensions in one line, oldest first. Pure, for tests. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Leg, LegState, type Order, type Reply } from "@gen/hotline/routing/v1/routing_pb";

/** What is to be decided. */
export type ItemKind = "reply" | "return" | "extension";

/** One decision. */
export interface Item {
  /** Names it: a reply or a request. */
  id: string;
  kind: ItemKind;
  order: Order;
  leg: Leg;
  /** When it was handed in, ms. */
  at: number;
}

/** Every decision that the orders wait for; an order that two lists have counts once. */
export function itemsOf(orders: readonly Order[]): Item[] {
  const found = new Map<string, Item>();
  for (const order of orders) {
    for (const leg of order.legs) {
      const add = (kind: ItemKind, id: string | undefined, at: Leg["repliedAt"]) => {
        if (id) found.set(id, { id, kind, order, leg, at: at ? timestampMs(at) : 0 });
      };
      if (leg.state === LegState.REPLIED) add("reply", leg.reply?.replyId || leg.facts?.legId, leg.repliedAt);
      add("return", leg.returnRequest?.requestId, leg.returnRequest?.requestedAt);
      add("extension", leg.extensionRequest?.requestId, leg.extensionRequest?.requestedAt);
    }
  }
  return [...found.values()].sort((a, b) => a.at - b.at || a.id.localeCompare(b.id));
}

/** The unit's reply before this one: the last that was sent back, or that of its leg in an earlier round. */
export function earlierReply({ order, leg }: Item): Reply | undefined {
  const sentBack = leg.sendBacks.at(-1)?.reply;
  if (sentBack) return sentBack;
  const round = leg.facts?.round ?? 1;
  return order.legs.findLast((other) => other.facts?.unitId === leg.facts?.unitId && (other.facts?.round ?? 1) < round && other.reply)?.reply;
}

/** Where to go when `id` is gone: the one that takes its place, else the last. */
export function nextAfter(items: readonly Item[], id: string): string {
  const at = items.findIndex((item) => item.id === id);
  return (items[at + 1] ?? items[at - 1])?.id ?? "";
}
