/** Bulk acts of the dispatch desk: each order is its own command; what was refused is told, the rest is done. */
import { type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import type { Say } from "@shared/i18n/i18n";
import { call } from "@shared/rpc/hooks";
import type { BulkAct } from "@shared/table/DataTable";
import { useBatch } from "@shared/table/useBatch";
import type { Queue } from "./queues";
import { sendOut } from "./send";
import type { words } from "./words";

/** The acts of a queue; `hide` takes rows away while their commands wait, `show` gives them back. */
export function useBulk(queue: Queue, t: Say<typeof words>, hide: (orders: readonly Order[]) => void, show: (orders: readonly Order[]) => void) {
  const batch = useBatch<Order>();
  const R = RoutingService.method;
  const at = (order: Order) => ({ orderId: order.facts?.orderId ?? "", version: order.version });
  const act = (key: string, chord: string, label: string, said: (n: number) => string, run: (order: Order) => Promise<unknown>, leaves: boolean): BulkAct<Order> => ({
    key,
    chord,
    label,
    run: (orders) => {
      if (leaves) hide(orders);
      batch.start({ label: said(orders.length), items: orders, act: run, after: () => show(orders) });
    },
  });
  const acts: BulkAct<Order>[] = [
    act("claim", "c", t("claim"), (n) => t("claimed", { n }), (order) => call(R.claimOrder, at(order)), queue === "pool"),
    act("dispatch", "b", t("bulkDispatch"), (n) => t("dispatched", { n }), (order) => sendOut(order), true),
    ...(queue === "waiting" ? [act("release", "v", t("release"), (n) => t("released", { n }), (order) => call(R.releaseOrder, { orderId: at(order).orderId }), false)] : []),
  ];
  return { ...batch, acts };
}
