/** Bulk acts of the dispatch desk: each order is its own command; what was refused is told, the rest is done. */
import { type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Say } from "@shared/i18n/i18n";
import { failureOf } from "@shared/rpc/errors";
import { call } from "@shared/rpc/hooks";
import type { BulkAct } from "@shared/table/DataTable";
import { useUndo } from "@shared/ui/undo";
import { sendOut } from "./send";
import type { words } from "./words";

/** Commands on their way at once. */
const AT_ONCE = 4;

/** What became of a batch. */
export interface Tally {
  done: number;
  failed: number;
  /** The first refusal, in words. */
  why: string;
}

/** Runs `act` over `items`, a few at once, and counts. */
export async function runAll<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<Tally> {
  const tally: Tally = { done: 0, failed: 0, why: "" };
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        await act(item);
        tally.done += 1;
      } catch (thrown) {
        tally.failed += 1;
        tally.why ||= failureOf(thrown).message;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return tally;
}

/** The acts; `hide` takes rows away while their commands wait, `show` gives them back. */
export function useBulk(t: Say<typeof words>, hide: (orders: readonly Order[]) => void, show: (orders: readonly Order[]) => void) {
  const later = useUndo();
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const batch = (label: string, orders: readonly Order[], act: (order: Order) => Promise<unknown>) => {
    later({
      label,
      commit: async () => {
        const { done, failed, why } = await runAll(orders, act);
        if (failed > 0) setNote(t("some", { done, failed, why }));
        await client.invalidateQueries({ queryKey: ["rpc"] });
        show(orders);
      },
      restore: () => show(orders),
    });
  };
  const R = RoutingService.method;
  const at = (order: Order) => ({ orderId: order.facts?.orderId ?? "", version: order.version });
  const acts: BulkAct<Order>[] = [
    { key: "claim", label: t("claim"), chord: "c", run: (orders) => batch(t("claimed", { n: orders.length }), orders, (order) => call(R.claimOrder, at(order))) },
    {
      key: "dispatch",
      label: t("bulkDispatch"),
      chord: "b",
      run: (orders) => {
        hide(orders);
        batch(t("dispatched", { n: orders.length }), orders, (order) => sendOut(order));
      },
    },
  ];
  return { acts, note, clear: () => setNote("") };
}
