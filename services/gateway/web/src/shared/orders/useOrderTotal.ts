/** Totals of lists of orders: exact up to a thousand, which is as far as anybody counts. */
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import type { OrderList } from "./due";
import { useRpc } from "@shared/rpc/hooks";
import type { Total } from "@shared/table/usePages";

/** How many orders the list has; nothing while it is not known. */
export function useOrderTotal(list: OrderList, enabled = true): Total | undefined {
  const query = useRpc(RoutingService.method.getOrderCount, { list }, { enabled, list: true, keepPrevious: true, staleTime: 10_000 });
  return query.data ? { count: query.data.count, more: query.data.more } : undefined;
}
