/** The enterprise desk: the second send of each order, how far the department is, and what the desk may do. */
import { type EnterpriseLeg, EnterpriseService, Progress } from "@gen/hotline/enterprise/v1/enterprise_pb";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { FilterBar } from "@shared/filter/FilterBar";
import { useFilters } from "@shared/filter/useFilters";
import { useWords } from "@shared/i18n/i18n";
import { useReportPresence } from "@shared/live/useReportPresence";
import { NextClock, PageClocks } from "@shared/orders/PageClocks";
import { useRpc } from "@shared/rpc/hooks";
import { type Column, DataTable } from "@shared/table/DataTable";
import { useKeyset } from "@shared/table/useKeyset";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { PresenceMark } from "@shared/ui/Presence";
import { StateTag, type Tone } from "@shared/ui/state";
import { satisfactions, useNames } from "@shared/words/enums";
import { LegDrawer } from "./LegDrawer";
import { words } from "./words";
import "./enterprise.css";

const defaults = { progress: "", lead: "", code: "", order: "" };
const STEPS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

function tone(progress: Progress): Tone {
  if (progress === Progress.SETTLED || progress === Progress.CLOSED) return "good";
  if (progress === Progress.RETURNED || progress === Progress.REDO) return "bad";
  return progress === Progress.WITHDRAWN ? "calm" : "info";
}

export default function EnterprisePage() {
  const t = useWords(words);
  const name = useNames();
  const now = useNow();
  const [filters, setFilters] = useFilters(defaults);
  const totals = useRpc(EnterpriseService.method.getEnterpriseTotals, {}).data;
  const units = useRpc(RoutingService.method.listUnits, {}, { staleTime: 600_000 }).data?.units ?? [];
  const unitName = (id: string) => units.find(({ unitId }) => unitId === id)?.name ?? id;
  const list = useKeyset(
    EnterpriseService.method.listEnterpriseLegs,
    { progress: Number(filters.progress), leadUnitId: filters.lead, creditCode: filters.code },
    (answer) => answer.legs,
  );
  useReportPresence(filters.order, false);
  const open = list.rows.find(({ facts }) => facts?.orderId === filters.order);
  const columns: Column<EnterpriseLeg>[] = [
    { key: "number", title: t("number"), width: 190, render: (row) => <span className="num">{row.facts?.number}</span> },
    {
      key: "title",
      title: t("matter"),
      render: (row) => (
        <>
          <div className="dt-main">
            <PresenceMark orderId={row.facts?.orderId ?? ""} />
            {row.title}
          </div>
          <div className="dt-sub">{row.enterprise?.name}</div>
        </>
      ),
    },
    { key: "lead", title: t("lead"), width: 190, render: (row) => unitName(row.leadUnitId) },
    { key: "clock", title: t("clock"), width: 190, optional: true, render: (row) => <NextClock orderId={row.facts?.orderId ?? ""} /> },
    { key: "progress", title: t("progress"), width: 120, render: (row) => <StateTag tone={tone(row.progress)}>{t(`p${row.progress || 1}` as "p1")}</StateTag> },
    {
      key: "marks",
      title: t("marks"),
      width: 190,
      render: (row) => (
        <span className="ent-marks">
          {row.urgeCount > 0 ? <StateTag tone="warn">{t("urged", { n: row.urgeCount })}</StateTag> : null}
          {row.breachCount > 0 ? <StateTag tone="bad">▲ {t("breaches", { n: row.breachCount })}</StateTag> : null}
          {row.satisfaction > 0 ? <StateTag tone={row.satisfaction > 3 ? "bad" : "good"}>{name(satisfactions, row.satisfaction)}</StateTag> : null}
        </span>
      ),
    },
    { key: "at", title: t("receivedAt"), width: 110, render: (row) => <span className="num">{shortTime(msOf(row.receivedAt), now)}</span> },
  ];
  return (
    <>
      <div className="page-head">
        <h1>{t("title")}</h1>
        <span className="grow" />
        {totals ? (
          <span className="ent-totals">
            {(["received", "settled", "evaluated", "urges"] as const).map((key) => (
              <span key={key}>
                {t(key)} <strong className="num">{String(totals[key])}</strong>
              </span>
            ))}
          </span>
        ) : null}
      </div>
      <FilterBar
        list="enterprise"
        values={{ ...filters, order: "" }}
        defaults={defaults}
        onChange={setFilters}
        fields={[
          { key: "progress", label: t("progress"), kind: "select", options: STEPS.map((step) => ({ value: String(step), label: t(`p${step}`) })) },
          { key: "lead", label: t("lead"), kind: "select", width: 220, options: units.map(({ unitId, name: label }) => ({ value: unitId, label })) },
          { key: "code", label: t("creditCode"), kind: "text", width: 200 },
        ]}
      />
      <PageClocks orderIds={list.rows.map(({ facts }) => facts?.orderId ?? "")}>
        <DataTable
          name="enterprise"
          label={t("title")}
          list={list}
          rowKey={(row) => row.facts?.orderId ?? ""}
          columns={columns}
          onOpen={(row) => setFilters({ order: row.facts?.orderId ?? "" })}
          empty={{ why: t("empty"), next: <span className="dim">{t("emptyNext")}</span> }}
        />
      </PageClocks>
      <LegDrawer listed={open} orderId={filters.order} onClose={() => setFilters({ order: "" })} />
    </>
  );
}
