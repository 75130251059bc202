/** The supervision board: cards and breaches by unit and division, the ledger of cases, and its export. */
import { DownloadOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useFilters } from "@shared/filter/useFilters";
import { useWords } from "@shared/i18n/i18n";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useMayClocks } from "@shared/orders/PageClocks";
import { useRole } from "@shared/session/session";
import { FailureNote } from "@shared/ui/state";
import { accountWords } from "./accountWords";
import { Board } from "./Board";
import { Bulletins, IssueBulletin } from "./Bulletins";
import { CaseList } from "./CaseList";
import { CasePane } from "./CasePane";
import { DueList } from "./DueList";
import { exportLedger } from "./ledger";
import { OpenCase } from "./OpenCase";
import { RecordVisit, Visits } from "./Visits";
import { words } from "./words";
import "./supervision.css";

const defaults = { tab: "", unit: "", state: "", class: "", case: "", owed: "", over: "", place: "", enterprise: "" };
/** What of the board stands in the address. */
export type BoardFilters = typeof defaults;

/** Parts of the page; the first is what it opens with. */
const TABS = ["board", "due", "cases", "visits", "bulletins"] as const;
type Tab = (typeof TABS)[number];

export default function SupervisionPage() {
  const t = useWords(words);
  const [filters, setFilters] = useFilters(defaults);
  const a = useWords(accountWords);
  const [opening, setOpening] = useState<Tab>();
  const [exporting, setExporting] = useState(false);
  const [failure, setFailure] = useState<RpcFailure>();
  const mayAct = useRole("supervisor", "leader", "special_team");
  const mayExport = useRole("supervisor", "leader", "special_team", "operator");
  const mayClocks = useMayClocks();
  const tabs = TABS.filter((one) => one !== "due" || mayClocks);
  const tab = tabs.find((one) => one === filters.tab) ?? "board";
  const close = () => setOpening(undefined);
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
          {tabs.map((one) => (
            <button key={one} type="button" aria-current={one === tab ? "page" : undefined} onClick={() => setFilters({ tab: one === "board" ? "" : one, case: "" })}>
              {one === "visits" || one === "bulletins" ? a(one) : t(one)}
            </button>
          ))}
        </nav>
        <span className="grow" />
        {mayExport && (tab === "board" || tab === "cases") ? (
          <Button icon={<DownloadOutlined />} loading={exporting} onClick={() => void save()}>
            {t(exporting ? "exporting" : "export")}
          </Button>
        ) : null}
        {mayAct ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpening(tab)}>
            {tab === "visits" ? a("recordVisit") : tab === "bulletins" ? a("issueBulletin") : t("openCase")}
          </Button>
        ) : null}
      </div>
      {failure ? <FailureNote failure={failure} /> : null}
      {tab === "board" ? <Board filters={filters} onFilter={setFilters} /> : null}
      {tab === "due" ? <DueList filters={filters} defaults={defaults} onFilter={setFilters} /> : null}
      {tab === "cases" ? <CaseList filters={filters} defaults={defaults} onFilter={setFilters} /> : null}
      {tab === "visits" ? <Visits filters={filters} onFilter={setFilters} /> : null}
      {tab === "bulletins" ? <Bulletins /> : null}
      <CasePane name={filters.case} onClose={() => setFilters({ case: "" })} />
      <OpenCase
        open={opening === "board" || opening === "due" || opening === "cases"}
        onClose={close}
        onOpened={(number) => setFilters({ tab: "cases", case: number })}
      />
      <RecordVisit open={opening === "visits"} onClose={close} />
      <IssueBulletin open={opening === "bulletins"} onClose={close} onAgain={() => setOpening("bulletins")} />
    </>
  );
}
