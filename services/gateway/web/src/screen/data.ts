/** What the wall shows, asked for again every fifteen seconds. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { AnalyticsService, Dimension } from "@gen/hotline/analytics/v1/analytics_pb";
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { ClockState, SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import { SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useLine } from "@shared/live/live";
import { call, useRpc } from "@shared/rpc/hooks";
import { useNow } from "@shared/time/clock";
import { dateOf, msOf } from "@shared/time/format";
import { stoppedAt } from "./stale";
import { lastDays, type Row } from "./sums";

/** Milliseconds between two looks. */
export const EVERY_MS = 15_000;
/** Days of the curve. */
export const DAYS = 14;
/** Days over which units, districts and categories are summed. */
export const WEEK = 7;
/** At most so many pages of figures are read for one panel. */
const PAGES = 5;

const again = { refetchInterval: EVERY_MS };

/** All rows of a measure by a dimension since `from`. */
export function useTotals(dimension: Dimension, measure: string, from: string): readonly Row[] {
  const query = useQuery({
    queryKey: ["rpc", AnalyticsService.typeName, "rows", `${dimension}/${measure}/${from}`],
    queryFn: async ({ signal }) => {
      const rows: Row[] = [];
      let pageToken = "";
      for (let page = 0; page < PAGES; page += 1) {
        const answer = await call(AnalyticsService.method.getTotals, { dimension, measure, from, pageSize: 1000, pageToken }, signal);
        rows.push(...answer.totals.map(({ day, key, measure: name, count }) => ({ day, key, measure: name, count: Number(count) })));
        pageToken = answer.nextPageToken;
        if (pageToken === "") break;
      }
      return rows;
    },
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  return query.data ?? [];
}

/** Totals of the whole platform, and how fresh they are. */
export function useOverview() {
  const now = useNow();
  const line = useLine();
  const query = useRpc(AnalyticsService.method.getOverview, {}, again);
  const dataAt = msOf(query.data?.dataTime);
  const answeredAt = query.dataUpdatedAt === 0 ? undefined : query.dataUpdatedAt + (now - Date.now());
  return {
    count: (name: string) => Number(query.data?.measures.find((measure) => measure.name === name)?.count ?? 0n),
    dataAt,
    stopped: stoppedAt({ now, answeredAt, dataAt, lagSeconds: line.state === "lagging" ? line.busLagSeconds : 0 }),
    failure: query.data ? undefined : (query.error ?? undefined),
    ready: query.data !== undefined,
  };
}

export function useClockTotals() {
  const { data } = useRpc(SlaTimerService.method.getClockTotals, {}, again);
  const of = (value: bigint | undefined) => Number(value ?? 0n);
  return { armed: of(data?.armed), met: of(data?.met), breached: of(data?.breached), late: of(data?.late), signed: of(data?.signedInTime), signedLate: of(data?.signedLate) };
}

/** Rows of the whole platform by day. */
export function useCurve() {
  const today = dateOf(useNow());
  const days = lastDays(today, DAYS);
  const from = days[0] ?? today;
  const registered = useTotals(Dimension.ALL, "appeal_registered", from);
  const settled = useTotals(Dimension.ALL, "order_settled", from);
  return { today, days, registered, settled };
}

export function useWeek(): string {
  const today = dateOf(useNow());
  return lastDays(today, WEEK)[0] ?? today;
}

export function useUnits() {
  return useRpc(RoutingService.method.listUnits, {}, { staleTime: 600_000 }).data?.units ?? [];
}

/** Names of categories by code. */
export function useCategoryName(): (code: string) => string {
  const categories = useRpc(IntakeService.method.getIntakeGuide, {}, { staleTime: 600_000 }).data?.categories ?? [];
  return (code) => categories.find((one) => one.code === code)?.name ?? code;
}

export function useUnitFigures() {
  const week = useWeek();
  const clocks = useRpc(SlaTimerService.method.listClocks, { state: ClockState.BREACHED, pageSize: 200 }, again).data?.clocks ?? [];
  const cards = useRpc(SupervisionService.method.listCards, { pageSize: 200 }, again).data?.cards ?? [];
  const recent = cards.filter(({ issuedAt }) => dateOf(msOf(issuedAt) ?? 0) >= week);
  return {
    signedInTime: useTotals(Dimension.UNIT, "signed_in_time", week),
    signedLate: useTotals(Dimension.UNIT, "signed_late", week),
    satisfied: useTotals(Dimension.UNIT, "satisfied", week),
    dissatisfied: useTotals(Dimension.UNIT, "dissatisfied", week),
    breached: clocks.map(({ facts }) => facts?.unitId ?? "").filter((unitId) => unitId !== ""),
    redCards: recent.filter(({ colour }) => colour === "red").map(({ unitId }) => unitId),
    yellowCards: recent.filter(({ colour }) => colour !== "red").map(({ unitId }) => unitId),
  };
}
