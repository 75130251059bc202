/** The form of one disposal. Its fields are those of the request. */
import { type Appeal, type GetIntakeGuideResponse, IntakeService, TransferWay } from "@gen/hotline/intake/v1/intake_pb";
import { Form, Input, Radio, Select } from "antd";
import { useWords } from "@shared/i18n/i18n";
import { call } from "@shared/rpc/hooks";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { transferWays, useNames } from "@shared/words/enums";
import { KnowledgePanel } from "../knowledge/KnowledgePanel";
import { type Said, withWords } from "../request";
import { useGuide } from "../useGuide";
import { words } from "./words";

/** What may become of an appeal besides being accepted. */
export type DisposalKind = "answer" | "reject" | "refer" | "transfer" | "specialist";

/** Values of all forms; each has its own part. */
interface Values {
  answer?: string;
  basis?: string;
  reference?: string;
  code?: string;
  explanation?: string;
  guidance?: string;
  earlierAppeal?: string;
  question?: string;
  target?: string;
  way?: TransferWay;
  note?: string;
}

interface DisposalDrawerProps {
  kind: DisposalKind;
  appeal: Appeal;
  preset: string;
  said?: Said;
  onClose: () => void;
  onDone: (appeal: Appeal | undefined) => void;
}

export function DisposalDrawer({ kind, appeal, preset, said, onClose, onDone }: DisposalDrawerProps) {
  const t = useWords(words);
  const guide = useGuide();
  const at = { appealId: appeal.appealId, version: appeal.version };
  const submit = async (values: Values) => {
    const I = IntakeService.method;
    const send = {
      answer: () => call(I.answerAppeal, { ...at, ...values }),
      reject: () => call(I.rejectAppeal, { ...at, ...values }),
      refer: () => call(I.referAppeal, { ...at, ...values }),
      transfer: () => call(I.transferAppeal, { ...at, ...values }),
      specialist: () => call(I.submitToSpecialist, { ...at, ...values }),
    };
    onDone((await send[kind]()).appeal);
  };
  const initial: Values = kind === "answer" ? { basis: said ? "knowledge" : "agent", ...said } : kind === "reject" ? rejectPreset(guide, preset) : kind === "transfer" ? { target: preset || undefined } as Values : {};
  return (
    <ActionDrawer<Values> open title={`${t(kind)} · ${appeal.number}`} draft={`${kind}.${appeal.appealId}`} initial={initial} okText={t(kind)} onClose={onClose} submit={submit}>
      {kind === "answer" ? <AnswerFields /> : null}
      {kind === "reject" ? <RejectFields guide={guide} /> : null}
      {kind === "transfer" ? <TransferFields guide={guide} /> : null}
      {kind === "refer" || kind === "specialist" ? (
        <Form.Item name="question" label={t("question")} rules={[{ required: true }]}>
          <Input.TextArea rows={4} maxLength={2000} />
        </Form.Item>
      ) : null}
    </ActionDrawer>
  );
}

function rejectPreset(guide: GetIntakeGuideResponse | undefined, code: string): Values {
  const rule = guide?.rejects.find((one) => one.code === code);
  return rule ? { code, explanation: rule.words } : {};
}

function AnswerFields() {
  const t = useWords(words);
  const form = Form.useFormInstance<Values>();
  const basis = Form.useWatch<string>("basis");
  const copy = (found: string, from: string) => form.setFieldsValue({ basis: "knowledge", ...withWords(form.getFieldsValue(), found, from) });
  return (
    <>
      <Form.Item name="answer" label={t("answerText")} rules={[{ required: true }]}>
        <Input.TextArea rows={5} maxLength={4000} />
      </Form.Item>
      <Form.Item name="basis" label={t("basis")} rules={[{ required: true }]}>
        <Radio.Group
          options={[
            { value: "agent", label: t("agent") },
            { value: "knowledge", label: t("knowledge") },
            { value: "specialist", label: t("threeWay") },
          ]}
        />
      </Form.Item>
      <Form.Item name="reference" label={t("reference")} rules={[{ required: basis === "knowledge" }]}>
        <Input maxLength={200} />
      </Form.Item>
      <KnowledgePanel inDialog onCopy={copy} />
    </>
  );
}

function RejectFields({ guide }: { guide: GetIntakeGuideResponse | undefined }) {
  const t = useWords(words);
  const form = Form.useFormInstance<Values>();
  const code = Form.useWatch<string>("code");
  const rule = guide?.rejects.find((one) => one.code === code);
  const options = (guide?.rejects ?? []).filter(({ handOver }) => !handOver).map((one) => ({ value: one.code, label: one.article ? `${one.name}（${one.article}）` : one.name }));
  return (
    <>
      <Form.Item name="code" label={t("code")} rules={[{ required: true }]}>
        <Select
          options={options}
          onChange={(next: string) => {
            const words = guide?.rejects.find((one) => one.code === next)?.words;
            if (words) form.setFieldValue("explanation", words);
          }}
        />
      </Form.Item>
      {rule ? (
        <blockquote className="read-out">
          <strong>{t("readOut")}</strong>
          <p>{rule.words}</p>
          <p className="dim">
            {t("goTo")}：{rule.go} {rule.article ? `（${t("article", { article: rule.article })}）` : ""}
          </p>
        </blockquote>
      ) : null}
      <Form.Item name="explanation" label={t("explanation")} rules={[{ required: true }]}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
      <Form.Item name="guidance" label={t("guidance")}>
        <Input maxLength={500} />
      </Form.Item>
      {rule?.repeat ? (
        <Form.Item name="earlierAppeal" label={t("earlier")} rules={[{ required: true }]}>
          <Input maxLength={64} />
        </Form.Item>
      ) : null}
    </>
  );
}

function TransferFields({ guide }: { guide: GetIntakeGuideResponse | undefined }) {
  const t = useWords(words);
  const name = useNames();
  const target = Form.useWatch<string>("target");
  const rule = guide?.redirects.find(({ number }) => number === target);
  return (
    <>
      <Form.Item name="target" label={t("target")} rules={[{ required: true }]} {...(rule ? { extra: rule.useFor } : {})}>
        <Select showSearch={{ optionFilterProp: "label" }} options={(guide?.redirects ?? []).map((one) => ({ value: one.number, label: `${one.number} ${one.name}` }))} />
      </Form.Item>
      {rule ? (
        <Form.Item name="way" label={t("way")} rules={[{ required: true }]}>
          <Radio.Group options={rule.ways.map((way) => ({ value: way, label: name(transferWays, way) }))} />
        </Form.Item>
      ) : null}
      <Form.Item name="note" label={t("note")} rules={[{ required: true }]}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </>
  );
}
