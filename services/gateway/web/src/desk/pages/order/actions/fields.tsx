/** Fields of the simple acts: each a name of the request, so that a refusal finds it. */
import { Checkbox, Form, Input, Radio, Select } from "antd";
import { UnitSelect } from "@shared/units/UnitSelect";
import { useUnits } from "@shared/units/useUnits";

/** One field. */
export interface ActField {
  name: string;
  label: string;
  kind: "line" | "area" | "unit" | "units" | "body" | "check" | "choice" | "yesno";
  required?: boolean;
  hint?: string;
  options?: readonly { value: string | boolean; label: string }[];
}

/** The fields as a form shows them. */
export function ActFields({ fields }: { fields: readonly ActField[] }) {
  return fields.map((field) => (
    <Form.Item
      key={field.name}
      name={field.name}
      label={field.kind === "check" ? undefined : field.label}
      rules={[{ required: field.required ?? false }]}
      {...(field.hint ? { extra: field.hint } : {})}
      {...(field.kind === "check" ? { valuePropName: "checked" } : {})}
    >
      {control(field)}
    </Form.Item>
  ));
}

function control(field: ActField) {
  switch (field.kind) {
    case "line":
      return <Input maxLength={200} />;
    case "area":
      return <Input.TextArea rows={3} maxLength={4000} />;
    case "unit":
      return <UnitSelect />;
    case "units":
      return <UnitSelect multiple />;
    case "body":
      return <BodySelect />;
    case "check":
      return <Checkbox>{field.label}</Checkbox>;
    case "choice":
      return <Select options={[...(field.options ?? [])]} />;
    case "yesno":
      return <Radio.Group options={[...(field.options ?? [])]} optionType="button" buttonStyle="solid" />;
  }
}

function BodySelect(field: { id?: string; value?: string; onChange?: (value: never) => void }) {
  const units = useUnits();
  return <UnitSelect {...field} only={(unitId) => units.unit(unitId)?.decidesDuty ?? false} />;
}
