/** Everything about one piece of work, with every act that is open for it now. */
import { Button } from "antd";
import { type GetLegFormsResponse, LegState, type RequestForm, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { useReportPresence } from "@shared/live/useReportPresence";
import { useRpc } from "@shared/rpc/hooks";
import { useNow } from "@shared/time/clock";
import { dateTime, msOf, shortTime, span } from "@shared/time/format";
import { StateTag } from "@shared/ui/state";
import { legKinds, legStates, useNames } from "@shared/words/enums";
import { WorkClock, type MainAct } from "./LegCard";
import type { Form } from "./LegForms";
import type { Work } from "./legs";
import { words } from "./words";

/** What the forms of a leg ask for; nothing while it is not known. */
export function useForms(work: Work): GetLegFormsResponse | undefined {
  const input = { orderId: work.order.facts?.orderId ?? "", legId: work.leg.facts?.legId ?? "" };
  return useRpc(RoutingService.method.getLegForms, input).data;
}

interface LegSheetProps {
  work: Work;
  act: MainAct | undefined;
  waits: boolean;
  mayDecide: boolean;
  onForm: (form: Form) => void;
  onClose: () => void;
}

export function LegSheet({ work, act, waits, mayDecide, onForm, onClose }: LegSheetProps) {
  const t = useWords(words);
  const name = useNames();
  const { order, leg } = work;
  useReportPresence(order.facts?.orderId ?? "", false);
  const others = order.legs.filter(({ facts }) => facts?.round === leg.facts?.round && facts?.legId !== leg.facts?.legId);
  return (
    <section className="leg-sheet card" aria-label={order.title}>
      <div className="leg-sheet-head">
        <h2>{order.title}</h2>
        <Button onClick={onClose}>{t("close")}</Button>
      </div>
      <div className="leg-tags">
        <WorkClock work={work} />
        <StateTag tone="info">{name(legStates, leg.state)}</StateTag>
        {order.confidential ? <StateTag tone="warn">{t("confidential")}</StateTag> : null}
        {leg.contactedAt ? <StateTag tone="good">{t("contacted", { at: dateTime(msOf(leg.contactedAt)) })}</StateTag> : null}
      </div>
      {waits ? <p className="leg-waits">{t("waits")}</p> : <Acts work={work} act={act} mayDecide={mayDecide} onForm={onForm} />}
      <h3>{t("content")}</h3>
      <p className="pre">{order.content}</p>
      <dl className="facts">
        {order.enterprise ? (
          <>
            <dt>{t("enterprise")}</dt>
            <dd>{order.enterprise.name}</dd>
          </>
        ) : null}
        <dt>{t("due")}</dt>
        <dd className="num">{dateTime(msOf(leg.dueAt)) || t("noDue")}</dd>
        <dt>{t("role")}</dt>
        <dd>{name(legKinds, leg.facts?.kind ?? 0)}</dd>
        {leg.duty === "" ? null : (
          <>
            <dt>{t("duty")}</dt>
            <dd>{leg.duty}</dd>
          </>
        )}
        {others.length > 0 ? (
          <>
            <dt>{t("others")}</dt>
            <dd>
              {others.map((other) => (
                <div key={other.facts?.legId}>
                  {other.unitName}（{name(legKinds, other.facts?.kind ?? 0)}，{name(legStates, other.state)}）
                </div>
              ))}
            </dd>
          </>
        ) : null}
      </dl>
      <History work={work} />
    </section>
  );
}

function Acts({ work: { leg, order }, act, mayDecide, onForm, work }: Pick<LegSheetProps, "work" | "act" | "mayDecide" | "onForm">) {
  const t = useWords(words);
  const forms = useForms(work);
  const inHand = leg.state === LegState.SIGNED || leg.state === LegState.SENT_BACK;
  const returnable = leg.state === LegState.TO_SIGN || leg.state === LegState.SIGNED;
  return (
    <div className="leg-acts">
      {act ? (
        <Button type="primary" size="large" loading={act.pending ?? false} onClick={act.run}>
          {act.label}
        </Button>
      ) : null}
      {mayDecide ? (
        <Button size="large" danger onClick={() => onForm("withhold")}>
          {t("doWithhold")}
        </Button>
      ) : null}
      {inHand && leg.contactedAt ? (
        <Button size="large" onClick={() => onForm("contact")}>
          {t("doContact")}
        </Button>
      ) : null}
      {inHand && !leg.contactedAt ? (
        <Button size="large" onClick={() => onForm("reply")}>
          {t("doReply")}
        </Button>
      ) : null}
      {returnable && !leg.returnRequest ? <Timed form={forms?.giveBack} label={t("doReturn")} left="leftReturn" onOpen={() => onForm("return")} /> : null}
      {inHand && !leg.extensionRequest ? <Timed form={forms?.extension} label={t("doExtend")} left="leftExtend" onOpen={() => onForm("extend")} /> : null}
      {order.urgeCount > 0 ? <StateTag tone="warn">{t("urged", { n: order.urgeCount })}</StateTag> : null}
    </div>
  );
}

/** A request with the time for which it is still open on its own button; without its rules the service decides. */
function Timed({ form, label, left, onOpen }: { form: RequestForm | undefined; label: string; left: "leftReturn" | "leftExtend"; onOpen: () => void }) {
  const t = useWords(words);
  const now = useNow();
  const closes = msOf(form?.closesAt);
  if (form && !form.open) {
    return (
      <span className="leg-barred">
        {label} {t("barred", { why: form.barredText })}
      </span>
    );
  }
  return (
    <Button size="large" className="leg-timed" onClick={onOpen} disabled={closes !== undefined && closes < now}>
      {label}
      {closes === undefined ? null : <small className="num">{t(left, { left: span(Math.max(0, closes - now)) })}</small>}
    </Button>
  );
}

function History({ work: { leg } }: { work: Work }) {
  const t = useWords(words);
  const now = useNow();
  const last = leg.sendBacks.at(-1);
  return (
    <>
      {last ? (
        <>
          <h3>{t("sentBack")}</h3>
          <p className="leg-back">
            {last.faults.map((fault) => t(fault as "not_standard")).join("、")} {last.reason} <span className="num">{shortTime(msOf(last.sentBackAt), now)}</span>
          </p>
        </>
      ) : null}
      {leg.reply ? (
        <>
          <h3>{t("lastReply")}</h3>
          <p className="pre">{leg.reply.publicText || leg.reply.action}</p>
        </>
      ) : null}
      {leg.unitApprovals.length > 0 ? (
        <>
          <h3>{t("approvals")}</h3>
          <ul className="leg-notes">
            {leg.unitApprovals.map((one, at) => (
              <li key={at}>
                {t(one.level as "section")} {t(one.approved ? "passed" : "withheld")} {one.reason} <span className="num dim">{shortTime(msOf(one.decidedAt), now)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {leg.notes.length > 0 ? (
        <>
          <h3>{t("notes")}</h3>
          <ul className="leg-notes">
            {leg.notes.map((one, at) => (
              <li key={at}>
                {one.words} <span className="num dim">{shortTime(msOf(one.notedAt), now)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
