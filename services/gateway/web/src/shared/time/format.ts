/** Times as people read them, always in China's time, whatever the browser's zone. */
import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import { type Lang, lang } from "../i18n/i18n";

/** China's time is ahead of UTC by this, without summer time since 1991; nothing that is shown here is older. */
const AHEAD_MS = 8 * 3_600_000;

/** A point of time of the contract in ms since 1970; `undefined` stays so. */
export function msOf(at: Timestamp | undefined): number | undefined {
  return at === undefined ? undefined : timestampMs(at);
}

/** A long list asks for hundreds of times: `Intl` takes seven times as long. */
function split(ms: number) {
  const iso = new Date(ms + AHEAD_MS).toISOString();
  return { year: iso.slice(0, 4), month: iso.slice(5, 7), day: iso.slice(8, 10), hour: iso.slice(11, 13), minute: iso.slice(14, 16) };
}

/** `2026-11-22 16:30`. */
export function dateTime(ms: number | undefined): string {
  if (ms === undefined) return "";
  const { year, month, day, hour, minute } = split(ms);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** `2026-11-22`. */
export function dateOf(ms: number): string {
  const { year, month, day } = split(ms);
  return `${year}-${month}-${day}`;
}

/** `16:30` today, `11-22 16:30` this year, else with the year. */
export function shortTime(ms: number | undefined, now: number): string {
  if (ms === undefined) return "";
  const at = split(ms);
  const today = split(now);
  const clock = `${at.hour}:${at.minute}`;
  if (at.year !== today.year) return `${at.year}-${at.month}-${at.day} ${clock}`;
  if (at.month !== today.month || at.day !== today.day) return `${at.month}-${at.day} ${clock}`;
  return clock;
}

/** A span as its two largest units: 3天4时, 1时20分, 19分14秒. */
export function span(ms: number, language: Lang = lang()): string {
  const [d, h, m, s] = language === "zh" ? ["天", "时", "分", "秒"] : ["d ", "h ", "m ", "s"];
  const total = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(total / 86_400);
  const hours = Math.floor((total % 86_400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const text =
    days > 0
      ? `${days}${d}${hours}${h}`
      : hours > 0
        ? `${hours}${h}${minutes}${m}`
        : minutes > 0
          ? `${minutes}${m}${total % 60}${s}`
          : `${total % 60}${s}`;
  return text.trim();
}
