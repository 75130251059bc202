/** 派单台: what waits to be sent out, and requests of units that wait for a decision. */
import { type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useNavigate } from "@tanstack/react-router";
import { Segmented } from "antd";
import { useCallback, useMemo, useState } from "react";
import { useLang, useWords } from "@shared/i18n/i18n";
import { FilterBar } from "@shared/filter/FilterBar";
import { useFilters } from "@shared/filter/useFilters";
import type { Keymap } from "@shared/keys/keys";
import { useReportPresence } from "@shared/live/useReportPresence";
import { PageClocks, useMayClocks } from "@shared/orders/PageClocks";
import { useDueOrders } from "@shared/orders/useDueOrders";
import { useOrderTotal } from "@shared/orders/useOrderTotal";
import { useMay } from "@shared/session/may";
import { BatchReport } from "@shared/table/BatchReport";
import { DataTable } from "@shared/table/DataTable";
import { useKeyset } from "@shared/table/useKeyset";
import type { Keyset } from "@shared/table/usePages";
import { useUnits } from "@shared/units/useUnits";
import { useMatcher } from "@shared/words/useMatcher";
import { appealTypes, useChoices } from "@shared/words/enums";
import { useBulk } from "./bulk";
import { columnsOf } from "./columns";
import { DecideDrawer } from "./DecideDrawer";
import { DispatchDrawer } from "./DispatchDrawer";
import { DEFAULTS, type DispatchFilters, dueOf, listOf, QUEUES, queueOf } from "./queues";
import { words } from "./words";
import "./dispatch.css";

const idOf = (order: Order) => order.facts?.orderId ?? "";
const numberOf = (order: Order) => order.facts?.number ?? "";
const ordersOf = (answer: { orders: Order[] }) => answer.orders;

/** The queue's orders: by time left where something is owed in it, else the newest first. */
function useQueue(filters: DispatchFilters): Keyset<Order> {
  const may = useMayClocks();
  const due = may ? dueOf(filters) : undefined;
  const list = listOf(filters);
  const total = useOrderTotal(list, due === undefined);
  const byTime = useDueOrders(due ?? { due: {}, lists: [list] }, { enabled: due !== undefined });
  const newest = useKeyset(RoutingService.method.listOrders, list, ordersOf, { enabled: due === undefined, total });
  const rows = useMemo(() => byTime.rows.map(({ order }) => order), [byTime.rows]);
  const { all } = byTime;
  const every = useCallback(async () => (await all()).map(({ order }) => order), [all]);
  return due ? { ...byTime, rows, all: every } : newest;
}

export default function DispatchPage() {
  const t = useWords(words);
  const language = useLang();
  const choices = useChoices();
  const navigate = useNavigate();
  const dispatcher = useMay(RoutingService.method.dispatchOrder);
  const decides = useMay(RoutingService.method.decideReturn);
  const units = useUnits();
  const rank = useMatcher(useMemo(() => units.options.map(({ label }) => label), [units.options]));
  const [filters, setFilters] = useFilters(DEFAULTS);
  const queue = queueOf(filters);
  const list = useQueue(filters);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<{ order: Order; what: "dispatch" | "decide" }>();
  useReportPresence(opened ? idOf(opened.order) : "", true);
  const columns = useMemo(() => columnsOf(t), [t, language]);

  const hide = (ids: readonly string[]) => setGone((before) => new Set([...before, ...ids]));
  const show = (ids: readonly string[]) => setGone((before) => new Set([...before].filter((one) => !ids.includes(one))));
  const bulk = useBulk(queue, t, (orders) => hide(orders.map(idOf)), (orders) => show(orders.map(idOf)));
  const open = (order: Order) => void navigate({ to: `/orders/${order.facts?.number}` as never });
  const canDispatch = dispatcher && (queue === "pool" || queue === "waiting");
  const rowKeys = (order: Order): Keymap => ({
    ...(canDispatch ? { a: { label: t("dispatch"), run: () => setOpened({ order, what: "dispatch" }) } } : {}),
    ...(decides && queue === "decide" ? { r: { label: t("decideOne"), run: () => setOpened({ order, what: "decide" }) } } : {}),
    o: { label: t("openOne"), run: () => open(order) },
  });
  const openRow = (order: Order) => {
    if (canDispatch) setOpened({ order, what: "dispatch" });
    else if (decides && queue === "decide") setOpened({ order, what: "decide" });
    else open(order);
  };

  return (
    <>
      <div className="page-head dispatch-head">
        <h1>{t("title")}</h1>
        <Segmented value={queue} aria-label={t("queue")} onChange={(next) => setFilters({ queue: next })} options={QUEUES.map((value) => ({ value, label: t(value) }))} />
      </div>
      <FilterBar
        list="dispatch"
        values={filters}
        defaults={DEFAULTS}
        onChange={setFilters}
        fields={[
          { key: "type", label: t("type"), kind: "select", options: choices(appealTypes).map(({ value, label }) => ({ value: String(value), label })) },
          { key: "unit", label: t("unit"), kind: "select", width: 220, options: units.options, search: (query) => rank(query).map((at) => units.options[at]?.value ?? "") },
          { key: "enterprise", label: t("enterprise"), kind: "switch" },
          { key: "sort", label: t("sort"), kind: "select", any: t("byTime"), options: [{ value: "new", label: t("byNew") }] },
        ]}
      />
      <BatchReport running={bulk.running} nameOf={numberOf} onStop={bulk.stop} onClose={bulk.clear} />
      <PageClocks orderIds={list.rows.map(idOf)}>
        <DataTable<Order>
          name="dispatch"
          label={t("list")}
          list={list}
          rowKey={idOf}
          columns={columns}
          onOpen={openRow}
          rowKeys={rowKeys}
          gone={gone}
          bulk={canDispatch ? bulk.acts : []}
          empty={{ why: t(queue === "pool" || queue === "waiting" ? "emptyPool" : queue === "decide" ? "emptyDecide" : "emptyOther") }}
        />
      </PageClocks>
      {opened?.what === "dispatch" ? (
        <DispatchDrawer
          key={idOf(opened.order)}
          order={opened.order}
          open
          onClose={() => setOpened(undefined)}
          onSent={() => hide([idOf(opened.order)])}
          onRestore={() => show([idOf(opened.order)])}
          onDone={() => show([idOf(opened.order)])}
        />
      ) : null}
      {opened?.what === "decide" ? (
        <DecideDrawer order={opened.order} onClose={() => setOpened(undefined)} onSent={() => hide([idOf(opened.order)])} onRestore={() => show([idOf(opened.order)])} />
      ) : null}
    </>
  );
}
