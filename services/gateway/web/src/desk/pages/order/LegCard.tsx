/** One send: its receiver, its steps with their times, open requests and the last reply. */
import { LegKind } from "@gen/hotline/common/v1/common_pb";
import type { Leg, Order } from "@gen/hotline/routing/v1/routing_pb";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { useWords } from "@shared/i18n/i18n";
import { useNow } from "@shared/time/clock";
import { dateTime, msOf, shortTime } from "@shared/time/format";
import { StateTag } from "@shared/ui/state";
import { useUnits } from "@shared/units/useUnits";
import { legKinds, legStates, useNames } from "@shared/words/enums";
import { legTone } from "./tones";
import { results, words } from "./words";

export function LegCard({ leg, order }: { leg: Leg; order: Order }) {
  const t = useWords(words);
  const name = useNames();
  const units = useUnits();
  const kind = leg.facts?.kind ?? LegKind.UNSPECIFIED;
  const steps: [string, Timestamp | undefined][] =
    kind === LegKind.ENTERPRISE
      ? [
          [t("sent"), leg.dispatchedAt],
          [t("acked"), leg.acknowledgedAt],
        ]
      : [
          [t("sent"), leg.dispatchedAt],
          [t("signed"), leg.signedAt],
          [t("contacted"), leg.contactedAt],
          [t("replied"), leg.repliedAt],
        ];
  const old = (leg.facts?.round ?? 1) < (order.facts?.round ?? 1);
  const { returnRequest, extensionRequest } = leg;
  return (
    <article className={old ? "leg leg-old" : "leg"}>
      <header className="leg-head">
        <strong>{leg.unitName}</strong>
        <StateTag tone="calm">{name(legKinds, kind)}</StateTag>
        <StateTag tone={legTone(leg.state)}>{name(legStates, leg.state)}</StateTag>
        {old ? <span className="dim">{t("round", { n: leg.facts?.round ?? 1 })}</span> : null}
      </header>
      <Steps steps={steps} />
      {leg.dueAt && kind !== LegKind.ENTERPRISE ? (
        <p className="dim num leg-due">
          {t("due")} {dateTime(msOf(leg.dueAt))}
        </p>
      ) : null}
      {leg.duty ? <p>{leg.duty}</p> : null}
      {returnRequest ? (
        <p className="leg-request">
          ◆ {t("returnAsked")}：{returnRequest.reason} {returnRequest.proposal ? t("proposes", { unit: units.name(returnRequest.proposal) }) : ""}{" "}
          {returnRequest.signedBy ? t("signedBy", { who: returnRequest.signedBy }) : ""}
        </p>
      ) : null}
      {extensionRequest ? (
        <p className="leg-request">
          ◆ {t("extensionAsked", { amount: extensionRequest.proposal })}：{extensionRequest.reason} {extensionRequest.basis}
        </p>
      ) : null}
      {leg.reply ? (
        <details className="reply" open={!old}>
          <summary>
            {t("reply")} · {name(results, leg.reply.result)}
          </summary>
          <dl className="facts">
            <dt>{t("publicText")}</dt>
            <dd className="pre">{leg.reply.publicText}</dd>
            {leg.reply.internalText ? (
              <>
                <dt>{t("internalText")}</dt>
                <dd className="pre reply-inner">{leg.reply.internalText}</dd>
              </>
            ) : null}
            {leg.reply.legalBasis ? (
              <>
                <dt>{t("legalBasis")}</dt>
                <dd>{leg.reply.legalBasis}</dd>
              </>
            ) : null}
            <dt>{t("handler")}</dt>
            <dd>{[leg.reply.office, leg.reply.handler, leg.reply.contact].filter(Boolean).join(" · ")}</dd>
          </dl>
        </details>
      ) : null}
      {leg.notes.length > 0 ? (
        <details>
          <summary>{t("notes")}</summary>
          {leg.notes.map((note, at) => (
            <p key={at} className="pre">
              {units.name(note.unitId)}：{note.words}
            </p>
          ))}
        </details>
      ) : null}
    </article>
  );
}

function Steps({ steps }: { steps: readonly [string, Timestamp | undefined][] }) {
  const t = useWords(words);
  const now = useNow();
  return (
    <ol className="steps">
      {steps.map(([label, at]) => (
        <li key={label} className={at ? "step step-done" : "step"}>
          <span>
            <span aria-hidden="true">{at ? "✓ " : "○ "}</span>
            {label}
          </span>
          <span className="num dim">{at ? shortTime(msOf(at), now) : t("waiting")}</span>
        </li>
      ))}
    </ol>
  );
}
