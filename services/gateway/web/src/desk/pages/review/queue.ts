/** The reviewer's queue: replies, returns and extensions in one line, as their orders come. Pure, for tests. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { AppealType } from "@gen/hotline/common/v1/common_pb";
import type { DueInput } from "@shared/orders/due";
import { type Leg, LegState, type Order, type Reply } from "@gen/hotline/routing/v1/routing_pb";

/** What is to be decided. */
export type ItemKind = "reply" | "return" | "extension";

const ITEM_KINDS: readonly ItemKind[] = ["reply", "return", "extension"];
/** The clock of each kind. */
const OWED: Record<ItemKind, string> = { reply: "reply_review", return: "return_decision", extension: "extension_decision" };

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

/** What the orders owe the platform, and the lists that hold them; `kind` empty for all kinds. */
export function dueOf(kind: string, filter: { type?: AppealType; enterprise?: boolean }): DueInput {
  const narrowed = { ...(filter.type ? { type: filter.type } : {}), ...(filter.enterprise ? { label: "enterprise" } : {}) };
  const replies = { legState: LegState.REPLIED, ...narrowed };
  const requests = { awaitingDecision: true, ...narrowed };
  return {
    due: { platform: true, obligations: ITEM_KINDS.filter((one) => kind === "" || one === kind).map((one) => OWED[one]), ...filter },
    lists: kind === "reply" ? [replies] : kind === "" ? [replies, requests] : [requests],
  };
}

/** Every decision that the orders wait for, in the order of the orders; of one order the oldest first. */
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
  const place = new Map(orders.map((order, at) => [order, at]));
  const placeOf = ({ order }: Item) => place.get(order) ?? 0;
  return [...found.values()].sort((a, b) => placeOf(a) - placeOf(b) || a.at - b.at || a.id.localeCompare(b.id));
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
