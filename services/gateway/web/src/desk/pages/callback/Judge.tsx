/** The judgement of a bad answer: what was said, the unit's paper, and what follows. */
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { type Callback, CallbackService } from "@gen/hotline/callback/v1/callback_pb";
import { Verdict } from "@gen/hotline/callback/v1/events_pb";
import { useLang, useWords } from "@shared/i18n/i18n";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useCommand } from "@shared/rpc/hooks";
import { showAtFields } from "@shared/ui/ActionDrawer";
import { FailureNote, StateTag } from "@shared/ui/state";
import { satisfactions, useNames } from "@shared/words/enums";
import { words } from "./words";

interface Values {
  verdict: Verdict;
  reason: string;
  exclusion?: string;
  evidence?: string;
  /** "2026-11-30", the end of that day in China's time. */
  fixBy?: string;
}

const VERDICTS = [
  [Verdict.REDO, "redo"],
  [Verdict.ESCALATE, "escalate"],
  [Verdict.EXCLUDED, "excluded"],
  [Verdict.COMPLIANT, "compliant"],
  [Verdict.FIX, "fix"],
] as const;

export function Judge({ callback, onSettled }: { callback: Callback; onSettled: () => void }) {
  const t = useWords(words);
  const [form] = Form.useForm<Values>();
  const verdict = Form.useWatch("verdict", form);
  const judge = useCommand(CallbackService.method.judgeBadAnswer);
  const [failure, setFailure] = useState<RpcFailure>();
  const exclusions = useExclusions(callback);
  const send = async ({ evidence, fixBy, ...values }: Values) => {
    setFailure(undefined);
    try {
      await judge.run({
        callbackId: callback.callbackId,
        version: callback.version,
        ...values,
        evidence: (evidence ?? "").split("\n").map((line) => line.trim()).filter(Boolean),
        ...(fixBy ? { fixBy: timestampFromDate(new Date(`${fixBy}T23:59:00+08:00`)) } : {}),
      });
      onSettled();
    } catch (thrown) {
      const found = failureOf(thrown);
      showAtFields(form, found);
      setFailure(found);
    }
  };
  return (
    <>
      <h2>{t("judgeTitle")}</h2>
      <Said callback={callback} />
      {failure ? <FailureNote failure={failure} /> : null}
      <Form<Values> form={form} layout="vertical" onFinish={(values) => void send(values)}>
        <Form.Item name="verdict" label={t("verdict")} rules={[{ required: true, message: t("verdict") }]}>
          <Select options={VERDICTS.map(([value, word]) => ({ value, label: t(word) }))} />
        </Form.Item>
        <Form.Item name="reason" label={t("judgeReason")} rules={[{ required: true, whitespace: true, message: t("judgeReason") }]}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        {verdict === Verdict.EXCLUDED && exclusions.length > 0 ? (
          <Form.Item name="exclusion" label={t("exclusion")} rules={[{ required: true, message: t("exclusion") }]}>
            <Select options={exclusions} />
          </Form.Item>
        ) : null}
        {verdict === Verdict.EXCLUDED ? (
          <Form.Item name="evidence" label={t("evidence")}>
            <Input.TextArea rows={2} />
          </Form.Item>
        ) : null}
        {verdict === Verdict.FIX ? (
          <Form.Item name="fixBy" label={t("fixBy")} rules={[{ required: true, message: t("fixBy") }]}>
            <Input type="date" />
          </Form.Item>
        ) : null}
        <Button type="primary" size="large" block htmlType="submit" loading={judge.pending}>
          {t("judge_ok")}
        </Button>
      </Form>
    </>
  );
}

/** The reasons that the policy lists; none where a person says why in words. */
function useExclusions(callback: Callback) {
  const t = useWords(words);
  const lang = useLang();
  return callback.exclusions.map(({ code, name, nameEn, needsStatement }) => {
    const label = lang === "zh" ? name : nameEn;
    return { value: code, label: needsStatement ? t("needsStatement", { name: label }) : label };
  });
}

function Said({ callback }: { callback: Callback }) {
  const t = useWords(words);
  const name = useNames();
  const paper = callback.paper;
  return (
    <div className="call-said">
      <div className="call-tags">
        <StateTag tone="bad">{name(satisfactions, callback.satisfaction)}</StateTag>
        {callback.solved === undefined ? null : <StateTag tone={callback.solved ? "good" : "bad"}>{t(callback.solved ? "solvedYes" : "solvedNo")}</StateTag>}
        {callback.contacted === undefined ? null : <StateTag tone={callback.contacted ? "good" : "warn"}>{t(callback.contacted ? "contactedYes" : "contactedNo")}</StateTag>}
        {callback.untruthful ? <StateTag tone="bad">{t("untruthful")}</StateTag> : null}
        {callback.awaitsForm ? <StateTag tone="warn">{t("awaitsForm")}</StateTag> : null}
      </div>
      <p className="pre">{callback.reason}</p>
      {callback.suggestion === "" ? null : <p className="pre dim">{callback.suggestion}</p>}
      {paper ? (
        <p className="pre">
          <strong>{t("paper")}</strong>（{t(paper.kind as "audit_form")}）{paper.text} {paper.signedBy}
        </p>
      ) : null}
    </div>
  );
}
