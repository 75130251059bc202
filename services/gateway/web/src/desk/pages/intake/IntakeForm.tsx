/** The form of a new appeal: every field of the request, its draft, and the ways to send it. */
import { CallService } from "@gen/hotline/intake/v1/call_pb";
import { IntakeService, type RegisterAppealResponse } from "@gen/hotline/intake/v1/intake_pb";
import { Alert, Button, Collapse, Form, Input, Space } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useDraft } from "@shared/drafts/useDraft";
import { useWords } from "@shared/i18n/i18n";
import { type Keymap, useKeys } from "@shared/keys/keys";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { newIdempotencyKey } from "@shared/rpc/transport";
import { dateTime } from "@shared/time/format";
import { showAtFields } from "@shared/ui/ActionDrawer";
import { FailureNote, KeyHint } from "@shared/ui/state";
import { appealTypes, useChoices } from "@shared/words/enums";
import { asWritten } from "@shared/words/phone";
import type { DisposalKind } from "./disposals/DisposalDrawer";
import { MatterFields } from "./MatterFields";
import { PersonFields } from "./PersonFields";
import type { Outcome } from "./IntakePage";
import { FRESH, type IntakeValues, requestOf, withWords } from "./request";
import { SourceFields } from "./SourceFields";
import { words } from "./words";

interface IntakeFormProps {
  /** Call that rang; empty without one. */
  callId: string;
  /** What the rail asks for: register, then open this disposal. */
  wish: { kind: DisposalKind; preset: string } | undefined;
  /** What was copied last out of the knowledge panel. */
  copied: { words: string; from: string } | undefined;
  onValues: (values: IntakeValues) => void;
  onDone: (answer: RegisterAppealResponse, more: Omit<Outcome, "answer">) => void;
}

export function IntakeForm({ callId, wish, copied, onValues, onDone }: IntakeFormProps) {
  const t = useWords(words);
  const choices = useChoices();
  const [form] = Form.useForm<IntakeValues>();
  const draft = useDraft<IntakeValues>("intake");
  const register = useCommand(IntakeService.method.registerAppeal);
  const key = useRef(newIdempotencyKey());
  const [failure, setFailure] = useState<RpcFailure>();
  const [restored, setRestored] = useState(draft.initial !== undefined);
  const initial = useMemo<IntakeValues>(() => ({ ...FRESH, ...draft.initial }), [draft.initial]);
  const call = useRpc(CallService.method.getCall, { callId }, { enabled: callId !== "" });

  useEffect(() => onValues(initial), [initial]);
  useEffect(() => {
    const told = call.data?.call;
    if (!told) return;
    form.setFieldsValue({ callId: told.callId, line: told.line, appellant: { telephone: asWritten(told.telephone) } } as never);
    onValues(form.getFieldsValue(true));
  }, [call.data, form]);

  const changed = (_: unknown, values: IntakeValues) => {
    // Another content is another request.
    key.current = newIdempotencyKey();
    const all = form.getFieldsValue(true) as IntakeValues;
    draft.keep(all);
    onValues({ ...all, ...values });
  };
  const send = async (accept: boolean, begin?: DisposalKind, preset?: string) => {
    setFailure(undefined);
    try {
      await form.validateFields();
    } catch {
      return;
    }
    try {
      const answer = await register.run(requestOf(form.getFieldsValue(true), key.current, accept));
      draft.clear();
      const { said } = form.getFieldsValue(true) as IntakeValues;
      onDone(answer, { ...(begin ? { begin } : {}), ...(preset ? { preset } : {}), ...(said?.answer ? { said } : {}) });
    } catch (thrown) {
      const found = failureOf(thrown);
      showAtFields(form, found);
      setFailure(found);
    }
  };
  useEffect(() => {
    if (wish) void send(false, wish.kind, wish.preset);
  }, [wish]);
  useEffect(() => {
    if (!copied) return;
    form.setFieldValue("said", withWords(form.getFieldValue("said"), copied.words, copied.from));
    changed({}, form.getFieldsValue(true));
  }, [copied]);

  const byType: Keymap = Object.fromEntries(
    choices(appealTypes).map(({ value, label }, at) => [
      `alt+${at + 1}`,
      { label, run: () => (form.setFieldValue("type", value), changed({}, form.getFieldsValue(true))) },
    ]),
  );
  useKeys({
    ...byType,
    "mod+enter": { label: t("accept"), run: () => void send(true) },
    "alt+enter": { label: t("answer"), run: () => void send(false, "answer") },
  });
  const clear = () => {
    draft.clear();
    form.resetFields();
    form.setFieldsValue(FRESH);
    setRestored(false);
  };
  const left = draft.left[0];

  return (
    <Form<IntakeValues> form={form} layout="vertical" initialValues={initial} onValuesChange={changed} scrollToFirstError={{ focus: true }} className="intake-form">
      {callId !== "" && call.error ? <Alert type="warning" showIcon title={t("callGone")} description={call.error.message} /> : null}
      {call.data?.call ? <Alert type="info" showIcon title={t("call", { number: call.data.call.maskedNumber })} /> : null}
      {restored ? <Alert type="info" title={t("restored")} action={<Button onClick={clear}>{t("drop")}</Button>} /> : null}
      {left && !restored ? (
        <Alert
          type="info"
          title={t("leftDraft", { at: dateTime(left.at).slice(11) })}
          action={
            <Space>
              <Button
                onClick={() => {
                  form.setFieldsValue(left.values as never);
                  draft.settleLeft(left);
                  changed({}, form.getFieldsValue(true));
                }}
              >
                {t("takeOver")}
              </Button>
              <Button onClick={() => draft.settleLeft(left)}>{t("drop")}</Button>
            </Space>
          }
        />
      ) : null}
      {failure ? <FailureNote failure={failure} /> : null}
      <PersonFields />
      <MatterFields />
      <AnswerSoFar />
      <Collapse ghost size="small" items={[{ key: "more", label: t("more"), forceRender: true, children: <SourceFields /> }]} />
      <div className="intake-send">
        <Button type="primary" loading={register.pending} onClick={() => void send(true)}>
          {t("accept")}
          <KeyHint chord="mod+enter" />
        </Button>
        <Button onClick={() => void send(false, "answer")}>
          {t("answer")}
          <KeyHint chord="alt+enter" />
        </Button>
        <Button onClick={() => void send(false)}>{t("register")}</Button>
        {draft.savedAt ? <span className="dim num">{t("kept", { at: dateTime(draft.savedAt).slice(11) })}</span> : null}
      </div>
    </Form>
  );
}

/** What was gathered for the answer; stands there once there is something. */
function AnswerSoFar() {
  const t = useWords(words);
  const answer = Form.useWatch<string | undefined>(["said", "answer"], { preserve: true });
  if (!answer) return null;
  return (
    <fieldset className="card">
      <Form.Item name={["said", "answer"]} label={t("said")}>
        <Input.TextArea rows={4} maxLength={4000} />
      </Form.Item>
    </fieldset>
  );
}
