/** The ledger of cases, newest first. */
import { Link } from "@tanstack/react-router";
import { CaseState, type SupervisionCase, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { FilterBar } from "@shared/filter/FilterBar";
import { writeFilters } from "@shared/filter/url";
import { useWords } from "@shared/i18n/i18n";
import { NextClock, PageClocks } from "@shared/orders/PageClocks";
import { type Column, DataTable } from "@shared/table/DataTable";
import { useKeyset } from "@shared/table/useKeyset";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { PresenceMark } from "@shared/ui/Presence";
import { StateTag, type Tone } from "@shared/ui/state";
import { caseState } from "./ledger";
import type { BoardFilters } from "./SupervisionPage";
import { useRules } from "./rules";
import { useUnits } from "./useBoard";
import { words } from "./words";

const STATES: Partial<Record<CaseState, readonly [Tone, "open" | "listed" | "closed"]>> = {
  [CaseState.OPEN]: ["warn", "open"],
  [CaseState.LISTED]: ["bad", "listed"],
  [CaseState.CLOSED]: ["calm", "closed"],
};

/** The state of a case as a tag. */
export function CaseTag({ state }: { state: CaseState }) {
  const t = useWords(words);
  const found = STATES[state];
  return found ? <StateTag tone={found[0]}>{t(found[1])}</StateTag> : null;
}

interface CaseListProps {
  filters: BoardFilters;
  defaults: BoardFilters;
  onFilter: (change: Partial<BoardFilters>) => void;
}

export function CaseList({ filters, defaults, onFilter }: CaseListProps) {
  const t = useWords(words);
  const now = useNow();
  const units = useUnits();
  const rules = useRules();
  const list = useKeyset(
    SupervisionService.method.listCases,
    { unitId: filters.unit, class: filters.class, state: caseState(filters.state) },
    (answer) => answer.cases,
  );
  const unitName = (id: string) => units.find(({ unitId }) => unitId === id)?.name ?? id;
  const columns: Column<SupervisionCase>[] = [
    { key: "number", title: t("number"), width: 150, render: (row) => <span className="num">{row.number}</span> },
    { key: "title", title: t("case"), render: (row) => <CaseTitle row={row} /> },
    { key: "unit", title: t("unit"), width: 190, render: (row) => unitName(row.unitId) },
    { key: "class", title: t("class"), width: 130, optional: true, render: (row) => row.className },
    { key: "state", title: t("state"), width: 100, render: (row) => <CaseTag state={row.state} /> },
    { key: "clock", title: t("clock"), width: 190, optional: true, render: (row) => <NextClock orderId={row.orderId} /> },
    { key: "letters", title: t("letters"), width: 140, render: (row) => <Letters row={row} /> },
    { key: "opened", title: t("opened"), width: 110, render: (row) => <span className="num">{shortTime(msOf(row.openedAt), now)}</span> },
  ];
  return (
    <>
      <FilterBar
        list="supervision"
        values={{ ...filters, case: "" }}
        defaults={{ ...defaults, tab: filters.tab }}
        onChange={onFilter}
        saved={writeFilters({ ...filters, case: "" }, defaults)}
        fields={[
          { key: "state", label: t("state"), kind: "select", options: (["open", "listed", "closed"] as const).map((value) => ({ value, label: t(value) })) },
          { key: "class", label: t("class"), kind: "select", width: 170, options: rules.of("supervise").map(({ code, name }) => ({ value: code, label: name })) },
          { key: "unit", label: t("unit"), kind: "select", width: 220, options: units.map(({ unitId, name }) => ({ value: unitId, label: name })) },
        ]}
      />
      <PageClocks orderIds={list.rows.map(({ orderId }) => orderId)}>
        <DataTable
          name="cases"
          label={t("cases")}
          list={list}
          rowKey={(row) => row.caseId}
          columns={columns}
          onOpen={(row) => onFilter({ case: row.number })}
          empty={{ why: t("emptyCases"), next: <span className="dim">{t("emptyCasesNext")}</span> }}
        />
      </PageClocks>
    </>
  );
}

function CaseTitle({ row }: { row: SupervisionCase }) {
  return (
    <>
      <div className="dt-main">
        <PresenceMark orderId={row.orderId} />
        {row.title}
      </div>
      {row.orderNumber === "" ? null : (
        <div className="dt-sub num">
          <Link to={`/orders/${row.orderNumber}` as never}>{row.orderNumber}</Link>
        </div>
      )}
    </>
  );
}

function Letters({ row }: { row: SupervisionCase }) {
  const t = useWords(words);
  const open = row.instruments.filter(({ dueAt, decision }) => dueAt !== undefined && decision !== "accepted");
  if (open.some(({ reply, decision }) => reply !== "" && decision === "")) return <StateTag tone="info">{t("waitsDecision")}</StateTag>;
  if (open.some(({ overdue }) => overdue)) return <StateTag tone="bad">{t("overdue")}</StateTag>;
  if (open.length > 0) return <StateTag tone="warn">{t("waitsReply")}</StateTag>;
  return <span className="num">{row.instruments.length}</span>;
}
