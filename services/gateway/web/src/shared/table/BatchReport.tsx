/** How far a batch is, and at its end which rows were refused and why. */
import { Alert, Button, Progress } from "antd";
import { defineWords, useWords } from "../i18n/i18n";
import type { Running } from "./useBatch";

const words = defineWords({
  running: ["{label}：已办 {n} / {all}", "{label}: {n} of {all}"],
  over: ["{label}：{done} 件完成，{failed} 件未成", "{label}: {done} done, {failed} not"],
  stopped: ["，{n} 件未办即停止", "; stopped before {n}"],
  stop: ["停止", "Stop"],
  copy: ["复制未成清单", "Copy the list"],
  refused: ["未成的工单", "What was refused"],
});

interface BatchReportProps<T> {
  running: Running<T> | undefined;
  /** Name of a row: its number. */
  nameOf: (item: T) => string;
  onStop: () => void;
  onClose: () => void;
}

/** The report; nothing while no batch has run. */
export function BatchReport<T>({ running, nameOf, onStop, onClose }: BatchReportProps<T>) {
  const t = useWords(words);
  if (!running) return null;
  const { label, tally } = running;
  const tried = tally.done + tally.refused.length;
  const lines = tally.refused.map(({ item, why }) => `${nameOf(item)}\t${why}`);
  if (!tally.over) {
    return (
      <Alert
        className="batch"
        type="info"
        title={<span role="status">{t("running", { label, n: tried, all: tally.all })}</span>}
        description={<Progress aria-label={label} percent={Math.floor((tried * 100) / Math.max(1, tally.all))} showInfo={false} />}
        action={<Button onClick={onStop}>{t("stop")}</Button>}
      />
    );
  }
  const left = tally.all - tried;
  return (
    <Alert
      className="batch"
      type={tally.refused.length > 0 || left > 0 ? "warning" : "success"}
      closable={{ onClose }}
      title={
        <span role="status">
          {t("over", { label, done: tally.done, failed: tally.refused.length })}
          {left > 0 ? t("stopped", { n: left }) : ""}
        </span>
      }
      action={lines.length > 0 ? <Button onClick={() => void navigator.clipboard?.writeText(lines.join("\n"))}>{t("copy")}</Button> : undefined}
      description={
        lines.length > 0 ? (
          <ol className="batch-refused" aria-label={t("refused")} tabIndex={0}>
            {tally.refused.map(({ item, why }, at) => (
              <li key={at}>
                <span className="num">{nameOf(item)}</span> {why}
              </li>
            ))}
          </ol>
        ) : undefined
      }
    />
  );
}
