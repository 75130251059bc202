/** One clock as a chip. It ticks by the page's one ticker; a screen reader hears a sentence that changes by the minute. */
import { type Clock, ClockState } from "@gen/hotline/sla/v1/sla_pb";
import { memo, type ReactNode } from "react";
import { defineWords, useLang, useWords } from "../i18n/i18n";
import { useNow } from "../time/clock";
import { dateTime, msOf } from "../time/format";
import { obligations, useNames } from "../words/enums";
import { type ClockFace, type ClockStanding, clockView, limitWords } from "./clockView";
import { useHint } from "./useHint";
import "./clock.css";

const words = defineWords({
  due: ["到期 {at}", "due {at}"],
  limit: ["时限 {limit}", "limit {limit}"],
  natural: ["剩余按自然时间显示，时限按工作时间计算", "the time left is calendar time; the limit counts working time"],
});

const STANDING: Record<ClockState, ClockStanding> = {
  [ClockState.UNSPECIFIED]: "running",
  [ClockState.ARMED]: "running",
  [ClockState.MET]: "met",
  [ClockState.BREACHED]: "breached",
  [ClockState.LATE]: "late",
  [ClockState.CANCELLED]: "cancelled",
};

/** A clock of the contract as the chip takes it. */
export function faceOf(clock: Clock, name: string): ClockFace {
  return {
    name,
    standing: STANDING[clock.state],
    startedAt: msOf(clock.facts?.startedAt) ?? 0,
    dueAt: msOf(clock.facts?.dueAt) ?? 0,
    stoppedAt: msOf(clock.stoppedAt),
    limit: clock.facts?.limit,
  };
}

/** Properties of a chip. `why`: how the due time was reckoned, shown on hover and focus. */
interface ChipProps {
  face: ClockFace;
  why?: ReactNode;
  showName?: boolean;
}

/** The chip. */
export const ClockChip = memo(function ClockChip({ face, why, showName }: ChipProps) {
  const now = useNow();
  const language = useLang();
  const t = useWords(words);
  const view = clockView(face, now, language);
  const working = face.limit?.includes("working") ?? false;
  const { handlers, hint } = useHint(() => (
    <>
      <div>
        {face.name}
        {face.limit ? ` · ${t("limit", { limit: limitWords(face.limit, language) })}` : ""} · {t("due", { at: dateTime(face.dueAt) })}
      </div>
      {why}
      {working && face.standing === "running" ? <div className="clock-note">{t("natural")}</div> : null}
    </>
  ));
  return (
    <span className={`clock clock-${view.tone}`} role="img" aria-label={view.sentence} tabIndex={0} {...handlers}>
      <span aria-hidden="true">
        <span className="clock-mark">{view.mark}</span>
        {showName ? `${face.name} ` : ""}
        {view.word} {view.span}
      </span>
      {hint}
    </span>
  );
});

/** The chip of a clock of the contract. */
export function ServiceClock({ clock, why, showName }: { clock: Clock; why?: ReactNode; showName?: boolean }) {
  const name = useNames();
  const face = faceOf(clock, name(obligations, clock.facts?.obligation ?? ""));
  return <ClockChip face={face} why={why} showName={showName ?? false} />;
}
