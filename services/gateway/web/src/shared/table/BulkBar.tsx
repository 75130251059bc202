/** The bar over a list while rows are chosen: this page or all that match, and what can be done with them. */
import { Button, Space } from "antd";
import { useState } from "react";
import { defineWords, useWords } from "../i18n/i18n";
import { useKeys } from "../keys/keys";
import { KeyHint } from "../ui/state";
import type { Picked } from "./selection";
import { ALL_LIMIT, type Keyset, type Total } from "./usePages";

const words = defineWords({
  chosen: ["已选 {n} 件", "{n} chosen"],
  all: ["已选全部 {n} 件符合条件的", "all {n} that match"],
  takeAll: ["选中全部 {n} 件符合条件的", "Choose all {n} that match"],
  limit: ["（一次至多 {n} 件）", " ({n} at a time)"],
  clear: ["取消选择", "Clear"],
  hint: ["勾选或按 X 选中多件后可批量办理", "tick rows, or press X, to act on several"],
});

/** An act on several rows. */
export interface BulkAct<Row> {
  key: string;
  label: string;
  chord?: string;
  run: (rows: readonly Row[]) => void | Promise<void>;
}

/** A total as it is written: exact, or "1,000+"; nothing while it is not known. */
export function totalWords(total: Total | undefined): string {
  return total ? `${total.count.toLocaleString("en")}${total.more ? "+" : ""}` : "";
}

interface BulkBarProps<Row> {
  picked: Picked;
  chosen: readonly Row[];
  list: Keyset<Row>;
  acts: readonly BulkAct<Row>[];
  onDone: () => void;
  onAll: (all: boolean) => void;
}

/** The bar. */
export function BulkBar<Row>({ picked, chosen, list, acts, onDone, onAll }: BulkBarProps<Row>) {
  const t = useWords(words);
  const [gathering, setGathering] = useState(false);
  const some = chosen.length > 0;
  const run = async (act: BulkAct<Row>) => {
    if (!some || gathering) return;
    setGathering(true);
    try {
      await act.run(picked.all ? await list.all() : chosen);
      onDone();
    } finally {
      setGathering(false);
    }
  };
  useKeys(
    Object.fromEntries(acts.filter(({ chord }) => chord).map((act) => [act.chord, { label: act.label, run: () => void run(act) }])),
    { enabled: some },
  );
  if (!some) return <span className="dim dt-bulk-hint">{t("hint")}</span>;
  return (
    <Space wrap className="dt-bulk">
      <strong className="num">{picked.all ? t("all", { n: totalWords(list.total) }) : t("chosen", { n: chosen.length })}</strong>
      {list.hasNext && !picked.all ? (
        <Button type="link" onClick={() => onAll(true)}>
          {t("takeAll", { n: totalWords(list.total) })}
          {list.total?.more === false ? "" : t("limit", { n: ALL_LIMIT })}
        </Button>
      ) : null}
      {acts.map((act) => (
        <Button key={act.key} type="primary" loading={gathering} onClick={() => void run(act)}>
          {act.label}
          {act.chord ? <KeyHint chord={act.chord} /> : null}
        </Button>
      ))}
      <Button onClick={onDone}>{t("clear")}</Button>
    </Space>
  );
}
