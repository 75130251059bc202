/** The unit's open work: its orders of every state with the clocks of their legs, and what of all of it is due first. */
import { startTransition, useEffect, useMemo, useState } from "react";
import type { AppealType } from "@gen/hotline/common/v1/common_pb";
import { type LegState, type ListOrdersResponse, type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import type { OrderList } from "@shared/orders/due";
import { useClocksOf } from "@shared/orders/PageClocks";
import { useDueOrders } from "@shared/orders/useDueOrders";
import { useRpc } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";
import { useSession } from "@shared/session/session";
import { serverNow } from "@shared/time/clock";
import { isNear, type Tab, TAB_STATES, type Work, worksOf } from "./legs";

/** Orders of one state that are loaded at most, and of what is due first. */
export const SHOWN = 100;

/** What of the work is wanted. */
export interface WorkFilter {
  type?: AppealType;
  enterprise?: boolean;
}

function useLegs(legState: LegState, list: OrderList, wanted: boolean) {
  return useRpc(RoutingService.method.listOrders, { ...list, legState, pageSize: SHOWN }, { enabled: wanted && list.unitId !== "" });
}

const idOf = ({ facts }: { facts?: { orderId: string } | undefined }) => facts?.orderId ?? "";

const ordersOf = (answer: ListOrdersResponse | undefined) => answer?.orders ?? [];

/** Work by list, and whether all of it is here. The lists that are `read` are asked for first, the others once these are there. */
export function useWorks(filter: WorkFilter, read: readonly Tab[]) {
  const { unitId } = useSession();
  const mayClocks = useMay(SlaTimerService.method.listDueClocks) && unitId !== "";
  // Without clocks what is near its limit is found among the rest.
  const first: readonly Tab[] = !mayClocks && read.includes("near") ? ["sign", "handle", "back"] : read;
  const [others, setOthers] = useState(false);
  const wanted = (tab: Tab) => others || first.includes(tab);
  const list: OrderList = { unitId, ...(filter.type ? { type: filter.type } : {}), ...(filter.enterprise ? { label: "enterprise" } : {}) };
  const lists = {
    sign: useLegs(TAB_STATES.sign, list, wanted("sign")),
    handle: useLegs(TAB_STATES.handle, list, wanted("handle")),
    back: useLegs(TAB_STATES.back, list, wanted("back")),
    approve: useLegs(TAB_STATES.approve, list, wanted("approve")),
  };
  const { sign, handle, back, approve } = lists;
  const due = useDueOrders({ due: { unitId, ...filter }, lists: [list], onlyDue: true }, { enabled: mayClocks && wanted("near"), pageSize: SHOWN });
  const loading = first.some((tab) => (tab === "near" ? due.loading : !lists[tab].data && !lists[tab].error));
  useEffect(() => {
    if (!loading) startTransition(() => setOthers(true));
  }, [loading]);

  const idsOf = (orders: readonly Order[]) => (mayClocks ? orders.map(idOf) : []);
  const clocks = [
    useClocksOf(idsOf(ordersOf(sign.data))),
    useClocksOf(idsOf(ordersOf(handle.data))),
    useClocksOf(idsOf(ordersOf(back.data))),
    useClocksOf(idsOf(ordersOf(approve.data))),
  ];
  const all = useMemo(() => {
    const known = clocks.flatMap((of) => [...of.values()].flat());
    const of = (answer: ListOrdersResponse | undefined) => worksOf(ordersOf(answer), known, unitId);
    const dueOrders = due.rows.map(({ order }) => order);
    const soonest = worksOf(dueOrders, [...known, ...due.rows.flatMap(({ clock }) => clock ?? [])], unitId);
    return { sign: of(sign.data), handle: of(handle.data), back: of(back.data), approve: of(approve.data), soonest };
  }, [sign.data, handle.data, back.data, approve.data, due.rows, ...clocks, unitId]);
  const { soonest, ...works } = all;
  // Of a unit with more work than is loaded, what is due first is asked for by itself.
  const near = (mayClocks && !due.loading && !due.failure ? soonest : [...works.sign, ...works.handle, ...works.back]).filter((work) => isNear(work, serverNow()));
  const queries = Object.values(lists);
  return {
    works: works satisfies Record<keyof typeof TAB_STATES, Work[]>,
    near,
    nearMore: due.hasNext && near.length === soonest.length,
    loading,
    /** Whether a list is here. */
    known: (tab: Tab) => (tab === "near" ? !mayClocks || !due.loading : lists[tab].data !== undefined),
    failure: queries.find(({ error }) => error)?.error ?? undefined,
    more: (tab: keyof typeof TAB_STATES) => (lists[tab].data?.nextPageToken ?? "") !== "",
    reload: () => {
      queries.forEach((query) => void query.refetch());
      due.reload();
    },
  };
}
