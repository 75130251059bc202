/** Where it came from, where that is not the telephone: platform, number dialled, seat, earlier time. */
import { Form, Input, Select } from "antd";
import { useWords } from "@shared/i18n/i18n";
import { useGuide } from "./useGuide";
import { words } from "./words";

export function SourceFields() {
  const t = useWords(words);
  const guide = useGuide();
  return (
    <div className="intake-grid">
      <Form.Item name="source" label={t("source")}>
        <Select allowClear options={(guide?.platforms ?? []).map(({ code, name }) => ({ value: code, label: name }))} />
      </Form.Item>
      <Form.Item name="sourceReference" label={t("sourceReference")}>
        <Input maxLength={128} autoComplete="off" />
      </Form.Item>
      <Form.Item name="line" label={t("line")}>
        <Select
          allowClear
          options={[{ value: "", label: t("line12345") }, ...(guide?.lines ?? []).map(({ number, name, mode }) => ({ value: number, label: `${number} ${name}`, disabled: mode === "cancelled" }))]}
        />
      </Form.Item>
      <Form.Item name="seat" label={t("seat")}>
        <Select allowClear options={(guide?.seats ?? []).map(({ code, name }) => ({ value: code, label: name }))} />
      </Form.Item>
      <Form.Item name="raisedAt" label={t("raisedAt")}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="callId" hidden>
        <Input />
      </Form.Item>
    </div>
  );
}
