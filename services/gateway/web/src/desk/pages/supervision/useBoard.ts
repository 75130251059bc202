/** What the board counts: the latest cards, the clocks that ran out, the units, and the totals of all clocks. */
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { ClockState, SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import { CaseState, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useRpc } from "@shared/rpc/hooks";

/** The latest cards and clocks that the board counts. */
export const COUNTED = 200;

export function useUnits() {
  return useRpc(RoutingService.method.listUnits, {}, { staleTime: 600_000 }).data?.units ?? [];
}

export function useBoard() {
  const cards = useRpc(SupervisionService.method.listCards, { pageSize: COUNTED });
  const clocks = useRpc(SlaTimerService.method.listClocks, { state: ClockState.BREACHED, pageSize: COUNTED });
  // What is read first is asked first: the totals go through every clock there is, and would share the machine with the rows.
  const then = { enabled: cards.isFetched && clocks.isFetched };
  const totals = useRpc(SlaTimerService.method.getClockTotals, {}, then);
  const open = useRpc(SupervisionService.method.listCases, { state: CaseState.OPEN, pageSize: COUNTED }, then);
  const listed = useRpc(SupervisionService.method.listCases, { state: CaseState.LISTED, pageSize: COUNTED }, then);
  const failed = [cards, clocks].find(({ error }) => error);
  return {
    cards: cards.data?.cards ?? [],
    clocks: clocks.data?.clocks ?? [],
    totals: totals.data,
    /** Unknown until both lists are there. */
    openCases: open.data && listed.data ? open.data.cases.length + listed.data.cases.length : undefined,
    moreCases: (open.data?.nextPageToken ?? "") !== "" || (listed.data?.nextPageToken ?? "") !== "",
    partial: (cards.data?.nextPageToken ?? "") !== "" || (clocks.data?.nextPageToken ?? "") !== "",
    loading: !cards.data && !cards.error,
    failure: failed?.error ?? undefined,
    reload: () => {
      void cards.refetch();
      void clocks.refetch();
    },
  };
}
