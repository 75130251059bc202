/** The clocks of a page of orders: one call for all of its rows, and the nearest on each. */
import { type Clock, SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { RpcFailure } from "@shared/rpc/errors";
import { call } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";
import { ServiceClock } from "@shared/ui/ClockChip";
import { byOrder, nearest } from "./nearest";

/** Orders that one call takes at most. */
export const AT_ONCE = 100;


const NONE: ReadonlyMap<string, readonly Clock[]> = new Map();

/** Whether the reader may see clocks. */
export function useMayClocks(): boolean {
  return useMay(SlaTimerService.method.listOpenClocks);
}

/** The open clocks of these orders, asked for together. */
export async function openClocks(orderIds: readonly string[], signal?: AbortSignal): Promise<Clock[]> {
  const parts: Promise<{ clocks: Clock[] }>[] = [];
  for (let at = 0; at < orderIds.length; at += AT_ONCE) {
    parts.push(call(SlaTimerService.method.listOpenClocks, { orderIds: orderIds.slice(at, at + AT_ONCE) }, signal));
  }
  return (await Promise.all(parts)).flatMap(({ clocks }) => clocks);
}

/** Open clocks by order; empty while they are not known, and for a reader who may not see them. */
export function useClocksOf(orderIds: readonly string[]): ReadonlyMap<string, readonly Clock[]> {
  const may = useMayClocks();
  const ids = [...new Set(orderIds)].filter((id) => id !== "").sort();
  const query = useQuery<Clock[], RpcFailure>({
    queryKey: ["rpc", SlaTimerService.typeName, "ListOpenClocks", JSON.stringify({ orderIds: ids })],
    queryFn: ({ signal }) => openClocks(ids, signal),
    enabled: may && ids.length > 0,
    staleTime: 60_000,
    structuralSharing: false,
    // The clocks of the page before stay beside the orders that both have.
    placeholderData: keepPreviousData,
  });
  return useMemo(() => (query.data ? byOrder(query.data) : NONE), [query.data]);
}

const Clocks = createContext(NONE);

/** Gives the rows below the clocks of the page. */
export function PageClocks({ orderIds, children }: { orderIds: readonly string[]; children: ReactNode }) {
  return <Clocks value={useClocksOf(orderIds)}>{children}</Clocks>;
}

/** The order's open clocks, of those that the page has asked for. */
export function usePageClocks(orderId: string): readonly Clock[] {
  return useContext(Clocks).get(orderId) ?? [];
}

/** The order's clock that is due next, of those that the page has asked for. */
export function NextClock({ orderId }: { orderId: string }) {
  const clock = nearest(usePageClocks(orderId));
  return clock ? <ServiceClock clock={clock} showName /> : null;
}
