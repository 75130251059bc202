/** Days of China as instants: it has one zone and no summer time. Pure, for tests. */
import { dateOf } from "@shared/time/format";

/** Midnight at which the day 2026-11-01 begins, ms since 1970. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00+08:00`);
}

/** First day of the month of an instant, as a date field has it. */
export function firstOfMonth(ms: number): string {
  return `${dateOf(ms).slice(0, 8)}01`;
}
