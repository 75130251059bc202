/** What the city's data says, as entries that can be found, read out and put into an answer. Pure, for tests. */
import type { GetIntakeGuideResponse, LimitItem } from "@gen/hotline/intake/v1/intake_pb";
import type { MemberUnit } from "@gen/hotline/routing/v1/routing_pb";
import type { Lang, Say } from "@shared/i18n/i18n";
import { limitWords } from "@shared/ui/clockView";
import { appealTypes, channels, desks, obligations, transferWays, urgencies } from "@shared/words/enums";
import type { words } from "./words";

/** Parts of the panel, in their order. */
export const SECTIONS = ["rejects", "redirects", "limits", "accepts", "identity", "doors", "units"] as const;
export type Section = (typeof SECTIONS)[number];

/** One thing that somebody may look for. */
export interface Entry {
  key: string;
  section: Section;
  title: string;
  /** Its lines, each with what it is. */
  lines: { label: string; text: string }[];
  /** Article, "operator", or empty where the data names none. */
  article: string;
  /** What goes into an answer; empty for what is not for callers. */
  said: string;
  /** What can be done with it at once. */
  act?: { kind: "reject" | "transfer"; preset: string };
}

/** What entries are made with: words, language, names of categories and divisions. */
export interface Telling {
  t: Say<typeof words>;
  language: Lang;
  category: (code: string) => string;
  division: (code: string) => string;
}

type Pairs = Partial<Record<string | number, readonly [string, string]>>;

/** Every entry, by section and in the order of the policy. */
export function entriesOf(guide: GetIntakeGuideResponse | undefined, units: readonly MemberUnit[], telling: Telling): Entry[] {
  const known = guide ? [...rejects(guide, telling), ...redirects(guide, telling), ...limits(guide, telling), ...accepts(guide, telling), ...identity(guide, telling), ...doors(guide, telling)] : [];
  return [...known, ...units.map((unit) => ofUnit(unit, telling))];
}

/** Entries that fit: those whose title fits in the order of `ranked` (indexes of entries), then those that have every word in a line. */
export function search(entries: readonly Entry[], query: string, ranked: readonly number[]): Entry[] {
  const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
  const byTitle = new Set(ranked);
  const inText = ({ title, lines }: Entry) => {
    const text = `${title} ${lines.map((line) => line.text).join(" ")}`.toLowerCase();
    return parts.every((part) => text.includes(part));
  };
  return [...ranked.flatMap((at) => entries[at] ?? []), ...entries.filter((entry, at) => !byTitle.has(at) && inText(entry))];
}

function lines(all: [label: string, text: string][]): Entry["lines"] {
  return all.filter(([, text]) => text !== "").map(([label, text]) => ({ label, text }));
}

function named({ language }: Telling, table: Pairs, value: string | number): string {
  return table[value]?.[language === "zh" ? 0 : 1] ?? String(value);
}

function list(telling: Telling, table: Pairs, values: readonly (string | number)[]): string {
  return values.map((value) => named(telling, table, value)).join("、");
}

function rejects({ rejects }: GetIntakeGuideResponse, { t }: Telling): Entry[] {
  return rejects.map(({ code, name, words, go, article, handOver }) => ({
    key: `reject.${code}`,
    section: "rejects",
    title: name,
    lines: lines([[t("readOut"), words], [t("goTo"), go]]),
    article,
    said: [words, go].filter(Boolean).join("\n"),
    ...(handOver ? {} : { act: { kind: "reject" as const, preset: code } }),
  }));
}

function redirects({ redirects }: GetIntakeGuideResponse, telling: Telling): Entry[] {
  const { t } = telling;
  return redirects.map(({ number, name, useFor, ways, article }) => ({
    key: `redirect.${number}`,
    section: "redirects",
    title: `${number} ${name}`,
    lines: lines([[t("useFor"), useFor], [t("ways"), list(telling, transferWays, ways)]]),
    article,
    said: `${name}：${number}`,
    act: { kind: "transfer", preset: number },
  }));
}

