/** Forms of accountability: causes, measures, an exemption, the handing over of material, who caused the delay, what a verification found. */
import { Button, Checkbox, Form, Input, Radio, Select, Space } from "antd";
import { type SupervisionCase, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useWords } from "@shared/i18n/i18n";
import type { RpcFailure } from "@shared/rpc/errors";
import { useCommand } from "@shared/rpc/hooks";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { useHeld } from "@shared/ui/useHeld";
import { Choice, Words } from "./CaseForms";
import { useRules } from "./rules";
import { accountWords } from "./accountWords";
import { caseWords } from "./words";

/** Which form. */
export type AccountKind = "causes" | "measures" | "exemption" | "handOver" | "platform" | "finding";

interface AccountFormsProps {
  kind: AccountKind;
  found: SupervisionCase;
  /** What the service said, when the form opens again after a refusal. */
  failed?: RpcFailure;
  onClose: () => void;
  /** Opens this form again. */
  onAgain: (failure?: RpcFailure) => void;
}

interface Values {
  causes?: string[];
  measures?: { code: string; holds: string; subject: string }[];
  code?: string;
  found?: string[];
  recipient?: string;
  body?: string;
  caused?: boolean;
  outcome?: string;
  contacted?: boolean;
  solved?: boolean;
  note?: string;
  reason?: string;
}

/** The form. All but the finding of a verification can be taken back for some seconds. */
export function AccountForms({ kind, found, failed, onClose, onAgain }: AccountFormsProps) {
  const t = useWords(accountWords);
  const hold = useHeld();
  const S = SupervisionService.method;
  const causes = useCommand(S.openAccountability);
  const measures = useCommand(S.decideMeasures);
  const exemption = useCommand(S.recordExemption);
  const handOver = useCommand(S.handOver);
  const platform = useCommand(S.findPlatformDelay);
  const finding = useCommand(S.recordVerification);
  const target = { caseId: found.caseId, version: found.version };
  const send: Record<AccountKind, (values: Values) => Promise<unknown>> = {
    causes: (values) => causes.run({ ...target, ...values }),
    measures: (values) => measures.run({ ...target, ...values }),
    exemption: (values) => exemption.run({ ...target, ...values }),
    handOver: (values) => handOver.run({ ...target, ...values }),
    platform: (values) => platform.run({ ...target, ...values }),
    finding: (values) => finding.run({ ...target, ...values }),
  };
  const draft = `${kind}.${found.caseId}`;
  const submit = async (values: Values) => {
    if (kind === "finding") return send.finding(values);
    hold({ label: t("later", { act: t(kind), number: found.number }), draft, values, run: () => send[kind](values), reopen: onAgain });
  };
  const initial: Values = kind === "measures" ? { measures: [{} as never] } : {};
  return (
    <ActionDrawer<Values> open title={`${t(kind)} · ${found.number}`} draft={draft} initial={initial} {...(failed ? { failed } : {})} okText={t(kind)} onClose={onClose} submit={submit}>
      <Fields kind={kind} policyId={found.policyId} />
    </ActionDrawer>
  );
}

