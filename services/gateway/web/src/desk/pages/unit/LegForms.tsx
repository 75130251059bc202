/** The forms of a piece of work: each sends at once or keeps its command until the network is back. */
import { Checkbox, Form as AntForm, Input, InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { type RequestForm, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import type { Outbox } from "@shared/offline/useOutbox";
import { useRpc } from "@shared/rpc/hooks";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { CallLink } from "./CallLink";
import { useForms } from "./LegSheet";
import type { Work } from "./legs";
import { ReplyForm } from "./ReplyForm";
import { formWords, words } from "./words";

/** Which form. */
export type Form = "contact" | "return" | "extend" | "reply" | "approve" | "withhold";

export interface LegFormsProps {
  form: Form;
  work: Work;
  outbox: Outbox;
  onSaid: (text: string) => void;
  onClose: () => void;
}

/** What every form sends: whose leg, as the person saw it. */
export function useTarget({ work, outbox, onSaid }: Pick<LegFormsProps, "work" | "outbox" | "onSaid">, what: string) {
  const t = useWords(words);
  const orderId = work.order.facts?.orderId ?? "";
  const legId = work.leg.facts?.legId ?? "";
  const label = t("sentLabel", { what, number: work.order.facts?.number ?? "" });
  const target = { orderId, legId, version: work.order.version };
  const tell = (taken: boolean) => onSaid(t(taken ? "done" : "queued", { what: label }));
  return { target, tell, about: { label, orderId, legId }, outbox, legId };
}

export function LegForms(props: LegFormsProps) {
  switch (props.form) {
    case "contact":
      return <ContactForm {...props} />;
    case "return":
      return <ReturnForm {...props} />;
    case "extend":
      return <ExtendForm {...props} />;
    case "reply":
      return <ReplyForm {...props} />;
    case "approve":
    case "withhold":
      return <InsideForm {...props} />;
  }
}

/** A field of text. */
export function Field({ name, label, required, area, help, placeholder, max = 2000 }: { name: string | string[]; label: string; required?: boolean; area?: boolean; help?: string; placeholder?: string; max?: number }) {
  const t = useWords(formWords);
  const text = { maxLength: max, ...(placeholder ? { placeholder } : {}) };
  return (
    <AntForm.Item name={name} label={label} rules={required ? [{ required: true, whitespace: true, message: `${t("need")}${label}` }] : []} {...(help ? { extra: help } : {})}>
      {area ? <Input.TextArea rows={3} {...text} /> : <Input {...text} />}
    </AntForm.Item>
  );
}

function ContactForm(props: LegFormsProps) {
  const t = useWords(formWords);
  const w = useWords(words);
  const { target, tell, about, outbox, legId } = useTarget(props, w("doContact"));
  return (
    <ActionDrawer<{ note: string }>
      open
      title={t("contactTitle")}
      draft={`contact.${legId}`}
      initial={{}}
      okText={t("submit")}
      onClose={props.onClose}
      submit={async ({ note }) => tell(await outbox.submit(RoutingService.method.recordContact, { ...target, note }, about))}
    >
      <CallLink order={props.work.order} />
      <Field name="note" label={t("note")} required area placeholder={t("notePlaceholder")} />
    </ActionDrawer>
  );
}

/** Fields that a policy may ask for; what it does not ask for is not shown once its rules are known. */
function Proofs({ rules, fields }: { rules: RequestForm | undefined; fields: Record<string, (required: boolean) => ReactNode> }) {
  return <>{Object.entries(fields).map(([field, draw]) => (rules && !rules.required.includes(field) ? null : <div key={field}>{draw(rules?.required.includes(field) ?? false)}</div>))}</>;
}

function Article({ rules }: { rules: RequestForm | undefined }) {
  const t = useWords(formWords);
  return rules?.article ? <p className="dim">{t("article", { article: rules.article })}</p> : null;
}

interface ReturnValues {
  basis: string;
  suggestion: string;
  proposedUnitId?: string;
  explanation?: string;
  signedBy?: string;
  sealed?: boolean;
}

function ReturnForm(props: LegFormsProps) {
  const t = useWords(formWords);
  const w = useWords(words);
  const { target, tell, about, outbox, legId } = useTarget(props, w("doReturn"));
  const rules = useForms(props.work)?.giveBack;
  const units = useRpc(RoutingService.method.listUnits, {}, { staleTime: 600_000 }).data?.units ?? [];
  return (
    <ActionDrawer<ReturnValues>
      open
      title={t("returnTitle")}
      draft={`return.${legId}`}
      initial={{}}
      okText={t("submit")}
      onClose={props.onClose}
      submit={async (values) => tell(await outbox.submit(RoutingService.method.requestReturn, { ...target, ...values }, about))}
    >
      <Article rules={rules} />
      <Field name="basis" label={t("basis")} required area placeholder={t("basisPlaceholder")} />
      <Field name="suggestion" label={t("suggestion")} required area />
      <AntForm.Item name="proposedUnitId" label={t("proposed")}>
        <Select allowClear showSearch={{ optionFilterProp: "label" }} options={units.map(({ unitId, name }) => ({ value: unitId, label: name }))} />
      </AntForm.Item>
      <Proofs rules={rules} fields={proofFields(t)} />
    </ActionDrawer>
  );
}

type Say = ReturnType<typeof useWords<typeof formWords>>;

function proofFields(t: Say): Record<string, (required: boolean) => ReactNode> {
  return {
    explanation: (required) => <Field name="explanation" label={t("explanation")} area required={required} />,
    signed_by: (required) => <Field name="signedBy" label={t("signedBy")} required={required} max={60} />,
    sealed: (required) => (
      <AntForm.Item name="sealed" valuePropName="checked" rules={required ? [{ validator: (_, on) => (on ? Promise.resolve() : Promise.reject(new Error(t("sealed")))) }] : []}>
        <Checkbox>{t("sealed")}</Checkbox>
      </AntForm.Item>
    ),
  };
}

interface ExtendValues {
  reason: string;
  days: number;
  basis?: string;
  told?: string;
  explanation?: string;
  signedBy?: string;
  sealed?: boolean;
}

function ExtendForm(props: LegFormsProps) {
  const t = useWords(formWords);
  const w = useWords(words);
  const { target, tell, about, outbox, legId } = useTarget(props, w("doExtend"));
  const rules = useForms(props.work)?.extension;
  return (
    <ActionDrawer<ExtendValues>
      open
      title={t("extendTitle")}
      draft={`extend.${legId}`}
      initial={{ days: 3 }}
      okText={t("submit")}
      onClose={props.onClose}
      submit={async ({ days, ...values }) =>
        tell(await outbox.submit(RoutingService.method.requestExtension, { ...target, ...values, amount: `${days} working days` }, about))
      }
    >
      <Article rules={rules} />
      <Field name="reason" label={t("reason")} required area />
      <AntForm.Item name="days" label={t("amount")} rules={[{ required: true, message: t("need") }]}>
        <InputNumber min={1} max={60} precision={0} suffix={t("days")} style={{ width: 180 }} />
      </AntForm.Item>
      <Proofs
        rules={rules}
        fields={{
          basis: (required) => <Field name="basis" label={t("legalBasis")} area required={required} />,
          told: (required) => <Field name="told" label={t("told")} area required={required} />,
          ...proofFields(t),
        }}
      />
    </ActionDrawer>
  );
}

/** A level inside the unit passes a reply on, or withholds it. */
function InsideForm(props: LegFormsProps) {
  const t = useWords(formWords);
  const w = useWords(words);
  const approved = props.form === "approve";
  const { target, tell, about, outbox, legId } = useTarget(props, w(approved ? "doApprove" : "doWithhold"));
  const reply = props.work.leg.reply;
  return (
    <ActionDrawer<{ reason?: string }>
      open
      title={approved ? w("doApprove") : t("withholdTitle")}
      draft={`inside.${legId}`}
      initial={{}}
      okText={approved ? w("doApprove") : w("doWithhold")}
      okDanger={!approved}
      onClose={props.onClose}
      submit={async ({ reason }) => tell(await outbox.submit(RoutingService.method.decideReplyInUnit, { ...target, approved, reason: reason ?? "" }, about))}
    >
      {reply ? <p className="pre leg-quote">{reply.publicText || reply.action}</p> : null}
      <Field name="reason" label={t("withholdReason")} required={!approved} area />
    </ActionDrawer>
  );
}
