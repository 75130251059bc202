/** Who appeals: a person or an enterprise, by name or without, with what the policy asks for marked. */
import { Checkbox, Form, Input } from "antd";
import { useWords } from "@shared/i18n/i18n";
import type { IntakeValues } from "./request";
import { neededFields, realNames } from "./scope";
import { useGuide } from "./useGuide";
import { words } from "./words";

/** Fields of the guide by the form's labels. */
const LABELS = { name: "name", telephone: "telephone", id_number: "identity", enterprise_name: "enterpriseName" } as const;

export function PersonFields() {
  const t = useWords(words);
  const guide = useGuide();
  const form = Form.useFormInstance<IntakeValues>();
  const type = Form.useWatch("type", form);
  const category = Form.useWatch("category", form) as string | undefined;
  const labels = Form.useWatch("labels", form) as string[] | undefined;
  const enterprise = Form.useWatch("forEnterprise", form) as boolean | undefined;
  const anonymous = Form.useWatch(["appellant", "anonymous"], form) as boolean | undefined;
  const matter = { type, category, labels: [...(labels ?? []), ...(enterprise ? ["enterprise"] : [])] };
  const rules = realNames(guide, matter);
  const needed = neededFields(rules);
  const needs = (field: keyof typeof LABELS) => [{ required: needed.has(field), message: t("required") }];
  return (
    <fieldset className="card">
      <legend>{t("person")}</legend>
      <div className="intake-switches">
        <Form.Item name="forEnterprise" valuePropName="checked" noStyle>
          <Checkbox>{t("forEnterprise")}</Checkbox>
        </Form.Item>
        <Form.Item name={["appellant", "anonymous"]} valuePropName="checked" noStyle>
          <Checkbox>{t("anonymous")}</Checkbox>
        </Form.Item>
        <Form.Item name={["appellant", "confidential"]} valuePropName="checked" noStyle>
          <Checkbox>{t("confidential")}</Checkbox>
        </Form.Item>
      </div>
      {rules.map((rule) => (
        <p key={rule.name} className="intake-rule">
          ◆ {t("needed", { name: rule.name, fields: rule.requires.map((field) => t(LABELS[field as keyof typeof LABELS] ?? "name")).join("、") })}
          {rule.noSecrecy ? `；${t("noSecrecy", { name: rule.name })}` : ""} {rule.article ? `（${t("article", { article: rule.article })}）` : ""}
        </p>
      ))}
      <div className="intake-grid">
        <Form.Item name={["appellant", "telephone"]} label={t("telephone")} rules={needs("telephone")}>
          <Input inputMode="tel" maxLength={20} autoComplete="off" />
        </Form.Item>
        <Form.Item name={["appellant", "name"]} label={t("name")} rules={needs("name")}>
          <Input maxLength={64} disabled={anonymous ?? false} autoComplete="off" />
        </Form.Item>
        <Form.Item name={["appellant", "identityNumber"]} label={t("identity")} rules={needs("id_number")}>
          <Input maxLength={18} disabled={anonymous ?? false} autoComplete="off" />
        </Form.Item>
        <Form.Item name={["appellant", "address"]} label={t("address")}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        {enterprise ? (
          <>
            <Form.Item name={["appellant", "enterprise", "name"]} label={t("enterpriseName")} rules={[{ required: true, message: t("required") }]}>
              <Input maxLength={200} autoComplete="off" />
            </Form.Item>
            <Form.Item name={["appellant", "enterprise", "creditCode"]} label={t("creditCode")}>
              <Input maxLength={18} autoComplete="off" />
            </Form.Item>
          </>
        ) : null}
      </div>
    </fieldset>
  );
}
