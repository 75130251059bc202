/** The member units: names by identifier, and choices of a select that pinyin initials find. */
import { type MemberUnit, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useMemo } from "react";
import { useRpc } from "../rpc/hooks";
import { useMatcher } from "../words/useMatcher";

/** Units change seldom: asked once an hour. */
const FRESH_MS = 3_600_000;

/** The units and what a select needs of them. */
export function useUnits(enabled = true) {
  const query = useRpc(RoutingService.method.listUnits, {}, { staleTime: FRESH_MS, enabled });
  const units = query.data?.units ?? NONE;
  const byId = useMemo(() => new Map(units.map((unit) => [unit.unitId, unit])), [units]);
  const rank = useMatcher(useMemo(() => units.map((unit) => `${unit.name} ${unit.unitId}`), [units]));
  const options = useMemo(() => units.map(({ unitId, name }) => ({ value: unitId, label: name })), [units]);
  return {
    units,
    loading: query.isLoading,
    /** Name of a unit; its identifier while the names are not there. */
    name: (unitId: string) => byId.get(unitId)?.name ?? unitId,
    unit: (unitId: string): MemberUnit | undefined => byId.get(unitId),
    options,
    /** For a select's `showSearch.filterOption`. */
    filterOption: (query: string, option?: { value?: unknown }) =>
      query === "" || rank(query).some((index) => units[index]?.unitId === option?.value),
  };
}

const NONE: readonly MemberUnit[] = [];
