/** Whether what the screen shows is still true. Pure, for tests. */

/** Milliseconds after the last good answer when the figures count as old: four refreshes. */
export const OLD_MS = 60_000;
/** Seconds for which the broker may be silent before the figures count as old. */
export const LAG_SECONDS = 30;

/** What is known about the figures. Times in ms since 1970. */
export interface Freshness {
  now: number;
  /** When the services last answered; absent before the first answer. */
  answeredAt: number | undefined;
  /** When the last event happened that the figures count; absent when there is none. */
  dataAt: number | undefined;
  /** Seconds for which the broker has not been heard. */
  lagSeconds: number;
}

/** The time at which the figures stopped; nothing while they are live. */
export function stoppedAt({ now, answeredAt, dataAt, lagSeconds }: Freshness): number | undefined {
  if (answeredAt === undefined) return undefined;
  // Nothing was answered: what is shown is as of the last answer.
  if (now - answeredAt > OLD_MS) return answeredAt;
  // The services answer but hear nothing new: what is shown is as of the last thing that they heard.
  if (lagSeconds > LAG_SECONDS) return Math.min(dataAt ?? Number.POSITIVE_INFINITY, now - lagSeconds * 1000);
  return undefined;
}
