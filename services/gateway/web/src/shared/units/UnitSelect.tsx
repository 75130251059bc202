/** A select of member units, found by characters, pinyin or initials. */
import { Select } from "antd";
import { defineWords, useWords } from "../i18n/i18n";
import { useUnits } from "./useUnits";

const words = defineWords({
  find: ["输入单位名称或拼音首字母", "name or pinyin initials"],
});

interface UnitSelectProps {
  /** Given by the form. */
  id?: string;
  value?: string | string[];
  onChange?: (value: never) => void;
  multiple?: boolean;
  /** Only these units; every one unless told. */
  only?: (unitId: string) => boolean;
  disabled?: boolean;
}

/** The select; takes part in a form. */
export function UnitSelect({ multiple, only, ...field }: UnitSelectProps) {
  const t = useWords(words);
  const units = useUnits();
  return (
    <Select
      {...(field as object)}
      {...(multiple ? { mode: "multiple" as const } : {})}
      options={only ? units.options.filter(({ value }) => only(value)) : units.options}
      showSearch={{ filterOption: units.filterOption }}
      loading={units.loading}
      allowClear
      placeholder={t("find")}
      style={{ width: "100%" }}
    />
  );
}
