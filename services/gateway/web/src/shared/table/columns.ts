/** Columns of a table and which of them this browser shows. */
import { type ReactNode, useState } from "react";

/** One column. */
export interface Column<Row> {
  key: string;
  title: string;
  render: (row: Row) => ReactNode;
  /** CSS width; the rest of the line is shared by columns without one. */
  width?: number | string;
  /** May be left out by the reader. */
  optional?: boolean;
  /** Left out until the reader wants it. */
  hidden?: boolean;
}

/** The columns to show, and a way to choose. */
export function useColumns<Row>(table: string, columns: readonly Column<Row>[]) {
  const key = `hotline.columns.${table}`;
  const [off, setOff] = useState<ReadonlySet<string>>(() => {
    const kept = localStorage.getItem(key);
    return new Set(kept === null ? columns.filter(({ hidden }) => hidden).map((column) => column.key) : kept.split(",").filter(Boolean));
  });
  const choose = (column: string, shown: boolean) => {
    const next = new Set(off);
    if (shown) next.delete(column);
    else next.add(column);
    localStorage.setItem(key, [...next].join(","));
    setOff(next);
  };
  return { shown: columns.filter((column) => !(column.optional && off.has(column.key))), off, choose };
}
