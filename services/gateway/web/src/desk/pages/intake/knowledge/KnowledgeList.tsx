/** The knowledge panel's content: what the city's data says, found by characters, pinyin or initials. */
import { Button, Input, type InputRef } from "antd";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { useLang, useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { EmptyNote, KeyHint } from "@shared/ui/state";
import { useUnits } from "@shared/units/useUnits";
import { useMatcher } from "@shared/words/useMatcher";
import type { DisposalKind } from "../disposals/DisposalDrawer";
import { words as disposalWords } from "../disposals/words";
import { useGuide, useGuideNames } from "../useGuide";
import { entriesOf, type Entry, search, SECTIONS } from "./entries";
import { words } from "./words";
import "./knowledge.css";

/** Entries shown for a search; who finds more types on. */
const SHOWN = 30;
const NONE: readonly string[] = [];

export interface KnowledgeListProps {
  /** Stands in a drawer: its key is heard there. */
  inDialog?: boolean;
  /** Where it stands, told once to a screen reader. */
  label: string;
  /** Puts words into the answer; `from` says where they came from. Absent: nothing is being answered. */
  onCopy?: (words: string, from: string) => void;
  /** Refuses by a clause, or transfers to a number. */
  onWish?: (kind: DisposalKind, preset: string) => void;
}

export default function KnowledgeList({ inDialog, label, onCopy, onWish }: KnowledgeListProps) {
  const t = useWords(words);
  const language = useLang();
  const guide = useGuide();
  const { category, division } = useGuideNames();
  const { units } = useUnits();
  const input = useRef<InputRef>(null);
  const [query, setQuery] = useState("");
  const [said, setSaid] = useState("");
  const entries = useMemo(() => entriesOf(guide, units, { t, language, category, division }), [guide, units, t, language, category, division]);
  const asked = query.trim();
  const titles = useMemo(() => entries.map(({ title }) => title.replaceAll("\n", " ")), [entries]);
  // The dictionary of pinyin is asked for once somebody searches.
  const rank = useMatcher(asked === "" ? NONE : titles);
  const found = asked === "" ? [] : search(entries, asked, rank(asked));
  useKeys({ f4: { label: t("title"), run: () => input.current?.focus({ cursor: "all" }) } }, { inDialog: inDialog ?? false });

  const copy = (entry: Entry) => {
    onCopy?.(entry.said, [entry.title, entry.article && entry.article !== "operator" ? t("article", { article: entry.article }) : ""].filter(Boolean).join(" "));
    setSaid(entry.title);
  };
  const item = (entry: Entry) => <EntryItem key={entry.key} entry={entry} {...(onCopy && entry.said !== "" ? { onCopy: () => copy(entry) } : {})} {...(onWish ? { onWish } : {})} />;
  return (
    <div className="knowledge" role="search" aria-label={label}>
      <Input
        ref={input}
        allowClear
        value={query}
        aria-label={t("find")}
        placeholder={t("find")}
        suffix={<KeyHint chord="f4" />}
        onChange={(event) => {
          setQuery(event.target.value);
          setSaid("");
        }}
        // In a drawer it stands inside a form, which Enter would send.
        onPressEnter={(event) => event.preventDefault()}
      />
      <p role="status" className="dim knowledge-said">
        {said ? t("copied", { title: said }) : asked === "" ? (entries.length > 0 ? t("hint") : "") : t("found", { n: found.length })}
      </p>
      {entries.length === 0 ? <EmptyNote why={t("empty")} next={<span className="dim">{t("emptyNext")}</span>} /> : null}
      {asked !== "" && entries.length > 0 && found.length === 0 ? <EmptyNote why={t("none", { query: asked })} next={<span className="dim">{t("noneNext")}</span>} /> : null}
      {asked === "" ? <Sections entries={entries} draw={item} /> : <ul className="knowledge-list">{found.slice(0, SHOWN).map(item)}</ul>}
      {guide && guide.document !== "" ? <p className="dim knowledge-from">{t("from", { title: guide.title, document: guide.document, day: guide.effectiveFrom })}</p> : null}
    </div>
  );
}

/** Every part, folded; what somebody has opened stays open. */
function Sections({ entries, draw }: { entries: readonly Entry[]; draw: (entry: Entry) => ReactNode }) {
  const t = useWords(words);
  return SECTIONS.map((section) => {
    const here = entries.filter((entry) => entry.section === section);
    if (here.length === 0) return null;
    return (
      <details key={section} className="knowledge-part">
        <summary>
          {t(section)} <span className="dim num">{here.length}</span>
        </summary>
        <ul className="knowledge-list">{here.map(draw)}</ul>
      </details>
    );
  });
}

function EntryItem({ entry, onCopy, onWish }: { entry: Entry; onCopy?: () => void; onWish?: (kind: DisposalKind, preset: string) => void }) {
  const t = useWords(words);
  const d = useWords(disposalWords);
  const { act } = entry;
  return (
    <li>
      <strong>{entry.title}</strong>
      {entry.lines.map(({ label, text }) => (
        <p key={label}>
          {label ? <span className="dim">{label}：</span> : null}
          {text}
        </p>
      ))}
      <div className="knowledge-foot">
        {entry.article ? <span className="dim">{entry.article === "operator" ? t("operator") : t("article", { article: entry.article })}</span> : null}
        <span className="grow" />
        {onCopy ? (
          <Button size="small" onClick={onCopy} aria-label={`${t("copy")}：${entry.title}`}>
            {t("copy")}
          </Button>
        ) : null}
        {act && onWish ? (
          <Button size="small" onClick={() => onWish(act.kind, act.preset)} aria-label={`${d(act.kind)}：${entry.title}`}>
            {d(act.kind)}
          </Button>
        ) : null}
      </div>
    </li>
  );
}
