/** The board: numbers that open what they count, units with the worst first, divisions, and what lies behind a unit. */
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useLang, useWords } from "@shared/i18n/i18n";
import { useGrowing } from "@shared/table/useGrowing";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { ServiceClock } from "@shared/ui/ClockChip";
import { EmptyNote, FailureNote, StateTag } from "@shared/ui/state";
import { Waiting } from "@shared/ui/Waiting";
import { byDivision, rowsOf, type UnitRow } from "./board";
import type { BoardFilters } from "./SupervisionPage";
import { COUNTED, useBoard, useUnits } from "./useBoard";
import { words } from "./words";

export function Board({ filters, onFilter }: { filters: BoardFilters; onFilter: (change: Partial<BoardFilters>) => void }) {
  const t = useWords(words);
  const board = useBoard();
  const units = useUnits();
  const rows = rowsOf(board.cards, board.clocks, units);
  const count = (pick: (row: UnitRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const signed = Number(board.totals?.signedInTime ?? 0n);
  const ended = signed + Number(board.totals?.signedLate ?? 0n);
  if (board.failure) return <FailureNote failure={board.failure} retry={board.reload} />;
  if (board.loading) return <Waiting rows={10} />;
  return (
    <>
      <div className="sup-kpis">
        <Kpi label={t("red")} value={count(({ red }) => red)} tone="bad" onOpen={() => document.getElementById("sup-detail")?.scrollIntoView()} />
        <Kpi label={t("yellow")} value={count(({ yellow }) => yellow)} tone="warn" onOpen={() => document.getElementById("sup-detail")?.scrollIntoView()} />
        <Kpi label={t("breached")} value={Number(board.totals?.breached ?? count(({ breached }) => breached))} tone="bad" onOpen={() => document.getElementById("sup-detail")?.scrollIntoView()} />
        <Kpi label={t("openCases")} value={board.openCases === undefined ? "–" : `${board.openCases}${board.moreCases ? "+" : ""}`} tone="calm" onOpen={() => onFilter({ tab: "cases", state: "open" })} />
        <Kpi label={t("signRate")} value={ended === 0 ? "–" : `${((signed * 100) / ended).toFixed(1)} %`} tone="good" />
        <Kpi label={t("armed")} value={board.totals ? Number(board.totals.armed) : "–"} tone="calm" />
      </div>
      {board.partial ? <p className="dim">{t("partial", { n: COUNTED })}</p> : null}
      {rows.length === 0 ? (
        <EmptyNote why={t("noCards")} next={<span className="dim">{t("noCardsNext")}</span>} />
      ) : (
        <div className="sup-board">
          <Counts title={t("byUnit")} head={t("unit")} rows={rows} chosen={filters.unit} onChoose={(unit) => onFilter({ unit: unit === filters.unit ? "" : unit })} />
          <Counts title={t("division")} head={t("division")} rows={byDivision(rows, units, t("city"))} />
          <Detail board={board} unit={filters.unit} nameOf={(id) => rows.find(({ unitId }) => unitId === id)?.name ?? ""} onFilter={onFilter} />
        </div>
      )}
    </>
  );
}

function Kpi({ label, value, tone, onOpen }: { label: string; value: ReactNode; tone: string; onOpen?: () => void }) {
  const inner = (
    <>
      <span className="sup-kpi-value num">{value}</span>
      <span>{label}</span>
    </>
  );
  if (!onOpen) return <div className={`sup-kpi sup-${tone}`}>{inner}</div>;
  return (
    <button type="button" className={`sup-kpi sup-${tone}`} onClick={onOpen}>
      {inner}
    </button>
  );
}

interface CountsProps {
  title: string;
  head: string;
  rows: readonly UnitRow[];
  chosen?: string;
  onChoose?: (unitId: string) => void;
}

function Counts({ title, head, rows, chosen, onChoose }: CountsProps) {
  const t = useWords(words);
  const now = useNow();
  return (
    <section className="card sup-counts">
      <h2>{title}</h2>
      <table className="sup-table">
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col" className="sup-n">{t("red")}</th>
            <th scope="col" className="sup-n">{t("yellow")}</th>
            <th scope="col" className="sup-n">{t("breached")}</th>
            <th scope="col">{t("latest")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.unitId} className={row.unitId === chosen ? "sup-chosen" : ""}>
              <th scope="row">
                {onChoose ? (
                  <button type="button" className="sup-link" aria-pressed={row.unitId === chosen} onClick={() => onChoose(row.unitId)}>
                    {row.name}
                  </button>
                ) : (
                  row.name
                )}
              </th>
              <td className="sup-n">{row.red > 0 ? <span className="sup-cardmark sup-red">▲ {row.red}</span> : "0"}</td>
              <td className="sup-n">{row.yellow > 0 ? <span className="sup-cardmark sup-yellow">◆ {row.yellow}</span> : "0"}</td>
              <td className="sup-n num">{row.breached}</td>
              <td className="num">{row.latest > 0 ? shortTime(row.latest, now) : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type DetailProps = { board: ReturnType<typeof useBoard>; unit: string; nameOf: (unitId: string) => string; onFilter: (change: Partial<BoardFilters>) => void };

function Detail({ board, unit, nameOf, onFilter }: DetailProps) {
  const t = useWords(words);
  const language = useLang();
  const now = useNow();
  const cards = useGrowing(board.cards.filter((card) => unit === "" || card.unitId === unit));
  const clocks = useGrowing(board.clocks.filter(({ facts }) => (unit === "" ? facts?.unitId !== "" : facts?.unitId === unit)));
  return (
    <section className="card sup-detail" id="sup-detail">
      <h2>
        {t("detail", { unit: nameOf(unit) || t("all") })} {unit === "" ? null : <Button onClick={() => onFilter({ unit: "" })}>{t("clear")}</Button>}
      </h2>
      <ul>
        {cards.map((card) => (
          <li key={card.cardId}>
            <StateTag tone={card.colour === "red" ? "bad" : "warn"}>
              {card.colour === "red" ? "▲ " : "◆ "}
              {t(card.colour as "red")}
            </StateTag>
            <Link to={`/orders/${card.orderNumber}` as never} className="num">
              {card.orderNumber}
            </Link>
            {unit === "" ? <span>{nameOf(card.unitId)}</span> : null}
            <span className="sup-why">{language === "zh" ? card.why : card.whyEn}</span>
            {card.ledOn ? <StateTag tone="bad">{t("ledOn")}</StateTag> : null}
            <span className="num dim">{shortTime(msOf(card.issuedAt), now)}</span>
            <button type="button" className="sup-link" onClick={() => onFilter({ case: card.caseId })}>
              {t("case")}
            </button>
          </li>
        ))}
        {clocks.map((clock) => (
          <li key={clock.facts?.clockId}>
            <ServiceClock clock={clock} showName />
            <Link to={`/orders/${clock.order?.number ?? ""}` as never} className="num">
              {clock.order?.number}
            </Link>
            <span>{unit === "" ? nameOf(clock.facts?.unitId ?? "") : ""}</span>
            <span className="sup-why dim">{clock.facts?.article === "operator" ? t("operator") : clock.facts?.article}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
