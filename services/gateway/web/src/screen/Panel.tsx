/** A panel of the wall: its title opens what it counts, and the same numbers as a table. */
import { type ReactNode, useRef } from "react";
import { useWords } from "@shared/i18n/i18n";
import { words } from "./words";

/** The numbers of a panel as a table. */
export interface Twin {
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

interface PanelProps {
  title: string;
  /** What is counted, in words. */
  meaning: string;
  twin: Twin;
  className?: string;
  /** Beside the title. */
  extra?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, meaning, twin, className = "", extra, children }: PanelProps) {
  const t = useWords(words);
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <section className={`panel ${className}`} aria-label={title}>
      <header>
        <h2>
          <button type="button" aria-haspopup="dialog" title={t("explain")} onClick={() => dialog.current?.showModal()}>
            {title}
          </button>
        </h2>
        {extra}
      </header>
      {children}
      <dialog ref={dialog} className="twin" aria-label={title}>
        <h3>{title}</h3>
        <p>{meaning}</p>
        <div className="twin-scroll" tabIndex={0} role="region" aria-label={t("table")}>
          <table>
            <thead>
              <tr>
                {twin.head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {twin.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {twin.rows.length === 0 ? <p>{t("nothing")}</p> : null}
        </div>
        <button type="button" className="twin-close" onClick={() => dialog.current?.close()}>
          {t("close")}
        </button>
      </dialog>
    </section>
  );
}
