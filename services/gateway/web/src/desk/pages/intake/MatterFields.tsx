/** What it is about, where and when. */
import { Checkbox, Form, Input, Radio, Select } from "antd";
import { useMemo, useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { KeyHint } from "@shared/ui/state";
import { useMatcher } from "@shared/words/useMatcher";
import { appealTypes, channels, urgencies, useChoices } from "@shared/words/enums";
import { categoryTree, type Choice, divisionTree, useGuide } from "./useGuide";
import { words } from "./words";

export function MatterFields() {
  const t = useWords(words);
  const choices = useChoices();
  const guide = useGuide();
  const categories = useMemo(() => categoryTree(guide), [guide]);
  const divisions = useMemo(() => divisionTree(guide), [guide]);
  const open = guide?.channels.map(({ channel }) => channel) ?? [];
  const channelChoices = choices(channels).filter(({ value }) => open.length === 0 || open.includes(value));
  const must = [{ required: true, message: t("required") }];
  return (
    <fieldset className="card">
      <legend>{t("matter")}</legend>
      <div className="intake-grid">
        <Form.Item name="type" label={t("type")} rules={must} className="wide">
          <Radio.Group
            optionType="button"
            buttonStyle="solid"
            options={choices(appealTypes).map(({ value, label }, at) => ({
              value,
              label: (
                <>
                  {label}
                  <KeyHint chord={`alt+${at + 1}`} />
                </>
              ),
            }))}
          />
        </Form.Item>
        <Form.Item name="category" label={t("category")} rules={must}>
          <PinyinSelect tree={categories} />
        </Form.Item>
        <Form.Item name="division" label={t("division")}>
          <PinyinSelect tree={divisions} placeholder={t("divisionHint")} />
        </Form.Item>
        <Form.Item name="urgency" label={t("urgency")}>
          <Radio.Group optionType="button" options={choices(urgencies)} />
        </Form.Item>
        <Form.Item name="channel" label={t("channel")} rules={must}>
          <Select options={channelChoices} />
        </Form.Item>
        <Form.Item name="title" label={t("heading")} rules={must} className="wide">
          <Input maxLength={100} showCount autoComplete="off" />
        </Form.Item>
        <Form.Item name="content" label={t("content")} rules={must} className="wide">
          <Input.TextArea rows={5} maxLength={10_000} />
        </Form.Item>
        <Form.Item name="incidentPlace" label={t("place")}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="incidentTime" label={t("when")}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="labels" label={t("labels")}>
          <Select mode="tags" tokenSeparators={[",", "，", " "]} maxCount={16} open={false} suffixIcon={null} />
        </Form.Item>
        <Form.Item name="sensitive" valuePropName="checked" label=" " colon={false}>
          <Checkbox>{t("sensitive")}</Checkbox>
        </Form.Item>
      </div>
    </fieldset>
  );
}

/** A select over a tree that finds by characters, pinyin or initials, the best first. Takes part in a form. */
function PinyinSelect({ tree, placeholder, ...field }: { tree: Choice[]; placeholder?: string; id?: string; value?: string; onChange?: (value: never) => void }) {
  const t = useWords(words);
  const lines = useMemo(() => flatten(tree), [tree]);
  const rank = useMatcher(useMemo(() => lines.map(({ label }) => label), [lines]));
  const [query, setQuery] = useState("");
  const options = query.trim() === "" ? lines : rank(query).flatMap((index) => lines[index] ?? []);
  return (
    <Select
      {...(field as object)}
      options={options}
      allowClear
      showSearch={{ filterOption: false, onSearch: setQuery }}
      onSelect={() => setQuery("")}
      placeholder={placeholder ?? t("find")}
    />
  );
}

function flatten(tree: readonly Choice[], above = ""): { value: string; label: string }[] {
  return tree.flatMap(({ value, label, children }) => {
    const text = above ? `${above} / ${label}` : label;
    return [{ value, label: text }, ...flatten(children ?? [], text)];
  });
}
