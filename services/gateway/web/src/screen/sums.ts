/** Rows of the figures summed as panels need them. Pure, for tests. */
import type { MemberUnit } from "@gen/hotline/routing/v1/routing_pb";

/** One row of the figures. */
export interface Row {
  day: string;
  key: string;
  measure: string;
  count: number;
}

/** One line of a panel. */
export interface Line {
  key: string;
  name: string;
  count: number;
}

/** The days from `days - 1` ago to `today`, "2026-11-22", oldest first. */
export function lastDays(today: string, days: number): string[] {
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: days }, (_, at) => new Date(end - (days - 1 - at) * 86_400_000).toISOString().slice(0, 10));
}

/** Counts of a measure for each of the days. */
export function byDay(rows: readonly Row[], measure: string, days: readonly string[]): number[] {
  return days.map((day) => rows.filter((row) => row.day === day && row.measure === measure).reduce((sum, { count }) => sum + count, 0));
}

/** Sums by the part of the key that `part` takes, the largest first; keys without a part are left out. */
export function byKey(rows: readonly Row[], part: (key: string) => string, nameOf: (key: string) => string): Line[] {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const key = part(row.key);
    if (key !== "") sums.set(key, (sums.get(key) ?? 0) + row.count);
  }
  return [...sums].map(([key, count]) => ({ key, name: nameOf(key), count })).sort((a, b) => b.count - a.count || a.key.localeCompare(b.key));
}

/** Name of a division by the unit that governs it. */
export function placeName(units: readonly MemberUnit[], code: string, cityWord: string): string {
  if (code.endsWith("00") && code.length === 6) return cityWord;
  const named = units.find(({ division, level }) => division === code && (level === "county" || level === "town"));
  return named?.name.replace(/(人民政府|办事处|管理委员会|管委会)$/, "") ?? code;
}

/** How a unit stands on the wall. */
export interface Lamp {
  unitId: string;
  name: string;
  colour: "red" | "yellow" | "green";
  signed: number;
  late: number;
  /** Clocks that are over their time now. */
  breached: number;
  satisfied: number;
  dissatisfied: number;
}

/** What is counted of the units, by measure. */
export interface UnitFigures {
  signedInTime: readonly Row[];
  signedLate: readonly Row[];
  satisfied: readonly Row[];
  dissatisfied: readonly Row[];
  /** Unit of each clock that is over its time. */
  breached: readonly string[];
  redCards: readonly string[];
  yellowCards: readonly string[];
}

/** Red: a red card, or a clock over its time. Yellow: a yellow card, or something signed for late. The worst first. */
export function lamps(figures: UnitFigures, nameOf: (unitId: string) => string): Lamp[] {
  const found = new Map<string, Lamp>();
  const of = (unitId: string): Lamp => {
    const lamp = found.get(unitId) ?? { unitId, name: nameOf(unitId), colour: "green", signed: 0, late: 0, breached: 0, satisfied: 0, dissatisfied: 0 };
    found.set(unitId, lamp);
    return lamp;
  };
  for (const { key, count } of figures.signedInTime) of(key).signed += count;
  for (const { key, count } of figures.signedLate) of(key).late += count;
  for (const { key, count } of figures.satisfied) of(key).satisfied += count;
  for (const { key, count } of figures.dissatisfied) of(key).dissatisfied += count;
  for (const unitId of figures.breached) of(unitId).breached += 1;
  const red = new Set([...figures.redCards, ...figures.breached]);
  const yellow = new Set(figures.yellowCards);
  for (const unitId of [...red, ...yellow]) of(unitId);
  for (const lamp of found.values()) lamp.colour = red.has(lamp.unitId) ? "red" : yellow.has(lamp.unitId) || lamp.late > 0 ? "yellow" : "green";
  const rank = { red: 0, yellow: 1, green: 2 };
  found.delete("");
  return [...found.values()].sort((a, b) => rank[a.colour] - rank[b.colour] || b.breached - a.breached || b.signed + b.late - a.signed - a.late || a.unitId.localeCompare(b.unitId));
}

/** Part of the whole in per cent with one digit; a dash without a whole. */
export function rate(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((part * 100) / whole).toFixed(1)}%`;
}
