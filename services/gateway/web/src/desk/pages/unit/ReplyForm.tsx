/** The reply with the parts that the city's policy asks for, each checked off as it is filled in. */
import { Form, Input, Select } from "antd";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type ReplyForm as ReplyRules, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { serverNow } from "@shared/time/clock";
import { dateTime, msOf } from "@shared/time/format";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { Field, type LegFormsProps, useTarget } from "./LegForms";
import { useForms } from "./LegSheet";
import { formWords, words } from "./words";

/** The fields, named as those of the contract's reply, so that a refusal finds them. */
interface ReplyValues {
  reply: {
    /** "2026-11-22T16:30", China's time. */
    handledAt?: string;
    office?: string;
    handler?: string;
    contact?: string;
    result?: string;
    action?: string;
    legalBasis?: string;
    told?: string;
    toldBy?: string;
    publicText?: string;
    internalText?: string;
    opinion?: string;
    evidence?: string;
  };
}

const RESULTS = ["solved", "explained", "not_solvable", "no_legal_basis", "no_room"] as const;
const WAYS = ["telephone", "sms", "written", "visit", "network"] as const;

/** Field of the form that stands for a field of the contract. */
const FORM_FIELD: Record<string, keyof ReplyValues["reply"]> = {
  handled_at: "handledAt",
  office: "office",
  handler: "handler",
  contact: "contact",
  result: "result",
  action: "action",
  legal_basis: "legalBasis",
  told: "told",
  told_by: "toldBy",
  public_text: "publicText",
  internal_text: "internalText",
  opinion: "opinion",
  evidence: "evidence",
};

function messageOf({ reply }: ReplyValues) {
  const { handledAt, evidence, ...rest } = reply;
  return {
    ...rest,
    ...(handledAt ? { handledAt: timestampFromDate(new Date(`${handledAt}:00+08:00`)) } : {}),
    ...(evidence?.trim() ? { evidence: evidence.split("\n").filter(Boolean).map((name) => ({ name: name.trim(), reference: name.trim() })) } : {}),
  };
}

function started(props: LegFormsProps): ReplyValues {
  const last = props.work.leg.reply;
  const local = (ms: number) => dateTime(ms).replace(" ", "T");
  if (!last) return { reply: { handledAt: local(serverNow()) } };
  return {
    reply: {
      handledAt: local(msOf(last.handledAt) ?? serverNow()),
      office: last.office,
      handler: last.handler,
      contact: last.contact,
      result: last.result,
      action: last.action,
      legalBasis: last.legalBasis,
      told: last.told,
      toldBy: last.toldBy,
      publicText: last.publicText,
      internalText: last.internalText,
      opinion: last.opinion,
      evidence: last.evidence.map(({ name }) => name).join("\n"),
    },
  };
}

export function ReplyForm(props: LegFormsProps) {
  const t = useWords(formWords);
  const w = useWords(words);
  const { target, tell, about, outbox, legId } = useTarget(props, w("doReply"));
  const rules = useForms(props.work)?.reply;
  const last = props.work.leg.sendBacks.at(-1);
  return (
    <ActionDrawer<ReplyValues>
      open
      title={t("replyTitle")}
      draft={`reply.${legId}`}
      initial={started(props)}
      okText={t("submit")}
      onClose={props.onClose}
      submit={async (values) => tell(await outbox.submit(RoutingService.method.replyLeg, { ...target, reply: messageOf(values) }, about))}
    >
      {last ? (
        <p className="leg-back">
          {last.faults.map((fault) => w(fault as "not_standard")).join("、")} {last.reason}
        </p>
      ) : null}
      <Template rules={rules} />
      <ReplyFields rules={rules} />
    </ActionDrawer>
  );
}

/** How many of the parts are there, and what they rest on. */
function Template({ rules }: { rules: ReplyRules | undefined }) {
  const t = useWords(formWords);
  const w = useWords(words);
  const values = Form.useWatch("reply") as ReplyValues["reply"] | undefined;
  if (!rules) return null;
  const done = rules.required.filter((field) => (values?.[FORM_FIELD[field] ?? "result"] ?? "").trim() !== "").length;
  return (
    <p className="leg-template" role="status">
      <strong>
        {t("template")} {t("ready", { done, all: rules.required.length })}
      </strong>
      {rules.article ? <span className="dim"> {t("article", { article: rules.article })}</span> : null}
      {rules.levels.length > 0 ? <span className="dim"> {t("levels", { levels: rules.levels.map((level) => w(level as "section")).join("、") })}</span> : null}
    </p>
  );
}

function ReplyFields({ rules }: { rules: ReplyRules | undefined }) {
  const t = useWords(formWords);
  const need = (field: string) => rules?.required.includes(field) ?? false;
  /** Asked for, or not known yet; what the policy leaves out is left out here. */
  const seen = (field: string) => rules === undefined || need(field);
  const required = (field: string, label: string) => (need(field) ? [{ required: true, message: `${t("need")}${label}` }] : []);
  const allowed = rules && rules.results.length > 0 ? RESULTS.filter((one) => rules.results.includes(one)) : RESULTS;
  return (
    <>
      <Form.Item name={["reply", "result"]} label={t("result")} rules={[{ required: true, message: `${t("need")}${t("result")}` }]}>
        <Select options={allowed.map((value) => ({ value, label: t(value) }))} />
      </Form.Item>
      <Form.Item name={["reply", "handledAt"]} label={t("handledAt")} rules={required("handled_at", t("handledAt"))}>
        <Input type="datetime-local" />
      </Form.Item>
      <div className="leg-pair">
        <Field name={["reply", "office"]} label={t("office")} required={need("office")} max={100} />
        <Field name={["reply", "handler"]} label={t("handler")} required={need("handler")} max={60} />
      </div>
      <Field name={["reply", "contact"]} label={t("contact")} required={need("contact")} max={60} help={t("contactHelp")} />
      <Field name={["reply", "action"]} label={t("action")} required={need("action")} area />
      <Field name={["reply", "legalBasis"]} label={t("legalBasis")} required={need("legal_basis")} area />
      {seen("told_by") || seen("told") ? (
        <>
          <Form.Item name={["reply", "toldBy"]} label={t("toldBy")} rules={required("told_by", t("toldBy"))}>
            <Select allowClear options={WAYS.map((value) => ({ value, label: t(value) }))} />
          </Form.Item>
          <Field name={["reply", "told"]} label={t("toldWhat")} required={need("told")} area />
        </>
      ) : null}
      <Field name={["reply", "publicText"]} label={t("publicText")} required={need("public_text")} area />
      <Field name={["reply", "internalText"]} label={t("internalText")} required={need("internal_text")} area />
      {seen("opinion") ? <Field name={["reply", "opinion"]} label={t("opinion")} required={need("opinion")} area /> : null}
      {seen("evidence") ? <Field name={["reply", "evidence"]} label={t("evidence")} required={need("evidence")} area /> : null}
    </>
  );
}
