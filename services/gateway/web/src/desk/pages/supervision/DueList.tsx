/** Orders by what is due first, over all units: what ran out longest ago leads. */
import { Link, useNavigate } from "@tanstack/react-router";
import { AppealType } from "@gen/hotline/common/v1/common_pb";
import { ClockState } from "@gen/hotline/sla/v1/sla_pb";
import { FilterBar } from "@shared/filter/FilterBar";
import { writeFilters } from "@shared/filter/url";
import { useLang, useWords } from "@shared/i18n/i18n";
import type { DueInput, DueRow } from "@shared/orders/due";
import { useDueOrders } from "@shared/orders/useDueOrders";
import { type Column, DataTable } from "@shared/table/DataTable";
import { ServiceClock } from "@shared/ui/ClockChip";
import { PresenceMark } from "@shared/ui/Presence";
import { StateTag } from "@shared/ui/state";
import { useUnits } from "@shared/units/useUnits";
import { appealTypes, obligations, orderStates, useNames } from "@shared/words/enums";
import { useGuideNames } from "../intake/useGuide";
import { orderTone } from "../order/tones";
import type { BoardFilters } from "./SupervisionPage";
import { words } from "./words";

/** Duties that a supervisor looks after: what is filed away late hurts nobody, and windows are no duties. */
const DUTIES = Object.keys(obligations).filter((one) => !["return_window", "extension_window", "knowledge_order", "redo", "archive"].includes(one));

/** What to list; pure, for tests. */
export function dueOf(filters: BoardFilters): DueInput {
  return {
    due: {
      obligations: DUTIES.includes(filters.owed) ? [filters.owed] : DUTIES,
      unitId: filters.unit,
      state: filters.over === "1" ? ClockState.BREACHED : ClockState.UNSPECIFIED,
      enterprise: filters.enterprise === "1",
      division: /^\d+$/.test(filters.place) ? filters.place : "",
      type: AppealType.UNSPECIFIED,
    },
    lists: [{}],
    onlyDue: true,
  };
}

interface DueListProps {
  filters: BoardFilters;
  defaults: BoardFilters;
  onFilter: (change: Partial<BoardFilters>) => void;
}

export function DueList({ filters, defaults, onFilter }: DueListProps) {
  const t = useWords(words);
  const at = useLang() === "zh" ? 0 : 1;
  const name = useNames();
  const units = useUnits();
  const guide = useGuideNames();
  const navigate = useNavigate();
  const list = useDueOrders(dueOf(filters));
  const counties = units.units.filter(({ level }) => level === "county");
  const columns: Column<DueRow>[] = [
    { key: "clock", title: t("clock"), width: 200, render: ({ clock }) => (clock ? <ServiceClock clock={clock} showName /> : null) },
    {
      key: "matter",
      title: t("matter"),
      render: ({ order }) => (
        <>
          <div className="dt-main" title={order.title}>
            <PresenceMark orderId={order.facts?.orderId ?? ""} />
            {order.title}
          </div>
          <div className="dt-sub num">
            <Link to={`/orders/${order.facts?.number}` as never}>{order.facts?.number}</Link> {name(appealTypes, order.facts?.type ?? 0)}
          </div>
        </>
      ),
    },
    { key: "unit", title: t("unit"), width: 190, render: ({ clock }) => (clock?.facts?.unitId ? units.name(clock.facts.unitId) : t("platform")) },
    { key: "place", title: t("division"), width: 170, optional: true, render: ({ order }) => guide.division(order.facts?.division ?? "") },
    { key: "state", title: t("state"), width: 110, optional: true, render: ({ order }) => <StateTag tone={orderTone(order.state)}>{name(orderStates, order.state)}</StateTag> },
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
          { key: "owed", label: t("clock"), kind: "select", width: 160, options: DUTIES.map((value) => ({ value, label: obligations[value]?.[at] ?? value })) },
          { key: "unit", label: t("unit"), kind: "select", width: 220, options: units.options },
          { key: "place", label: t("division"), kind: "select", width: 160, options: counties.map((unit) => ({ value: unit.division.slice(0, 6), label: unit.name })) },
          { key: "over", label: t("onlyOver"), kind: "switch" },
          { key: "enterprise", label: t("enterprise"), kind: "switch" },
        ]}
      />
      <DataTable<DueRow>
        name="due"
        label={t("due")}
        list={list}
        rowKey={({ order }) => order.facts?.orderId ?? ""}
        columns={columns}
        onOpen={({ order }) => void navigate({ to: `/orders/${order.facts?.number}` as never })}
        empty={{ why: t("emptyDue"), next: <span className="dim">{t("emptyDueNext")}</span> }}
      />
    </>
  );
}
