/** Small parts that every page uses: states as tags, failures, empty lists, hints of keys. */
import { Alert, Button, Empty } from "antd";
import type { ReactNode } from "react";
import { defineWords, useWords } from "../i18n/i18n";
import { chordLabel } from "../keys/chord";
import { useSingleKeys } from "../keys/keys";
import { isSingle } from "../keys/chord";
import type { RpcFailure } from "../rpc/errors";
import "./ui.css";

const words = defineWords({
  retry: ["重试", "Try again"],
  article: ["依据：{article}", "Rests on: {article}"],
  request: ["请求编号 {id}", "request {id}"],
});

/** Tone of a tag: what colour it takes beside its word. */
export type Tone = "good" | "warn" | "bad" | "calm" | "info";

/** A state as a tag: always a word, never only a colour. */
export function StateTag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}

/** The key beside an act; nothing where single keys are turned off. */
export function KeyHint({ chord }: { chord: string }) {
  const single = useSingleKeys();
  if (!single && isSingle(chord)) return null;
  return (
    <kbd className="key" aria-hidden="true">
      {chordLabel(chord)}
    </kbd>
  );
}

/** What a failed call said, with its remedy, its article and a way to try again. */
export function FailureNote({ failure, retry }: { failure: RpcFailure; retry?: () => void }) {
  const t = useWords(words);
  const more = [
    failure.message.includes(failure.remedy) ? "" : failure.remedy,
    failure.article ? t("article", { article: failure.article }) : "",
    ...failure.fields.filter(({ text }) => text !== "" && !failure.message.includes(text)).map(({ field, text }) => `${field}: ${text}`),
    [failure.reason, failure.requestId && t("request", { id: failure.requestId })].filter(Boolean).join(" · "),
  ].filter(Boolean);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="failure"
      title={failure.message}
      description={more.length > 0 ? more.map((line) => <div key={line}>{line}</div>) : undefined}
      action={retry ? <Button onClick={retry}>{t("retry")}</Button> : undefined}
    />
  );
}

/** An empty list: why it is empty, and what next. */
export function EmptyNote({ why, next }: { why: string; next?: ReactNode }) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<span className="empty-why">{why}</span>}>
      {next}
    </Empty>
  );
}
