/** One account: what it may do, its sessions, its history, and the acts of the security administrator. */
import { Button, Drawer, Form, Input } from "antd";
import { useState } from "react";
import { type Account, AccountService, AccountState, type OneTimeLink } from "@gen/hotline/gateway/v1/account_pb";
import { useWords } from "@shared/i18n/i18n";
import { Person } from "@shared/people/usePerson";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { useRole, useSession } from "@shared/session/session";
import { dateTime, msOf } from "@shared/time/format";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { FailureNote } from "@shared/ui/state";
import { useUndo } from "@shared/ui/undo";
import { Waiting } from "@shared/ui/Waiting";
import { AccountForm } from "./AccountForm";
import { AccountTags, useRoleNames } from "./AccountsPage";
import { words } from "./words";

interface AccountDrawerProps {
  /** Account; empty for none. */
  id: string;
  onClose: () => void;
  onLink: (link: { name: string; link: OneTimeLink }) => void;
  onChanged: () => void;
}

export function AccountDrawer({ id, onClose, onLink, onChanged }: AccountDrawerProps) {
  const query = useRpc(AccountService.method.getAccount, { accountId: id }, { enabled: id !== "" });
  const account = query.data?.account;
  return (
    <Drawer open={id !== ""} onClose={onClose} size={680} title={account ? `${account.name}（${account.username}）` : ""} destroyOnHidden>
      {query.error ? <FailureNote failure={query.error} retry={() => void query.refetch()} /> : null}
      {account ? <Content account={account} onLink={onLink} onChanged={onChanged} /> : query.error ? null : <Waiting rows={4} />}
    </Drawer>
  );
}

function Content({ account, onLink, onChanged }: { account: Account } & Pick<AccountDrawerProps, "onLink" | "onChanged">) {
  const t = useWords(words);
  const { nameOf } = useRoleNames();
  const { accountId } = useSession();
  const admin = useRole("security_admin");
  const facts: [string, string][] = [
    [t("roles"), account.roles.map(nameOf).join("、")],
    [t("unit"), account.unitName || t("platform")],
    [t("division"), account.division],
    [t("second"), t(account.hasSecondFactor ? "yes" : "no")],
    [t("oidc"), account.oidcSubject],
    [t("last"), dateTime(msOf(account.lastSignInAt)) || t("never")],
  ];
  return (
    <div className="account">
      <p>
        <AccountTags account={account} /> <span className="dim num">{t("created", { at: dateTime(msOf(account.createdAt)) })}</span>
      </p>
      {account.id === accountId ? <p className="dim">{t("own")}</p> : admin ? <Acts account={account} onLink={onLink} onChanged={onChanged} /> : null}
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name} className="account-row">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Sessions account={account} mayEnd={admin && account.id !== accountId} />
      <Events account={account} />
    </div>
  );
}

function Acts({ account, onLink, onChanged }: { account: Account } & Pick<AccountDrawerProps, "onLink" | "onChanged">) {
  const t = useWords(words);
  const later = useUndo();
  const issue = useCommand(AccountService.method.issueLink);
  const lock = useCommand(AccountService.method.lockAccount);
  const unlock = useCommand(AccountService.method.unlockAccount);
  const [form, setForm] = useState<"edit" | "lock">();
  const [failure, setFailure] = useState<RpcFailure>();
  const link = async (resetSecondFactor: boolean) => {
    setFailure(undefined);
    try {
      const answer = await issue.run({ accountId: account.id, resetSecondFactor });
      if (answer.link) onLink({ name: account.name, link: answer.link });
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  return (
    <>
      {failure ? <FailureNote failure={failure} /> : null}
      <div className="account-acts">
        <Button onClick={() => setForm("edit")}>{t("edit")}</Button>
        <Button loading={issue.pending} onClick={() => void link(false)}>{t("link")}</Button>
        {account.hasSecondFactor ? <Button onClick={() => void link(true)}>{t("linkReset")}</Button> : null}
        {account.state === AccountState.LOCKED || account.waitsUntil ? (
          <Button onClick={() => later({ label: t("unlocked", { name: account.name }), commit: () => unlock.run({ accountId: account.id }).then(onChanged) })}>{t("unlock")}</Button>
        ) : null}
        {account.state === AccountState.LOCKED ? null : (
          <Button danger onClick={() => setForm("lock")}>
            {t("lock")}
          </Button>
        )}
      </div>
      {form === "edit" ? <AccountForm account={account} onClose={() => setForm(undefined)} onMade={onChanged} /> : null}
      {form === "lock" ? (
        <ActionDrawer<{ reason: string }>
          open
          title={t("lockTitle")}
          draft={`lock.${account.id}`}
          initial={{}}
          okText={t("lock")}
          okDanger
          onClose={() => setForm(undefined)}
          submit={({ reason }) => lock.run({ accountId: account.id, reason }).then(onChanged)}
        >
          <p>{t("lockNote")}</p>
          <Form.Item name="reason" label={t("reason")} rules={[{ required: true, whitespace: true, message: `${t("need")}${t("reason")}` }]}>
            <Input.TextArea maxLength={200} rows={2} />
          </Form.Item>
        </ActionDrawer>
      ) : null}
    </>
  );
}

function Sessions({ account, mayEnd }: { account: Account; mayEnd: boolean }) {
  const t = useWords(words);
  const later = useUndo();
  const end = useCommand(AccountService.method.endSessions);
  const sessions = useRpc(AccountService.method.listSessions, { accountId: account.id }).data?.sessions ?? [];
  const finish = (sessionId: string) => later({ label: t("ended", { name: account.name }), commit: () => end.run({ accountId: account.id, sessionId }) });
  return (
    <>
      <h3>
        {t("sessions")} {mayEnd && sessions.length > 1 ? <Button onClick={() => finish("")}>{t("endAll")}</Button> : null}
      </h3>
      {sessions.length === 0 ? <p className="dim">{t("noSessions")}</p> : null}
      <ul className="account-list">
        {sessions.map((session) => (
          <li key={session.id}>
            <span className="num">{dateTime(msOf(session.createdAt))}</span>
            <span>{session.address}</span>
            <span className="dim">{session.agent}</span>
            <span className="dim num">{t("seen", { at: dateTime(msOf(session.seenAt)) })}</span>
            {mayEnd ? <Button onClick={() => finish(session.id)}>{t("end")}</Button> : null}
          </li>
        ))}
      </ul>
    </>
  );
}

function Events({ account }: { account: Account }) {
  const t = useWords(words);
  const events = useRpc(AccountService.method.listAccountEvents, { accountId: account.id }).data?.events ?? [];
  return (
    <>
      <h3>{t("events")}</h3>
      {events.length === 0 ? <p className="dim">{t("noEvents")}</p> : null}
      <ul className="account-list">
        {events.map((event, at) => (
          <li key={at}>
            <span className="num">{dateTime(msOf(event.at))}</span>
            <code>{event.kind}</code>
            <span>{event.detail}</span>
            <span className="dim">
              <Person id={event.actor} /> {event.address}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
