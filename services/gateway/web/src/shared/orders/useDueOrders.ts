/** A list of orders by time left, as a table takes it. */
import { type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import { call } from "@shared/rpc/hooks";
import { type Keyset, type Total, usePages } from "@shared/table/usePages";
import { useOrderTotal } from "./useOrderTotal";
import { type DueCalls, type DueInput, duePage, type DueRow } from "./due";
import { openClocks } from "./PageClocks";

/** The calls, which end with `signal`. */
function callsOf(signal?: AbortSignal): DueCalls {
  const { listOrders } = RoutingService.method;
  return {
    due: async (input, pageSize, pageToken) => {
      const { clocks, nextPageToken } = await call(SlaTimerService.method.listDueClocks, { ...input, pageSize, pageToken }, signal);
      return { clocks, next: nextPageToken };
    },
    orders: async (list, pageSize, pageToken) => {
      const { orders, nextPageToken } = await call(listOrders, { ...list, pageSize, pageToken }, signal);
      return { orders, next: nextPageToken };
    },
    named: async (list, orderIds) => (await call(listOrders, { ...list, orderIds: [...orderIds] }, signal)).orders,
    open: (orderIds) => openClocks(orderIds, signal),
  };
}

/** Orders by time left. With one list, its total is counted and all of it can be gathered. */
export function useDueOrders(input: DueInput, options: { enabled?: boolean; pageSize?: number } = {}): Keyset<DueRow> {
  const only = input.lists.length === 1 && !input.onlyDue ? input.lists[0] : undefined;
  const enabled = options.enabled ?? true;
  const total: Total | undefined = useOrderTotal(only ?? {}, enabled && only !== undefined);
  return usePages<DueRow>(
    {
      service: RoutingService.typeName,
      name: "due",
      filter: JSON.stringify(input),
      load: (pageToken, pageSize, signal) => duePage(input, callsOf(signal), pageSize, pageToken),
      every: async (pageToken, pageSize) => {
        if (!only) return duePage(input, callsOf(), pageSize, pageToken);
        const { orders, next } = await callsOf().orders(only, pageSize, pageToken);
        return { rows: orders.map((order: Order): DueRow => ({ order, clock: undefined })), next };
      },
    },
    { ...options, total },
  );
}