function Fields({ kind, policyId }: { kind: AccountKind; policyId: string }) {
  const t = useWords(accountWords);
  const c = useWords(caseWords);
  const rules = useRules(policyId);
  const named = (table: string, right?: string) =>
    rules
      .of(table)
      .filter(({ words }) => right === undefined || words.includes(right))
      .map(({ code, name, article }) => ({ value: code, label: article ? `${name}（${article}）` : name }));
  const reason = <Words t={c} name="reason" label={c("reason")} />;
  switch (kind) {
    case "causes":
      return (
        <>
          <Choice t={c} name="causes" label={t("causesLabel")} options={named("accountability")} required multiple />
          {reason}
        </>
      );
    case "measures":
      return (
        <>
          <Measures policyId={policyId} />
          {reason}
        </>
      );
    case "exemption":
      return (
        <>
          <Exemption policyId={policyId} />
          {reason}
        </>
      );
    case "handOver":
      return (
        <>
          <Choice t={c} name="recipient" label={t("recipient")} options={named("hand_over")} required />
          <Choice t={c} name="body" label={t("handedBy")} options={named("body", "transfer")} />
          <p className="dim">{t("handOverHint")}</p>
          {reason}
        </>
      );
    case "platform":
      return (
        <>
          <Form.Item name="caused" label={t("causedLabel")} rules={[{ required: true, message: `${c("needs")}${t("causedLabel")}` }]}>
            <Radio.Group
              options={[
                { value: true, label: t("caused") },
                { value: false, label: t("notCaused") },
              ]}
            />
          </Form.Item>
          {reason}
        </>
      );
    case "finding":
      return (
        <>
          <Choice t={c} name="outcome" label={t("outcome")} options={(["compliant", "faulty", "false"] as const).map((value) => ({ value, label: c(value) }))} required />
          <Form.Item name="contacted" valuePropName="checked">
            <Checkbox>{t("contacted")}</Checkbox>
          </Form.Item>
          <Form.Item name="solved" valuePropName="checked">
            <Checkbox>{t("solved")}</Checkbox>
          </Form.Item>
          <Words t={c} name="note" label={t("note")} />
        </>
      );
  }
}

/** Measures, one a row; whom a measure may hit is the policy's. */
function Measures({ policyId }: { policyId: string }) {
  const t = useWords(accountWords);
  const c = useWords(caseWords);
  const rules = useRules(policyId).of("measure");
  const chosen = Form.useWatch<Values["measures"]>("measures");
  const must = (label: string) => [{ required: true, message: `${c("needs")}${label}` }];
  return (
    <Form.List name="measures">
      {(rows, { add, remove }) => (
        <>
          {rows.map(({ key, name }) => {
            const rule = rules.find(({ code }) => code === chosen?.[name]?.code);
            return (
              <fieldset key={key} className="case-measure">
                <legend>{t("measure", { n: name + 1 })}</legend>
                <Form.Item name={[name, "code"]} label={t("measureCode")} rules={must(t("measureCode"))} extra={rule?.text}>
                  <Select showSearch={{ optionFilterProp: "label" }} options={rules.map(({ code, name: label, article }) => ({ value: code, label: article ? `${label}（${article}）` : label }))} />
                </Form.Item>
                <Form.Item name={[name, "holds"]} label={t("holds")} rules={must(t("holds"))}>
                  <Radio.Group options={(rule?.words ?? ["person", "unit"]).map((value) => ({ value, label: t(value as "person") }))} />
                </Form.Item>
                <Form.Item name={[name, "subject"]} label={t("subject")} rules={must(t("subject"))} extra={t("subjectHint")}>
                  <Input maxLength={200} />
                </Form.Item>
                {rows.length > 1 ? <Button onClick={() => remove(name)}>{t("drop")}</Button> : null}
              </fieldset>
            );
          })}
          <Space style={{ marginBottom: 16 }}>
            <Button onClick={() => add({})}>{t("more")}</Button>
          </Space>
        </>
      )}
    </Form.List>
  );
}

/** A finding that spares accountability: every condition of the policy must be found. */
function Exemption({ policyId }: { policyId: string }) {
  const t = useWords(accountWords);
  const c = useWords(caseWords);
  const rules = useRules(policyId).of("exemption");
  const rule = rules.find(({ code }) => code === Form.useWatch<string>("code"));
  return (
    <>
      <Choice t={c} name="code" label={t("exemptionCode")} options={rules.map(({ code, name, article }) => ({ value: code, label: article ? `${name}（${article}）` : name }))} required />
      {rule ? (
        <Form.Item name="found" label={t("conditions")} extra={t("allNeeded")}>
          <Checkbox.Group options={[...rule.words]} className="case-conditions" />
        </Form.Item>
      ) : null}
    </>
  );
}
