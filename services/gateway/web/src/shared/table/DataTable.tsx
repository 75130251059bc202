/** The list of every desk: keyset pages, keys j k x Enter, bulk acts over the page or all that match, choice of columns. */
import { LeftOutlined, ReloadOutlined, RightOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Popover, Space } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { defineWords, useWords } from "../i18n/i18n";
import { type Keymap, useKeys } from "../keys/keys";
import { EmptyNote, FailureNote, KeyHint } from "../ui/state";
import { BulkBar, type BulkAct, totalWords } from "./BulkBar";
import { type Column, useColumns } from "./columns";
import { move, NOTHING, type Picked, toggle, togglePage } from "./selection";
import { useGrowing } from "./useGrowing";
import type { Keyset } from "./usePages";
import "./table.css";

export type { Column } from "./columns";
export type { BulkAct } from "./BulkBar";

const words = defineWords({
  columns: ["列", "Columns"],
  next: ["下一页", "Next page"],
  back: ["上一页", "Previous page"],
  page: ["第 {n} 页", "page {n}"],
  changed: ["有 {n} 件变化 · 点此载入", "{n} changed · load"],
  reload: ["刷新", "Reload"],
  choosePage: ["选中本页", "Choose the page"],
  choose: ["选中", "Choose"],
  down: ["下一行", "Next row"],
  up: ["上一行", "Previous row"],
  open: ["打开", "Open"],
  total: ["共 {n} 件", "{n} in all"],
});

/** Properties. */
export interface DataTableProps<Row> {
  /** Names the table: its columns are remembered under it. */
  name: string;
  /** Told to a screen reader. */
  label: string;
  list: Keyset<Row>;
  rowKey: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** Enter, or a click on the row. */
  onOpen?: (row: Row) => void;
  /** More keys on the row where the reader stands. */
  rowKeys?: (row: Row) => Keymap;
  bulk?: readonly BulkAct<Row>[];
  /** Why the list is empty, and what next. */
  empty: { why: string; next?: ReactNode };
  /** Rows that a pending command has taken away for the moment. */
  gone?: ReadonlySet<string>;
}

