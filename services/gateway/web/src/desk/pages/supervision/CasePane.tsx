/** A case in a drawer: why it is, its documents with the unit's answers, and what can be done next. */
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Skeleton } from "antd";
import { type ReactNode, useState } from "react";
import { CaseState, type SupervisionCase, type SupervisionInstrument, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useLang, useWords } from "@shared/i18n/i18n";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { useRole } from "@shared/session/session";
import { dateTime, msOf } from "@shared/time/format";
import { FailureNote, StateTag } from "@shared/ui/state";
import { useUndo } from "@shared/ui/undo";
import { CaseForms, type CaseForm } from "./CaseForms";
import { CaseTag } from "./CaseList";
import { useUnits } from "./useBoard";
import { caseWords } from "./words";

/** `name`: identifier or number of the case; empty for none. */
export function CasePane({ name, onClose }: { name: string; onClose: () => void }) {
  const query = useRpc(SupervisionService.method.getCase, { case: name }, { enabled: name !== "" });
  const found = query.data?.case;
  return (
    <Drawer open={name !== ""} onClose={onClose} size={760} title={found ? `${found.number} ${found.title}` : name} destroyOnHidden>
      {query.error ? <FailureNote failure={query.error} retry={() => void query.refetch()} /> : null}
      {found ? <Content found={found} /> : query.error ? null : <Skeleton active paragraph={{ rows: 10 }} />}
    </Drawer>
  );
}

function Content({ found }: { found: SupervisionCase }) {
  const t = useWords(caseWords);
  const language = useLang();
  const units = useUnits();
  const later = useUndo();
  const verify = useCommand(SupervisionService.method.openVerification);
  const [form, setForm] = useState<CaseForm>();
  const mayAct = useRole("supervisor", "leader", "special_team") && found.state !== CaseState.CLOSED;
  const unitName = (id: string) => units.find(({ unitId }) => unitId === id)?.name ?? id;
  const facts: [string, ReactNode][] = [
    [t("unit"), unitName(found.unitId)],
    [t("order"), found.orderNumber === "" ? "" : <Link to={`/orders/${found.orderNumber}` as never}>{found.orderNumber}</Link>],
    [t("class"), found.className],
    [t("article"), found.article],
    [t("opened"), `${dateTime(msOf(found.openedAt))} ${found.openedBy === "sla-timer" ? t("rule") : found.openedBy}`],
    [t("reason"), found.reason],
    [t("why"), language === "zh" ? found.why : found.whyEn],
  ];
  return (
    <div className="case">
      <div className="case-acts">
        <CaseTag state={found.state} />
        {mayAct ? (
          <>
            <Button type="primary" onClick={() => setForm({ kind: "issue" })}>{t("issue")}</Button>
            <Button onClick={() => setForm({ kind: "meeting" })}>{t("coordinate")}</Button>
            {found.toVerify ? null : (
              <Button
                onClick={() =>
                  later({ label: t("verifyLabel", { number: found.number }), commit: () => verify.run({ caseId: found.caseId, version: found.version }) })
                }
              >
                {t("verify")}
              </Button>
            )}
            <Button onClick={() => setForm({ kind: "finish" })}>{t("finish")}</Button>
          </>
        ) : null}
      </div>
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <div key={label} className="case-row">
              <dt>{label}</dt>
              <dd className="pre">{value}</dd>
            </div>
          ))}
      </dl>
      <h3>{t("documents")}</h3>
      {found.instruments.length === 0 ? <p className="dim">{t("none")}</p> : null}
      {found.instruments.map((one) => (
        <Letter key={one.instrumentId} letter={one} unit={unitName(one.unitId)} found={found} mayAct={mayAct} onBack={() => setForm({ kind: "back", instrumentId: one.instrumentId })} />
      ))}
      <Rest found={found} unitName={unitName} />
      {form ? <CaseForms form={form} found={found} onClose={() => setForm(undefined)} /> : null}
    </div>
  );
}

interface LetterProps {
  letter: SupervisionInstrument;
  unit: string;
  found: SupervisionCase;
  mayAct: boolean;
  onBack: () => void;
}

function Letter({ letter, unit, found, mayAct, onBack }: LetterProps) {
  const t = useWords(caseWords);
  const later = useUndo();
  const decide = useCommand(SupervisionService.method.decideReply);
  const accept = () =>
    later({
      label: t("acceptLabel", { name: letter.number || letter.name }),
      commit: () => decide.run({ caseId: found.caseId, version: found.version, instrumentId: letter.instrumentId, accepted: true }),
    });
  const waits = letter.dueAt !== undefined && letter.reply === "";
  return (
    <article className="case-letter">
      <header>
        <strong>{letter.name}</strong> <span className="num">{letter.number}</span> <span className="dim">{unit}</span>
        <span className="grow" />
        <span className="dim num">{dateTime(msOf(letter.issuedAt))}</span>
      </header>
      <p className="pre">{letter.text}</p>
      <p className="case-line">
        {letter.dueAt ? <span className="num">{t("due", { at: dateTime(msOf(letter.dueAt)) })}</span> : null}
        {waits ? <StateTag tone={letter.overdue ? "bad" : "warn"}>{t(letter.overdue ? "overdue" : "waits")}</StateTag> : null}
        {letter.decision === "" ? null : <StateTag tone={letter.decision === "accepted" ? "good" : "bad"}>{t(letter.decision as "accepted")}</StateTag>}
        {letter.article === "" ? null : <span className="dim">{letter.article}</span>}
      </p>
      {letter.reply === "" ? null : (
        <blockquote>
          <p className="pre">{letter.reply}</p>
          <p className="dim">
            {t("replied", { who: letter.repliedBy, at: dateTime(msOf(letter.repliedAt)) })}
            {letter.attachments.length > 0 ? ` · ${t("attachments", { names: letter.attachments.join("、") })}` : ""}
          </p>
          {letter.decisionReason === "" ? null : <p>{letter.decisionReason}</p>}
        </blockquote>
      )}
      {mayAct && letter.reply !== "" && letter.decision === "" ? (
        <div className="case-acts">
          <Button type="primary" onClick={accept}>{t("accept")}</Button>
          <Button danger onClick={onBack}>{t("sendBack")}</Button>
        </div>
      ) : null}
    </article>
  );
}

function Rest({ found, unitName }: { found: SupervisionCase; unitName: (id: string) => string }) {
  const t = useWords(caseWords);
  const language = useLang();
  const lists: [string, ReactNode[]][] = [
    [t("cards"), found.cards.map((card) => <><StateTag tone={card.colour === "red" ? "bad" : "warn"}>{t(card.colour as "red")}</StateTag> {language === "zh" ? card.why : card.whyEn}</>)],
    [t("meetings"), found.meetings.map((one) => `${dateTime(msOf(one.heldAt))} ${one.bodyName}：${one.minutes}${one.leadUnitId ? `（${t("lead", { unit: unitName(one.leadUnitId) })}）` : ""}`)],
    [t("verifications"), found.verifications.map((one) => `${t((one.outcome || "pending") as "compliant")} ${one.note}`)],
    [t("causes"), found.causes.map((one) => `${one.name} ${one.why}（${one.article}）`)],
    [t("measures"), found.measures.map((one) => `${one.name} ${one.subject} ${one.reason}`)],
  ];
  return lists
    .filter(([, items]) => items.length > 0)
    .map(([title, items]) => (
      <section key={title}>
        <h3>{title}</h3>
        <ul>
          {items.map((item, at) => (
            <li key={at}>{item}</li>
          ))}
        </ul>
      </section>
    ));
}
