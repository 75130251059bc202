/** The filter of a list: its fields, and the views that a person keeps of it. */
import { Button, Input, Select, Space, Switch } from "antd";
import { defineWords, useWords } from "../i18n/i18n";
import { SavedViews } from "./SavedViews";
import { type Filters, writeFilters } from "./url";
import "./filter.css";

const words = defineWords({
  any: ["全部", "Any"],
  reset: ["重置", "Reset"],
});

/** One field. Every value is a string; a switch has "1" or "". `any`: what the empty value is called. */
export type FilterField =
  | { key: string; label: string; kind: "select"; options: readonly { value: string; label: string }[]; width?: number; search?: (query: string) => readonly string[]; any?: string }
  | { key: string; label: string; kind: "text"; width?: number }
  | { key: string; label: string; kind: "switch" };

interface FilterBarProps<F extends Filters> {
  /** Names the list, as its saved views do: "dispatch". */
  list: string;
  fields: readonly FilterField[];
  values: F;
  defaults: F;
  onChange: (change: Partial<F>) => void;
  /** What a saved view keeps of the address, where that is more than the filter: the tab that the list is on. */
  saved?: Filters;
}

/** The bar. */
export function FilterBar<F extends Filters>({ list, fields, values, defaults, onChange, saved }: FilterBarProps<F>) {
  const t = useWords(words);
  const set = (key: string, value: string) => onChange({ [key]: value } as Partial<F>);
  const differs = Object.keys(writeFilters(values, defaults)).length > 0;
  return (
    <search className="filters">
      <Space wrap size={[12, 8]}>
        {fields.map((field) => (
          <label key={field.key} className="filter">
            <span className="filter-label">{field.label}</span>
            {field.kind === "select" ? (
              <Select
                value={values[field.key] ?? ""}
                onChange={(value: string) => set(field.key, value)}
                options={[{ value: "", label: field.any ?? t("any") }, ...field.options]}
                style={{ width: field.width ?? 130 }}
                popupMatchSelectWidth={false}
                {...(field.search ? { showSearch: { filterOption: (query: string, option?: { value: string }) => field.search?.(query).includes(option?.value ?? "") ?? false } } : {})}
                aria-label={field.label}
              />
            ) : field.kind === "switch" ? (
              <Switch checked={values[field.key] === "1"} onChange={(on) => set(field.key, on ? "1" : "")} aria-label={field.label} />
            ) : (
              <Input.Search
                key={values[field.key]}
                defaultValue={values[field.key] ?? ""}
                allowClear
                style={{ width: field.width ?? 180 }}
                onSearch={(value) => set(field.key, value.trim())}
                aria-label={field.label}
              />
            )}
          </label>
        ))}
        {differs ? <Button onClick={() => onChange(defaults)}>{t("reset")}</Button> : null}
      </Space>
      <SavedViews list={list} query={new URLSearchParams(saved ?? writeFilters(values, defaults)).toString()} />
    </search>
  );
}
