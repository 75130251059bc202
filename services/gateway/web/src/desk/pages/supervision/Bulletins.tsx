/** Regular notices: the list, one with its figures, and the form that issues one. */
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Drawer, Form, Input } from "antd";
import { useState } from "react";
import { type SupervisionBulletin, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useWords } from "@shared/i18n/i18n";
import type { RpcFailure } from "@shared/rpc/errors";
import { useCommand } from "@shared/rpc/hooks";
import { type Column, DataTable } from "@shared/table/DataTable";
import { useKeyset } from "@shared/table/useKeyset";
import { serverNow } from "@shared/time/clock";
import { dateOf, dateTime, msOf } from "@shared/time/format";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { StateTag } from "@shared/ui/state";
import { useHeld } from "@shared/ui/useHeld";
import { accountWords } from "./accountWords";
import { Choice } from "./CaseForms";
import { firstOfMonth, startOfDay } from "./periods";
import { useCity, useRules } from "./rules";
import { useUnits } from "./useBoard";
import { caseWords } from "./words";

export function Bulletins() {
  const t = useWords(accountWords);
  const [open, setOpen] = useState<SupervisionBulletin>();
  const list = useKeyset(SupervisionService.method.listBulletins, {}, (answer) => answer.bulletins);
  const columns: Column<SupervisionBulletin>[] = [
    { key: "number", title: t("number"), width: 170, render: (row) => <span className="num">{row.number}</span> },
    { key: "name", title: t("name"), render: (row) => <span className="dt-main">{row.name}</span> },
    { key: "period", title: t("period"), width: 220, render: (row) => <Period of={row} /> },
    { key: "named", title: t("namedUnits"), width: 110, render: (row) => <span className="num">{row.units.filter(({ named }) => named).length}</span> },
    { key: "issued", title: t("issuedAt"), width: 160, render: (row) => <span className="num">{dateTime(msOf(row.issuedAt))}</span> },
  ];
  return (
    <>
      <DataTable
        name="bulletins"
        label={t("bulletins")}
        list={list}
        rowKey={(row) => row.bulletinId}
        columns={columns}
        onOpen={setOpen}
        empty={{ why: t("noBulletins"), next: <span className="dim">{t("noBulletinsNext")}</span> }}
      />
      <Drawer open={open !== undefined} onClose={() => setOpen(undefined)} size={760} title={open ? `${open.number} ${open.name}` : ""} destroyOnHidden>
        {open ? <Content of={open} /> : null}
      </Drawer>
    </>
  );
}

function Period({ of }: { of: SupervisionBulletin }) {
  return (
    <span className="num">
      {dateOf(msOf(of.from) ?? 0)} – {dateOf((msOf(of.until) ?? 0) - 1)}
    </span>
  );
}

function Content({ of }: { of: SupervisionBulletin }) {
  const t = useWords(accountWords);
  const units = useUnits();
  return (
    <div className="case">
      <p>
        <Period of={of} /> {of.article ? <span className="dim">{t("article", { article: of.article })}</span> : null} {of.recipient ? <span className="dim">{t("leadsTo", { name: of.recipient })}</span> : null}
      </p>
      <p className="pre">{of.text}</p>
      <h3>{t("units")}</h3>
      {of.units.length === 0 ? <p className="dim">{t("noFigures")}</p> : null}
      <div className="sup-counts" role="region" aria-label={t("units")} tabIndex={0}>
        <table className="sup-table">
          <thead>
            <tr>
              <th scope="col">{t("unitHead")}</th>
              {(["due", "kept", "rate", "sentBack", "opened", "cards"] as const).map((column) => (
                <th key={column} scope="col" className="sup-n">
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.units.map((unit) => (
              <tr key={unit.unitId}>
                <th scope="row">
                  {units.find(({ unitId }) => unitId === unit.unitId)?.name ?? unit.unitId} {unit.named ? <StateTag tone="bad">{t("named")}</StateTag> : null}
                </th>
                {[unit.due, unit.kept, `${unit.rate} %`, unit.sentBack, unit.cases, unit.cards].map((figure, at) => (
                  <td key={at} className="sup-n num">
                    {figure}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

interface Values {
  code: string;
  until: string;
}

/** Issues a notice; it can be taken back for some seconds. */
export function IssueBulletin({ open, onClose, onAgain }: { open: boolean; onClose: () => void; onAgain: () => void }) {
  const t = useWords(accountWords);
  const c = useWords(caseWords);
  const city = useCity();
  const hold = useHeld();
  const rules = useRules().of("bulletin");
  const command = useCommand(SupervisionService.method.issueBulletin);
  const [failed, setFailed] = useState<RpcFailure>();
  const name = (code: string) => rules.find((rule) => rule.code === code)?.name ?? code;
  const submit = async (values: Values) => {
    setFailed(undefined);
    const until = timestampFromMs(startOfDay(values.until));
    const again = (failure?: RpcFailure) => {
      setFailed(failure);
      onAgain();
    };
    hold({ label: t("later", { act: t("issueBulletin"), number: name(values.code) }), draft: "bulletin.new", values, run: () => command.run({ city, code: values.code, until }), reopen: again });
  };
  const initial: Partial<Values> = { until: firstOfMonth(serverNow()), ...(rules[0] ? { code: rules[0].code } : {}) };
  return (
    <ActionDrawer<Values> open={open} title={t("issueBulletin")} draft="bulletin.new" initial={initial} {...(failed ? { failed } : {})} okText={t("issueBulletin")} onClose={onClose} submit={submit}>
      <Choice t={c} name="code" label={t("bulletinCode")} options={rules.map(({ code, name: label, article }) => ({ value: code, label: article ? `${label}（${article}）` : label }))} required />
      <Form.Item name="until" label={t("until")} rules={[{ required: true, message: `${c("needs")}${t("until")}` }]} extra={t("untilHint")}>
        <Input type="date" style={{ width: 200 }} />
      </Form.Item>
    </ActionDrawer>
  );
}
