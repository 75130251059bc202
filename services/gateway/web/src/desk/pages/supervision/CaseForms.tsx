/** Forms of a case: a document, a meeting with its lead unit, a reply sent back, the end. */
import { Form, Input, Select } from "antd";
import { type SupervisionCase, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useWords } from "@shared/i18n/i18n";
import { useCommand } from "@shared/rpc/hooks";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { useRules } from "./rules";
import { useUnits } from "./useBoard";
import { caseWords } from "./words";

/** Which form. */
export type CaseForm = { kind: "issue" } | { kind: "meeting" } | { kind: "finish" } | { kind: "back"; instrumentId: string };

type Say = ReturnType<typeof useWords<typeof caseWords>>;

/** A long text that must be given. */
export function Words({ t, name, label }: { t: Say; name: string; label: string }) {
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, whitespace: true, message: `${t("needs")}${label}` }]}>
      <Input.TextArea rows={3} maxLength={2000} />
    </Form.Item>
  );
}

/** One choice that must be made, or may be. */
export function Choice({ t, name, label, options, required, multiple }: { t: Say; name: string; label: string; options: { value: string; label: string }[]; required?: boolean; multiple?: boolean }) {
  return (
    <Form.Item name={name} label={label} rules={required ? [{ required: true, message: `${t("needs")}${label}` }] : []}>
      <Select allowClear showSearch={{ optionFilterProp: "label" }} options={options} {...(multiple ? { mode: "multiple" as const } : {})} />
    </Form.Item>
  );
}

export function CaseForms({ form, found, onClose }: { form: CaseForm; found: SupervisionCase; onClose: () => void }) {
  const t = useWords(caseWords);
  const rules = useRules(found.policyId);
  const units = useUnits().map(({ unitId, name }) => ({ value: unitId, label: name }));
  const named = (kind: string) => rules.of(kind).map(({ code, name, article }) => ({ value: code, label: article ? `${name}（${article}）` : name }));
  const issue = useCommand(SupervisionService.method.issueInstrument);
  const meet = useCommand(SupervisionService.method.coordinate);
  const decide = useCommand(SupervisionService.method.decideReply);
  const close = useCommand(SupervisionService.method.closeCase);
  const target = { caseId: found.caseId, version: found.version };
  const frame = { open: true, onClose, initial: {}, draft: `${form.kind}.${found.caseId}` };
  switch (form.kind) {
    case "issue":
      return (
        <ActionDrawer<{ code: string; unitId?: string; body?: string; reason: string }> {...frame} title={t("issueTitle")} okText={t("issueTitle")} submit={(values) => issue.run({ ...target, ...values })}>
          <Choice t={t} name="code" label={t("code")} options={named("instrument")} required />
          <Choice t={t} name="unitId" label={t("to")} options={units} />
          <Choice t={t} name="body" label={t("issuedBy")} options={named("body")} />
          <Words t={t} name="reason" label={t("reason")} />
          <p className="dim">{t("asksReply")}</p>
        </ActionDrawer>
      );
    case "meeting":
      return (
        <ActionDrawer<{ body: string; unitIds: string[]; leadUnitId?: string; minutes: string }> {...frame} title={t("meetingTitle")} okText={t("meetingTitle")} submit={(values) => meet.run({ ...target, ...values })}>
          <Choice t={t} name="body" label={t("body")} options={named("body")} required />
          <Choice t={t} name="unitIds" label={t("participants")} options={units} required multiple />
          <Choice t={t} name="leadUnitId" label={t("leadUnit")} options={units} />
          <Words t={t} name="minutes" label={t("minutes")} />
        </ActionDrawer>
      );
    case "back":
      return (
        <ActionDrawer<{ reason: string }> {...frame} title={t("backTitle")} okText={t("sendBack")} okDanger submit={(values) => decide.run({ ...target, instrumentId: form.instrumentId, accepted: false, ...values })}>
          <Words t={t} name="reason" label={t("reason")} />
        </ActionDrawer>
      );
    case "finish":
      return (
        <ActionDrawer<{ outcome: string; reason: string }> {...frame} title={t("finishTitle")} okText={t("finish")} submit={(values) => close.run({ ...target, ...values })}>
          <Choice t={t} name="outcome" label={t("outcome")} options={(["resolved", "accounted", "withdrawn"] as const).map((value) => ({ value, label: t(value) }))} required />
          <Words t={t} name="reason" label={t("reason")} />
        </ActionDrawer>
      );
  }
}
