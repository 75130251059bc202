/** The supervision board: cards and breaches by unit and division, the ledger of cases, and its export. */
import { DownloadOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useFilters } from "@shared/filter/useFilters";
import { useWords } from "@shared/i18n/i18n";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useRole } from "@shared/session/session";
import { FailureNote } from "@shared/ui/state";
import { Board } from "./Board";
import { CaseList } from "./CaseList";
import { CasePane } from "./CasePane";
import { exportLedger } from "./ledger";
import { OpenCase } from "./OpenCase";
import { words } from "./words";
import "./supervision.css";

const defaults = { tab: "", unit: "", state: "", class: "", case: "" };
/** What of the board stands in the address. */
export type BoardFilters = typeof defaults;

export default function SupervisionPage() {
  const t = useWords(words);
  const [filters, setFilters] = useFilters(defaults);
  const [opening, setOpening] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [failure, setFailure] = useState<RpcFailure>();
  const mayAct = useRole("supervisor", "leader", "special_team");
  const mayExport = useRole("supervisor", "leader", "special_team", "operator");
  const tab = filters.tab === "cases" ? "cases" : "board";
  const save = async () => {
    setExporting(true);
    setFailure(undefined);
    try {
      await exportLedger(filters);
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setExporting(false);
    }
  };
  return (
    <>
      <div className="page-head">
        <h1>{t("title")}</h1>
        <nav className="sup-tabs" aria-label={t("tabs")}>
          {(["board", "cases"] as const).map((one) => (
            <button key={one} type="button" aria-current={one === tab ? "page" : undefined} onClick={() => setFilters({ tab: one === "board" ? "" : one, case: "" })}>
              {t(one)}
            </button>
          ))}
        </nav>
        <span className="grow" />
        {mayExport ? (
          <Button icon={<DownloadOutlined />} loading={exporting} onClick={() => void save()}>
            {t(exporting ? "exporting" : "export")}
          </Button>
        ) : null}
        {mayAct ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpening(true)}>
            {t("openCase")}
          </Button>
        ) : null}
      </div>
      {failure ? <FailureNote failure={failure} /> : null}
      {tab === "board" ? <Board filters={filters} onFilter={setFilters} /> : <CaseList filters={filters} defaults={defaults} onFilter={setFilters} />}
      <CasePane name={filters.case} onClose={() => setFilters({ case: "" })} />
      <OpenCase
        open={opening}
        onClose={() => setOpening(false)}
        onOpened={(number) => setFilters({ tab: "cases", case: number })}
      />
    </>
  );
}
