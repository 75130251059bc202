/** A case in a drawer: why it is, its documents with the unit's answers, and what can be done next. */
import { PrinterOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { type ReactNode, useState } from "react";
import { CaseState, type SupervisionCase, type SupervisionInstrument, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useLang, useWords } from "@shared/i18n/i18n";
import { Person, usePerson } from "@shared/people/usePerson";
import type { RpcFailure } from "@shared/rpc/errors";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { useRole } from "@shared/session/session";
import { dateTime, msOf } from "@shared/time/format";
import { FailureNote, StateTag } from "@shared/ui/state";
import { useUndo } from "@shared/ui/undo";
import { useOnceOpen } from "@shared/ui/useOnceOpen";
import { Waiting } from "@shared/ui/Waiting";
import { AccountForms, type AccountKind } from "./AccountForms";
import { accountWords } from "./accountWords";
import { CaseForms, type CaseForm } from "./CaseForms";
import { CaseTag } from "./CaseList";
import { Material } from "./Material";
import { useUnits } from "./useBoard";
import { caseWords } from "./words";

/** `name`: identifier or number of the case; empty for none. */
export function CasePane({ name, onClose }: { name: string; onClose: () => void }) {
  const query = useRpc(SupervisionService.method.getCase, { case: name }, { enabled: name !== "" });
  const found = query.data?.case;
  if (!useOnceOpen(name !== "")) return null;
  return (
    <Drawer open={name !== ""} onClose={onClose} size={760} title={found ? `${found.number} ${found.title}` : name} destroyOnHidden>
      {query.error ? <FailureNote failure={query.error} retry={() => void query.refetch()} /> : null}
      {found ? <Content found={found} /> : query.error ? null : <Waiting rows={10} />}
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
  const mayCollect = useRole("supervisor", "leader", "special_team", "operator");
  const unitName = (id: string) => units.find(({ unitId }) => unitId === id)?.name ?? id;
  const facts: [string, ReactNode][] = [
    [t("unit"), unitName(found.unitId)],
    [t("order"), found.orderNumber === "" ? "" : <Link to={`/orders/${found.orderNumber}` as never}>{found.orderNumber}</Link>],
    [t("class"), found.className],
    [t("article"), found.article],
    [t("opened"), <>{dateTime(msOf(found.openedAt))} {found.openedBy === "sla-timer" ? t("rule") : <Person id={found.openedBy} />}</>],
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
        {mayCollect ? (
          <Button icon={<PrinterOutlined />} href={`/papers/cases/${found.caseId}/material`} target="_blank">
            {t("material")}
          </Button>
        ) : null}
      </div>
      {mayAct ? <AccountActs found={found} /> : null}
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
      <Material found={found} />
      {form ? <CaseForms form={form} found={found} onClose={() => setForm(undefined)} /> : null}
    </div>
  );
}

/** What can be done about accountability: each act has its form. */
function AccountActs({ found }: { found: SupervisionCase }) {
  const t = useWords(accountWords);
  const [form, setForm] = useState<{ kind: AccountKind; failed?: RpcFailure }>();
  const raised = found.causes.length > 0;
  const acts: [AccountKind, boolean][] = [
    ["finding", found.toVerify],
    ["platform", found.platformReason === ""],
    ["causes", true],
    ["measures", raised && found.exemption === ""],
    ["exemption", raised && found.measures.length === 0 && found.exemption === ""],
    ["handOver", true],
  ];
  return (
    <div className="case-acts" role="group" aria-label={t("group")}>
      {acts.map(([kind, shown]) =>
        shown ? (
          <Button key={kind} onClick={() => setForm({ kind })}>
            {t(kind)}
          </Button>
        ) : null,
      )}
      {form ? (
        <AccountForms
          kind={form.kind}
          found={found}
          {...(form.failed ? { failed: form.failed } : {})}
          onClose={() => setForm(undefined)}
          onAgain={(failed) => setForm({ kind: form.kind, ...(failed ? { failed } : {}) })}
        />
      ) : null}
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
  const who = usePerson(letter.repliedBy);
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
        <a href={`/papers/cases/${found.caseId}/instruments/${letter.instrumentId}`} target="_blank" rel="noopener" aria-label={`${t("print")} ${letter.number || letter.name}`}>
          {t("print")}
        </a>
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
            {t("replied", { who, at: dateTime(msOf(letter.repliedAt)) })}
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
  const a = useWords(accountWords);
  const language = useLang();
  const lists: [string, ReactNode[]][] = [
    [t("cards"), found.cards.map((card) => <><StateTag tone={card.colour === "red" ? "bad" : "warn"}>{t(card.colour as "red")}</StateTag> {language === "zh" ? card.why : card.whyEn}</>)],
    [t("meetings"), found.meetings.map((one) => `${dateTime(msOf(one.heldAt))} ${one.bodyName}：${one.minutes}${one.leadUnitId ? `（${t("lead", { unit: unitName(one.leadUnitId) })}）` : ""}`)],
    [t("verifications"), found.verifications.map((one) => `${t((one.outcome || "pending") as "compliant")} ${one.note}`)],
    [t("causes"), found.causes.map((one) => `${one.name} ${one.why}（${one.article}）`)],
    [t("measures"), found.measures.map((one) => `${one.name} ${one.subject} ${one.reason}${one.article ? `（${one.article}）` : ""}`)],
    [a("exempted"), found.exemption === "" ? [] : [`${found.exemption} ${found.exemptionReason}`]],
    [a("handOvers"), found.handOvers.map((one) => `${dateTime(msOf(one.at))} ${one.name}：${one.documents.join("、")}（${one.article}）`)],
    [a("platformFound"), found.platformReason === "" ? [] : [`${a(found.platformCaused ? "caused" : "notCaused")} ${found.platformReason}`]],
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