/** The table. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, label, list, rowKey, onOpen, bulk = [], empty, gone } = props;
  const t = useWords(words);
  const { shown, off, choose } = useColumns(name, props.columns);
  const [picked, setPicked] = useState<Picked>(NOTHING);
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = gone ? list.rows.filter((row) => !gone.has(rowKey(row))) : list.rows;
  const drawn = useGrowing(rows);
  const keys = rows.map(rowKey);
  const current = rows[picked.at];
  const chosen = rows.filter((row) => picked.chosen.has(rowKey(row)));

  const go = (step: number) => {
    const next = move(picked, step, rows.length);
    setPicked(next);
    const line = body.current?.children[next.at] as HTMLElement | undefined;
    line?.focus({ preventScroll: true });
    line?.scrollIntoView({ block: "nearest" });
  };
  useKeys({
    j: { label: t("down"), run: () => go(1) },
    k: { label: t("up"), run: () => go(-1) },
    ...(bulk.length > 0 && current !== undefined ? { x: { label: t("choose"), run: () => setPicked(toggle(picked, rowKey(current))) } } : {}),
    ...(onOpen && current !== undefined ? { enter: { label: t("open"), run: () => onOpen(current) } } : {}),
    ...(current !== undefined ? props.rowKeys?.(current) : {}),
  });

  useAutoLoad(list, picked.chosen.size === 0, body);

  return (
    <section className="dt" aria-label={label}>
      <div className="dt-tools">
        {bulk.length > 0 ? <BulkBar picked={picked} chosen={chosen} list={list} acts={bulk} onDone={() => setPicked(NOTHING)} onAll={(all) => setPicked({ ...picked, all })} /> : null}
        <span className="grow" />
        {list.total ? <span className="dim num dt-total">{t("total", { n: totalWords(list.total) })}</span> : null}
        {list.changes > 0 ? (
          <Button size="small" className="dt-changed" onClick={list.reload}>
            {t("changed", { n: list.changes })}
          </Button>
        ) : null}
        <Button type="text" icon={<ReloadOutlined spin={list.fetching} />} aria-label={t("reload")} title={t("reload")} onClick={list.reload} />
        <Popover
          trigger="click"
          placement="bottomRight"
          content={
            <Space orientation="vertical">
              {props.columns
                .filter(({ optional }) => optional)
                .map((column) => (
                  <Checkbox key={column.key} checked={!off.has(column.key)} onChange={(event) => choose(column.key, event.target.checked)}>
                    {column.title}
                  </Checkbox>
                ))}
            </Space>
          }
        >
          <Button type="text" icon={<SettingOutlined />}>
            {t("columns")}
          </Button>
        </Popover>
      </div>
      {list.failure ? <FailureNote failure={list.failure} retry={list.reload} /> : null}
      <div className="dt-scroll" tabIndex={0} role="region" aria-label={label}>
        <table className="dt-table" aria-busy={list.loading} style={{ minWidth: leastWidth(shown) }}>
          <thead>
            <tr>
              {bulk.length > 0 ? (
                <th className="dt-check" scope="col">
                  <Checkbox
                    aria-label={t("choosePage")}
                    checked={keys.length > 0 && keys.every((key) => picked.chosen.has(key))}
                    indeterminate={picked.chosen.size > 0 && !keys.every((key) => picked.chosen.has(key))}
                    onChange={() => setPicked(togglePage(picked, keys))}
                  />
                </th>
              ) : null}
              {shown.map(({ key, title, width }) => (
                <th key={key} scope="col" style={width === undefined ? undefined : { width }}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {list.loading
              ? Array.from({ length: 10 }, (_, at) => <SkeletonRow key={at} cells={shown.length + (bulk.length > 0 ? 1 : 0)} />)
              : drawn.map((row, at) => {
                  const key = rowKey(row);
                  const isChosen = picked.chosen.has(key);
                  return (
                    <tr
                      key={key}
                      tabIndex={at === Math.max(0, picked.at) ? 0 : -1}
                      className={`${at === picked.at ? "dt-current " : ""}${isChosen ? "dt-chosen" : ""}`}
                      data-key={key}
                      onFocus={() => at !== picked.at && setPicked((before) => ({ ...before, at }))}
                      onClick={(event) => {
                        if (onOpen && !(event.target as HTMLElement).closest("a,button,label,input,.clock")) onOpen(row);
                      }}
                    >
                      {bulk.length > 0 ? (
                        <td className="dt-check">
                          <Checkbox aria-label={`${t("choose")} ${key}`} checked={isChosen} onChange={() => setPicked(toggle({ ...picked, at }, key))} />
                        </td>
                      ) : null}
                      {shown.map((column) => (
                        <td key={column.key}>{column.render(row)}</td>
                      ))}
                    </tr>
                  );
                })}
          </tbody>
        </table>
        {!list.loading && rows.length === 0 && !list.failure ? <EmptyNote {...empty} /> : null}
      </div>
      <div className="dt-foot">
        <span className="dim">
          <KeyHint chord="j" /> <KeyHint chord="k" />
          {bulk.length > 0 ? <KeyHint chord="x" /> : null}
          {onOpen ? <KeyHint chord="enter" /> : null}
        </span>
        <span className="grow" />
        <Space>
          <Button icon={<LeftOutlined />} disabled={list.page === 1} onClick={list.back} aria-label={t("back")} />
          <span className="num" aria-live="polite">
            {t("page", { n: list.page })}
          </span>
          <Button icon={<RightOutlined />} disabled={!list.hasNext} onClick={list.next} aria-label={t("next")} />
        </Space>
      </div>
    </section>
  );
}

/** Width below which the table scrolls instead of squeezing its columns, in px. */
function leastWidth<Row>(columns: readonly Column<Row>[]): number {
  return columns.reduce((sum, { width }) => sum + (typeof width === "number" ? width : 260), 40);
}

function SkeletonRow({ cells }: { cells: number }) {
  return (
    <tr className="dt-skeleton" aria-hidden="true">
      {Array.from({ length: cells }, (_, at) => (
        <td key={at}>
          <span />
        </td>
      ))}
    </tr>
  );
}

/** Loads by itself what changed, but only while nobody points at the rows, stands in them or has chosen some. */
function useAutoLoad(list: { changes: number; reload: () => void; page: number }, free: boolean, body: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (list.changes === 0 || !free || list.page > 1) return;
    const timer = setTimeout(() => {
      const rows = body.current;
      const busy = rows?.matches(":hover") || rows?.contains(document.activeElement) || document.querySelector(".ant-drawer-open");
      if (!busy) list.reload();
    }, 400);
    return () => clearTimeout(timer);
  }, [list.changes, free, list.page]);
}
