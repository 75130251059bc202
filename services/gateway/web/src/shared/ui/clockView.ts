/** How a clock looks: colour, shape and word, so that colour is never the only sign. Pure, for tests. */
import type { Lang } from "../i18n/i18n";
import { span } from "../time/format";

/** How a clock stands. */
export type ClockStanding = "running" | "paused" | "met" | "late" | "breached" | "cancelled";

/** What of a clock is shown. Times in ms since 1970. */
export interface ClockFace {
  /** What it measures: 签收, 答复. */
  name: string;
  standing: ClockStanding;
  startedAt: number;
  dueAt: number;
  /** When it stopped; absent while it runs. */
  stoppedAt?: number | undefined;
  /** The limit in the policy's words: "3 working days"; may be empty. */
  limit?: string | undefined;
}

/** Tone of a chip, one class each in the style sheet. */
export type ClockTone = "good" | "warn" | "bad" | "calm";

/** What a chip shows. */
export interface ClockView {
  mark: "●" | "◆" | "▲" | "❚❚" | "✓" | "–";
  word: string;
  span: string;
  tone: ClockTone;
  /** The whole in one sentence, for a screen reader; without seconds, so that it does not change every second. */
  sentence: string;
}

/** Part of the run that is left when a clock counts as near its end. */
const NEAR = 0.2;

const WORDS = {
  left: ["剩", "left"],
  near: ["临期", "near"],
  over: ["已超", "over"],
  paused: ["暂停", "paused"],
  early: ["提前", "early by"],
  late: ["超", "late by"],
  gone: ["已免除", "fell away"],
} as const;

/** The view of `face` at `now`, ms since 1970 by the server's clock. */
export function clockView(face: ClockFace, now: number, language: Lang): ClockView {
  const word = (key: keyof typeof WORDS) => WORDS[key][language === "zh" ? 0 : 1];
  const left = face.dueAt - (face.stoppedAt ?? now);
  const view = (mark: ClockView["mark"], key: keyof typeof WORDS, tone: ClockTone, ms?: number): ClockView => {
    const text = ms === undefined ? "" : span(ms, language);
    const calm = ms === undefined ? "" : span(Math.floor(ms / 60_000) * 60_000, language);
    return { mark, word: word(key), span: text, tone, sentence: sentence(face.name, word(key), calm, language) };
  };
  switch (face.standing) {
    case "cancelled":
      return view("–", "gone", "calm");
    case "paused":
      return view("❚❚", "paused", "calm", Math.max(0, left));
    case "met":
      return view("✓", "early", "good", Math.max(0, left));
    case "late":
      return view("✓", "late", "bad", -left);
    case "breached":
      return view("▲", "over", "bad", Math.max(0, -left));
    case "running": {
      if (left < 0) return view("▲", "over", "bad", -left);
      const near = left <= (face.dueAt - face.startedAt) * NEAR;
      return near ? view("◆", "near", "warn", left) : view("●", "left", "good", left);
    }
  }
}

function sentence(name: string, word: string, text: string, language: Lang): string {
  return language === "zh" ? `${name}时限${word}${text}` : `${name}: ${word} ${text}`.trim();
}

const UNITS: Record<string, string> = { hour: "小时", day: "日", minute: "分钟", month: "个月", week: "周" };

/** "3 working days" as 3 个工作日, "15 natural days" as 15 日; English stays as it is. */
export function limitWords(limit: string, language: Lang): string {
  const parts = /^(\d+) (working |natural |calendar )?(minute|hour|day|week|month)s?$/.exec(limit);
  if (language === "en" || !parts) return limit;
  const [, amount, kind, unit] = parts;
  if (kind === "working ") return `${amount} 个工作${UNITS[unit ?? ""]}`;
  return `${amount} ${UNITS[unit ?? ""]}`;
}
