/** The audit: who did what, newest first, and the signed ends of the chains. */
import { type AuditEntry, AuditService } from "@gen/hotline/audit/v1/audit_pb";
import { FilterBar } from "@shared/filter/FilterBar";
import { useFilters } from "@shared/filter/useFilters";
import { useWords } from "@shared/i18n/i18n";
import { Person } from "@shared/people/usePerson";
import { useRpc } from "@shared/rpc/hooks";
import { type Column, DataTable } from "@shared/table/DataTable";
import { useKeyset } from "@shared/table/useKeyset";
import { dateTime, msOf } from "@shared/time/format";
import { StateTag } from "@shared/ui/state";
import { roles, useNames } from "@shared/words/enums";
import { words } from "./words";

const defaults = { service: "", subject: "", order: "", refused: "" };
const SERVICES = ["gateway", "intake", "routing", "sla-timer", "callback", "enterprise", "analytics"] as const;

export default function AuditPage() {
  const t = useWords(words);
  const name = useNames();
  const [filters, setFilters] = useFilters(defaults);
  const list = useKeyset(
    AuditService.method.listAuditEntries,
    { service: filters.service, subject: filters.subject, orderId: filters.order, refusedOnly: filters.refused === "1" },
    (answer) => answer.entries,
  );
  const columns: Column<AuditEntry>[] = [
    { key: "at", title: t("at"), width: 150, render: (row) => <span className="num">{dateTime(msOf(row.at))}</span> },
    {
      key: "who",
      title: t("who"),
      width: 190,
      render: (row) => (
        <>
          <div className="dt-main">
            <Person id={row.subject} />
          </div>
          <div className="dt-sub">
            <span className="num">{row.subject}</span> {row.roles.map((role) => name(roles, role)).join("、")}</div>
        </>
      ),
    },
    {
      key: "what",
      title: t("what"),
      render: (row) => (
        <>
          <div className="dt-main">{row.method.split("/").at(-1)}</div>
          <div className="dt-sub">{row.what.join(" ")}</div>
        </>
      ),
    },
    { key: "about", title: t("about"), width: 130, optional: true, render: (row) => <span title={row.orderId}>{row.orderId.slice(0, 13)}</span> },
    { key: "outcome", title: t("outcome"), width: 150, render: (row) => <StateTag tone={row.outcome === "ok" ? "good" : "bad"}>{row.outcome === "ok" ? t("ok") : row.outcome}</StateTag> },
    { key: "reason", title: t("reason"), width: 170, optional: true, render: (row) => row.reason },
    { key: "address", title: t("address"), width: 120, optional: true, hidden: true, render: (row) => row.address },
    { key: "chain", title: t("chain"), width: 130, render: (row) => <span className="num">{`${row.service} ${row.seq}`}</span> },
  ];
  return (
    <>
      <div className="page-head">
        <h1>{t("title")}</h1>
      </div>
      <p className="dim">{t("note")}</p>
      <FilterBar
        list="audit"
        values={filters}
        defaults={defaults}
        onChange={setFilters}
        fields={[
          { key: "service", label: t("service"), kind: "select", options: SERVICES.map((value) => ({ value, label: value })) },
          { key: "subject", label: t("subject"), kind: "text" },
          { key: "order", label: t("order"), kind: "text", width: 220 },
          { key: "refused", label: t("refused"), kind: "switch" },
        ]}
      />
      <DataTable name="audit" label={t("title")} list={list} rowKey={(row) => `${row.service}-${row.seq}`} columns={columns} empty={{ why: t("empty"), next: <span className="dim">{t("emptyNext")}</span> }} />
      <Heads />
    </>
  );
}

function Heads() {
  const t = useWords(words);
  const heads = useRpc(AuditService.method.listAuditHeads, {}).data?.heads ?? [];
  const newest = new Map(heads.toReversed().map((head) => [head.service, head]));
  return (
    <section className="card" style={{ marginTop: 12 }}>
      <h2>{t("heads")}</h2>
      {newest.size === 0 ? <p className="dim">{t("noHeads")}</p> : null}
      <ul>
        {[...newest.values()].map(({ service, seq, at, key }) => (
          <li key={service} className="num">
            {t("head", { service, seq: String(seq), at: dateTime(msOf(at)), key })}
          </li>
        ))}
      </ul>
      <p className="dim">
        {t("verify")} <code>hotline audit verify</code>
      </p>
    </section>
  );
}
