/** Cards and breached clocks, counted by unit. Pure, for tests. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { MemberUnit } from "@gen/hotline/routing/v1/routing_pb";
import type { Clock } from "@gen/hotline/sla/v1/sla_pb";
import type { SupervisionCard } from "@gen/hotline/sla/v1/supervision_pb";

/** How one unit stands. */
export interface UnitRow {
  unitId: string;
  name: string;
  /** Division code of the unit. */
  division: string;
  yellow: number;
  red: number;
  breached: number;
  /** When the last card was issued or the last clock ran out, ms; 0 without one. */
  latest: number;
}

/** Rows of the units that have anything, the worst first: red, then yellow, then over time. */
export function rowsOf(cards: readonly SupervisionCard[], clocks: readonly Clock[], units: readonly MemberUnit[]): UnitRow[] {
  const known = new Map(units.map((unit) => [unit.unitId, unit]));
  const rows = new Map<string, UnitRow>();
  const rowOf = (unitId: string, at: number): UnitRow => {
    const unit = known.get(unitId);
    const row = rows.get(unitId) ?? { unitId, name: unit?.name ?? unitId, division: unit?.division ?? "", yellow: 0, red: 0, breached: 0, latest: 0 };
    rows.set(unitId, row);
    row.latest = Math.max(row.latest, at);
    return row;
  };
  for (const card of cards) {
    const row = rowOf(card.unitId, card.issuedAt ? timestampMs(card.issuedAt) : 0);
    if (card.colour === "red") row.red += 1;
    else row.yellow += 1;
  }
  for (const { facts } of clocks) {
    if (facts && facts.unitId !== "") rowOf(facts.unitId, facts.dueAt ? timestampMs(facts.dueAt) : 0).breached += 1;
  }
  return [...rows.values()].sort((a, b) => b.red - a.red || b.yellow - a.yellow || b.breached - a.breached || a.name.localeCompare(b.name, "zh"));
}

/** The same by division; a city's own units count as one. */
export function byDivision(rows: readonly UnitRow[], units: readonly MemberUnit[], cityWord: string): UnitRow[] {
  const places = new Map(units.filter(({ level }) => level === "county").map(({ division, name }) => [division.slice(0, 6), name]));
  const sums = new Map<string, UnitRow>();
  for (const row of rows) {
    const name = places.get(row.division.slice(0, 6)) ?? cityWord;
    const sum = sums.get(name) ?? { ...row, unitId: name, name, yellow: 0, red: 0, breached: 0, latest: 0 };
    sum.yellow += row.yellow;
    sum.red += row.red;
    sum.breached += row.breached;
    sum.latest = Math.max(sum.latest, row.latest);
    sums.set(name, sum);
  }
  return [...sums.values()].sort((a, b) => b.red - a.red || b.yellow - a.yellow || b.breached - a.breached);
}
