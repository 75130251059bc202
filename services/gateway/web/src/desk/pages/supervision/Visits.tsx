/** Unannounced visits: the list, and the form that records one. */
import { Form, Input } from "antd";
import { type SupervisionVisit, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useWords } from "@shared/i18n/i18n";
import { useCommand } from "@shared/rpc/hooks";
import { type Column, DataTable } from "@shared/table/DataTable";
import { useKeyset } from "@shared/table/useKeyset";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { accountWords } from "./accountWords";
import { Choice } from "./CaseForms";
import { useCity, useRules } from "./rules";
import type { BoardFilters } from "./SupervisionPage";
import { useUnits } from "./useBoard";
import { caseWords } from "./words";

/** Class of the case that a visit's leads open; a policy without it takes no leads from visits. */
const LEADS = "visit";

export function Visits({ filters, onFilter }: { filters: BoardFilters; onFilter: (change: Partial<BoardFilters>) => void }) {
  const t = useWords(accountWords);
  const now = useNow();
  const units = useUnits();
  const bodies = useRules().of("body");
  const list = useKeyset(SupervisionService.method.listVisits, { unitId: filters.unit }, (answer) => answer.visits);
  const columns: Column<SupervisionVisit>[] = [
    { key: "at", title: t("visitedAt"), width: 120, render: (row) => <span className="num">{shortTime(msOf(row.visitedAt), now)}</span> },
    { key: "unit", title: t("visited"), width: 200, render: (row) => units.find(({ unitId }) => unitId === row.unitId)?.name ?? row.unitId },
    { key: "body", title: t("visitedBy"), width: 220, render: (row) => bodies.find(({ code }) => code === row.body)?.name ?? row.body },
    { key: "findings", title: t("findings"), render: (row) => <span className="pre">{row.findings}</span> },
    {
      key: "case",
      title: t("leadsCase"),
      width: 130,
      optional: true,
      render: (row) =>
        row.caseId === "" ? null : (
          <button type="button" className="sup-link" onClick={() => onFilter({ case: row.caseId })}>
            {t("leadsCase")}
          </button>
        ),
    },
  ];
  return <DataTable name="visits" label={t("visits")} list={list} rowKey={(row) => row.visitId} columns={columns} empty={{ why: t("noVisits"), next: <span className="dim">{t("noVisitsNext")}</span> }} />;
}

interface Values {
  body: string;
  unitId: string;
  findings: string;
  recipient?: string;
}

export function RecordVisit({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords(accountWords);
  const c = useWords(caseWords);
  const city = useCity();
  const rules = useRules();
  const units = useUnits().map(({ unitId, name }) => ({ value: unitId, label: name }));
  const command = useCommand(SupervisionService.method.recordVisit);
  const named = (kind: string) => rules.of(kind).map(({ code, name, article, words }) => ({ value: code, label: article ? `${name}（${article}）` : name, words }));
  const bodies = named("body").filter(({ words }) => words.includes("inspect"));
  const takesLeads = rules.of("supervise").some(({ code }) => code === LEADS);
  return (
    <ActionDrawer<Values> open={open} title={t("recordVisit")} draft="visit.new" initial={{}} okText={t("recordVisit")} onClose={onClose} submit={(values) => command.run({ city, ...values })}>
      <Choice t={c} name="body" label={t("visitedBy")} options={bodies} required />
      <Choice t={c} name="unitId" label={t("visited")} options={units} required />
      <Form.Item name="findings" label={t("findings")} rules={[{ required: true, whitespace: true, message: `${c("needs")}${t("findings")}` }]}>
        <Input.TextArea rows={5} maxLength={2000} />
      </Form.Item>
      {takesLeads ? <Choice t={c} name="recipient" label={t("leads")} options={named("hand_over")} /> : null}
    </ActionDrawer>
  );
}
