/** A reply under review, part by part, with what changed since the last version. */
import { Switch } from "antd";
import { useState } from "react";
import type { Reply } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { dateTime, msOf } from "@shared/time/format";
import { diff } from "./diff";
import { OrderHead } from "./OrderHead";
import { earlierReply, type Item } from "./queue";
import { words } from "./words";

type Part = "publicText" | "action" | "legalBasis" | "told" | "internalText" | "opinion";
const LONG: readonly Part[] = ["publicText", "action", "legalBasis", "told", "internalText", "opinion"];

export function ReplyPane({ item }: { item: Item }) {
  const t = useWords(words);
  const [compare, setCompare] = useState(true);
  const reply = item.leg.reply;
  const before = earlierReply(item);
  const sent = item.leg.sendBacks.at(-1);
  if (!reply) return null;
  return (
    <article className="card review-reply">
      <OrderHead item={item} />
      {before ? (
        <label className="review-compare">
          <Switch size="small" checked={compare} onChange={setCompare} aria-label={t("diff")} /> {t("diff")}
        </label>
      ) : (
        <p className="dim">{t("firstVersion")}</p>
      )}
      {sent ? (
        <p className="review-was">
          {t("wasWrong", { why: `${sent.faults.map((fault) => t(fault as "not_standard")).map((word) => `“${word}”`).join("、")} ${sent.reason}` })}
        </p>
      ) : null}
      <Facts reply={reply} />
      {LONG.filter((part) => reply[part] !== "" || (before?.[part] ?? "") !== "").map((part) => (
        <section key={part} className={part === "internalText" ? "review-part review-internal" : "review-part"}>
          <h3>{t(part)}</h3>
          <Text before={compare ? before?.[part] : undefined} after={reply[part]} />
        </section>
      ))}
      {reply.evidence.length > 0 ? (
        <section className="review-part">
          <h3>{t("evidence")}</h3>
          <ul>
            {reply.evidence.map(({ name, reference }) => (
              <li key={reference}>{name}</li>
            ))}
          </ul>
        </section>
      ) : null}
    </article>
  );
}

function Facts({ reply }: { reply: Reply }) {
  const t = useWords(words);
  const rows: [string, string][] = [
    [t("result"), reply.result === "" ? "" : t(reply.result as "solved")],
    [t("handledAt"), dateTime(msOf(reply.handledAt))],
    [t("office"), reply.office],
    [t("handler"), reply.handler],
    [t("contact"), reply.contact],
  ];
  return (
    <dl className="review-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={value === "" ? "review-missing" : ""}>{value || t("missing")}</dd>
        </div>
      ))}
    </dl>
  );
}

function Text({ before, after }: { before: string | undefined; after: string }) {
  if (before === undefined) return <p className="pre">{after}</p>;
  return (
    <p className="pre">
      {diff(before, after).map(({ kind, text }, at) => {
        if (kind === "gone") return <del key={at}>{text}</del>;
        return kind === "added" ? <ins key={at}>{text}</ins> : <span key={at}>{text}</span>;
      })}
    </p>
  );
}
