/** The unit's open work: its orders of every state with the clocks of their legs. */
import { useMemo } from "react";
import { ClockState, SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import { type LegState, type ListOrdersResponse, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useRpc } from "@shared/rpc/hooks";
import { useSession } from "@shared/session/session";
import { TAB_STATES, type Work, worksOf } from "./legs";

/** Orders of one state that are loaded at most. */
export const SHOWN = 100;

function useLegs(legState: LegState, unitId: string) {
  return useRpc(RoutingService.method.listOrders, { legState, unitId, pageSize: SHOWN }, { enabled: unitId !== "" });
}

function useClocks(state: ClockState, unitId: string, enabled: boolean) {
  return useRpc(SlaTimerService.method.listClocks, { state, unitId, pageSize: 200 }, { enabled });
}

/** Work by list, and whether all of it is here. */
export function useWorks() {
  const { unitId, roles } = useSession();
  const sign = useLegs(TAB_STATES.sign, unitId);
  const handle = useLegs(TAB_STATES.handle, unitId);
  const back = useLegs(TAB_STATES.back, unitId);
  const approve = useLegs(TAB_STATES.approve, unitId);
  // Clocks are the clerk's and the leader's; a section sees the due time of the leg.
  const mayClocks = unitId !== "" && roles.some((role) => role === "unit_clerk" || role === "unit_leader");
  const armed = useClocks(ClockState.ARMED, unitId, mayClocks);
  const breached = useClocks(ClockState.BREACHED, unitId, mayClocks);

  const lists = { sign, handle, back, approve };
  const all = useMemo(() => {
    const clocks = [...(armed.data?.clocks ?? []), ...(breached.data?.clocks ?? [])];
    const of = (answer: ListOrdersResponse | undefined) => worksOf(answer?.orders ?? [], clocks, unitId);
    return { sign: of(sign.data), handle: of(handle.data), back: of(back.data), approve: of(approve.data) };
  }, [sign.data, handle.data, back.data, approve.data, armed.data, breached.data, unitId]);
  const queries = Object.values(lists);
  return {
    works: all satisfies Record<keyof typeof TAB_STATES, Work[]>,
    loading: queries.some(({ data, error }) => !data && !error),
    failure: queries.find(({ error }) => error)?.error ?? undefined,
    more: (tab: keyof typeof TAB_STATES) => (lists[tab].data?.nextPageToken ?? "") !== "",
    reload: () => queries.forEach((query) => void query.refetch()),
  };
}