/** The matters that a row holds for, in words. */
function holdsFor(row: Pick<LimitItem, "types" | "desks" | "channels" | "urgencies" | "categories" | "divisions" | "labels" | "sources" | "roundFrom">, telling: Telling): string {
  const { t, category, division } = telling;
  return [
    list(telling, appealTypes, row.types),
    list(telling, desks, row.desks),
    list(telling, channels, row.channels),
    list(telling, urgencies, row.urgencies),
    row.categories.map(category).join("、"),
    row.divisions.map(division).join("、"),
    row.labels.length > 0 ? t("byLabel", { labels: row.labels.join("、") }) : "",
    row.sources.join("、"),
    row.roundFrom > 0 ? t("roundFrom", { n: row.roundFrom }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function limits({ limits }: GetIntakeGuideResponse, telling: Telling): Entry[] {
  const { t, language } = telling;
  return limits.map((row, at) => {
    const alone = limits.filter(({ obligation }) => obligation === row.obligation).length === 1;
    const who = holdsFor(row, telling) || t(alone ? "everything" : "others");
    const owed = named(telling, obligations, row.obligation);
    const limit = row.within === "" ? t("noLimit") : limitWords(row.within, language);
    return {
      key: `limit.${at}`,
      section: "limits",
      title: t("limitOf", { who, owed, limit }),
      lines: [],
      article: row.article,
      said: row.within === "" ? "" : t("limitSaid", { who, owed, limit }),
    };
  });
}

function accepts({ accepts }: GetIntakeGuideResponse, telling: Telling): Entry[] {
  return accepts.map((item) => ({
    key: `accept.${item.code}`,
    section: "accepts",
    title: item.name,
    lines: lines([[telling.t("holds"), holdsFor({ ...item, desks: [], urgencies: [], divisions: [], sources: [], roundFrom: 0 }, telling)]]),
    article: item.article,
    said: "",
  }));
}

function identity({ identity: rule, realNames }: GetIntakeGuideResponse, telling: Telling): Entry[] {
  const { t } = telling;
  const fields = (all: readonly string[]) => all.map((field) => t(field as "name")).join("、");
  const general: Entry[] = rule
    ? [
        {
          key: "identity",
          section: "identity",
          title: t(rule.mode as "real_name"),
          lines: lines([[t("person"), fields(rule.person)], [t("enterprise"), fields(rule.enterprise)], [t("anonymous"), list(telling, appealTypes, rule.anonymousTypes)]]),
          article: rule.article,
          said: "",
        },
      ]
    : [];
  return [
    ...general,
    ...realNames.map((item, at): Entry => ({
      key: `real.${at}`,
      section: "identity",
      title: item.name,
      lines: lines([
        [t("holds"), holdsFor({ ...item, desks: [], channels: [], urgencies: [], divisions: [], sources: [], roundFrom: 0 }, telling)],
        [t("registers"), [fields(item.requires), item.noSecrecy ? t("noSecrecy") : ""].filter(Boolean).join("；")],
      ]),
      article: item.article,
      said: "",
    })),
  ];
}

function doors(guide: GetIntakeGuideResponse, telling: Telling): Entry[] {
  const { t } = telling;
  return [
    ...guide.channels.map(({ channel, name, hours, article }): Entry => ({
      key: `channel.${channel}.${name}`,
      section: "doors",
      title: name || named(telling, channels, channel),
      lines: lines([[t("hours"), hours]]),
      article,
      said: [name, hours].filter(Boolean).join("："),
    })),
    ...guide.lines.map(({ number, name, mode, go, article }): Entry => ({
      key: `line.${number}`,
      section: "doors",
      title: `${number} ${name}`,
      lines: lines([["", t(mode as "merged")], [t("goTo"), go]]),
      article,
      said: [`${name}：${number}`, go].filter(Boolean).join("\n"),
    })),
    ...guide.seats.map(({ code, name, menu, article }): Entry => ({
      key: `seat.${code}`,
      section: "doors",
      title: name,
      lines: lines([[t("menu"), menu]]),
      article,
      said: [name, menu].filter(Boolean).join("："),
    })),
  ];
}

function ofUnit(unit: MemberUnit, { t }: Telling): Entry {
  return {
    key: `unit.${unit.unitId}`,
    section: "units",
    title: unit.name,
    lines: lines([
      [t("dutyTelephone"), unit.telephone || t("noTelephone")],
      [t("duty"), t(unit.offHours === "always" ? "always" : unit.offHours === "on_call" ? "on_call" : "off")],
      [t("section"), unit.section],
      [t("services"), unit.services.join("、")],
    ]),
    article: "",
    said: unit.telephone === "" ? "" : `${unit.name}：${unit.telephone}`,
  };
}
