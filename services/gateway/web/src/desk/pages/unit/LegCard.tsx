/** One piece of work as a card: what, where, until when, and one big button. */
import { Button } from "antd";
import { LegState } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { msOf } from "@shared/time/format";
import { ClockChip, ServiceClock } from "@shared/ui/ClockChip";
import { PresenceMark } from "@shared/ui/Presence";
import { StateTag } from "@shared/ui/state";
import { appealTypes, legKinds, obligations, urgencies, useNames } from "@shared/words/enums";
import { Urgency } from "@gen/hotline/common/v1/common_pb";
import type { Work } from "./legs";
import { words } from "./words";

/** What the big button does. */
export interface MainAct {
  label: string;
  run: () => void;
  pending?: boolean;
}

interface LegCardProps {
  work: Work;
  act: MainAct | undefined;
  /** A command of it waits in the browser. */
  waits: boolean;
  onOpen: () => void;
}

export function LegCard({ work, act, waits, onOpen }: LegCardProps) {
  const t = useWords(words);
  const name = useNames();
  const { order, leg } = work;
  const facts = order.facts;
  const number = facts?.number ?? "";
  const last = leg.sendBacks.at(-1);
  return (
    <article className="leg-card" data-order={facts?.orderId}>
      <button type="button" className="leg-open" onClick={onOpen}>
        <span className="leg-title">
          <PresenceMark orderId={facts?.orderId ?? ""} />
          {order.title}
        </span>
        <span className="leg-line num">{number}</span>
      </button>
      <div className="leg-tags">
        <WorkClock work={work} />
        {facts && facts.urgency > Urgency.NORMAL ? <StateTag tone="bad">{name(urgencies, facts.urgency)}</StateTag> : null}
        <StateTag tone="calm">{name(appealTypes, facts?.type ?? 0)}</StateTag>
        <StateTag tone="info">{name(legKinds, leg.facts?.kind ?? 0)}</StateTag>
        {order.enterprise ? <StateTag tone="info">{t("enterprise")}</StateTag> : null}
        {order.urgeCount > 0 ? <StateTag tone="warn">{t("urged", { n: order.urgeCount })}</StateTag> : null}
        <Pending work={work} />
      </div>
      {leg.state === LegState.SENT_BACK && last ? (
        <p className="leg-back">
          {t("sentBack")}
          {last.faults.length > 0 ? `（${last.faults.map((fault) => t(fault as "not_standard")).join("、")}）` : ""}：{last.reason}
        </p>
      ) : null}
      {waits ? (
        <p className="leg-waits">{t("waits")}</p>
      ) : act ? (
        <Button type="primary" size="large" block loading={act.pending ?? false} onClick={act.run}>
          {act.label}
        </Button>
      ) : null}
    </article>
  );
}

/** The clock that is due first; without one the due time of the reply. */
export function WorkClock({ work }: { work: Work }) {
  const name = useNames();
  if (work.clock) return <ServiceClock clock={work.clock} showName />;
  const due = msOf(work.leg.dueAt);
  if (due === undefined) return null;
  const face = { name: name(obligations, "answer"), standing: "running" as const, startedAt: msOf(work.leg.dispatchedAt) ?? due, dueAt: due };
  return <ClockChip face={face} showName />;
}

function Pending({ work: { leg } }: { work: Work }) {
  const t = useWords(words);
  return (
    <>
      {leg.returnRequest ? <StateTag tone="warn">{t("waitsReturn")}</StateTag> : null}
      {leg.extensionRequest ? <StateTag tone="warn">{t("waitsExtension")}</StateTag> : null}
      {leg.awaitsLevel === "" ? null : <StateTag tone="warn">{t("waitsLevel", { level: t(leg.awaitsLevel as "section") })}</StateTag>}
    </>
  );
}
