/** Accounts: who may work here, in which roles, and how they get in. */
import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { type Account, AccountService, AccountState, type OneTimeLink } from "@gen/hotline/gateway/v1/account_pb";
import { FilterBar } from "@shared/filter/FilterBar";
import { useFilters } from "@shared/filter/useFilters";
import { useLang, useWords } from "@shared/i18n/i18n";
import { useRpc } from "@shared/rpc/hooks";
import { useRole } from "@shared/session/session";
import { type Column, DataTable } from "@shared/table/DataTable";
import { useKeyset } from "@shared/table/useKeyset";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { StateTag } from "@shared/ui/state";
import { AccountDrawer } from "./AccountDrawer";
import { AccountForm } from "./AccountForm";
import { LinkNote } from "./LinkNote";
import { words } from "./words";
import "./accounts.css";

const defaults = { query: "", role: "", state: "", account: "" };

/** The roles that an account may hold, with their names. */
export function useRoleNames() {
  const at = useLang();
  const roles = useRpc(AccountService.method.listRoles, {}, { staleTime: 600_000 }).data?.roles ?? [];
  const named = roles.map((role) => ({ ...role, name: at === "zh" ? role.nameZh : role.nameEn }));
  return { roles: named, nameOf: (id: string) => named.find((role) => role.id === id)?.name ?? id };
}

export default function AccountsPage() {
  const t = useWords(words);
  const now = useNow();
  const [filters, setFilters] = useFilters(defaults);
  const [making, setMaking] = useState(false);
  const [link, setLink] = useState<{ name: string; link: OneTimeLink }>();
  const { roles, nameOf } = useRoleNames();
  const mayChange = useRole("security_admin");
  const state = { active: AccountState.ACTIVE, locked: AccountState.LOCKED }[filters.state] ?? AccountState.UNSPECIFIED;
  const list = useKeyset(AccountService.method.listAccounts, { query: filters.query, role: filters.role, state }, (answer) => answer.accounts);
  const columns: Column<Account>[] = [
    {
      key: "name",
      title: t("name"),
      width: 190,
      render: (row) => (
        <>
          <div className="dt-main">{row.name}</div>
          <div className="dt-sub">{row.username}</div>
        </>
      ),
    },
    { key: "roles", title: t("roles"), render: (row) => row.roles.map(nameOf).join("、") },
    { key: "unit", title: t("unit"), width: 200, render: (row) => row.unitName || t("platform") },
    { key: "state", title: t("state"), width: 190, render: (row) => <AccountTags account={row} /> },
    { key: "second", title: t("second"), width: 100, optional: true, render: (row) => <StateTag tone={row.hasSecondFactor ? "good" : "calm"}>{t(row.hasSecondFactor ? "yes" : "no")}</StateTag> },
    { key: "last", title: t("last"), width: 120, render: (row) => <span className="num">{shortTime(msOf(row.lastSignInAt), now) || t("never")}</span> },
  ];
  return (
    <>
      <div className="page-head">
        <h1>{t("title")}</h1>
        <span className="grow" />
        {mayChange ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
            {t("create")}
          </Button>
        ) : null}
      </div>
      <FilterBar
        list="accounts"
        values={{ ...filters, account: "" }}
        defaults={defaults}
        onChange={setFilters}
        fields={[
          { key: "query", label: t("query"), kind: "text" },
          { key: "role", label: t("role"), kind: "select", options: roles.map(({ id, name }) => ({ value: id, label: name })) },
          { key: "state", label: t("state"), kind: "select", options: (["active", "locked"] as const).map((value) => ({ value, label: t(value) })) },
        ]}
      />
      <DataTable
        name="accounts"
        label={t("title")}
        list={list}
        rowKey={(row) => row.id}
        columns={columns}
        onOpen={(row) => setFilters({ account: row.id })}
        empty={{ why: t("empty"), next: <span className="dim">{t("emptyNext")}</span> }}
      />
      <AccountDrawer id={filters.account} onClose={() => setFilters({ account: "" })} onLink={setLink} onChanged={list.reload} />
      {making ? (
        <AccountForm
          onClose={() => setMaking(false)}
          onMade={(account, made) => {
            if (made) setLink({ name: account.name, link: made });
            list.reload();
          }}
        />
      ) : null}
      {link ? <LinkNote {...link} onClose={() => setLink(undefined)} /> : null}
    </>
  );
}

/** How an account stands. */
export function AccountTags({ account }: { account: Account }) {
  const t = useWords(words);
  const now = useNow();
  const waits = msOf(account.waitsUntil);
  if (account.state === AccountState.LOCKED) return <StateTag tone="bad">{t("locked")}</StateTag>;
  if (waits !== undefined && waits > now) return <StateTag tone="warn">{t("waits", { at: shortTime(waits, now) })}</StateTag>;
  if (!account.hasPassword && account.lastSignInAt === undefined) return <StateTag tone="warn">{t("noPassword")}</StateTag>;
  return <StateTag tone="good">{t("active")}</StateTag>;
}
