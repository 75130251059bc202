/** A new account, or a changed one. */
import { Form, Input, Select } from "antd";
import { type Account, AccountService, type OneTimeLink } from "@gen/hotline/gateway/v1/account_pb";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { useRoleNames } from "./AccountsPage";
import { words } from "./words";

interface Values {
  username: string;
  name: string;
  roles: string[];
  unitId?: string;
  division?: string;
  oidcSubject?: string;
}

interface AccountFormProps {
  /** The account to change; absent for a new one. */
  account?: Account;
  onClose: () => void;
  onMade: (account: Account, link: OneTimeLink | undefined) => void;
}

export function AccountForm({ account, onClose, onMade }: AccountFormProps) {
  const t = useWords(words);
  const create = useCommand(AccountService.method.createAccount);
  const update = useCommand(AccountService.method.updateAccount);
  const { roles } = useRoleNames();
  const units = useRpc(RoutingService.method.listUnits, {}, { staleTime: 600_000 });
  const need = (label: string) => [{ required: true, message: `${t("need")}${label}` }];
  const submit = async (values: Values) => {
    const input = { ...values, unitId: values.unitId ?? "", division: values.division ?? "", oidcSubject: values.oidcSubject ?? "" };
    if (account) {
      const { username: _, ...rest } = input;
      const answer = await update.run({ ...rest, accountId: account.id, version: account.version });
      if (answer.account) onMade(answer.account, undefined);
    } else {
      const answer = await create.run(input);
      if (answer.account) onMade(answer.account, answer.link);
    }
  };
  return (
    <ActionDrawer<Values>
      open
      title={t(account ? "edit" : "create")}
      draft={account ? `account.${account.id}` : "account.new"}
      initial={account ? { username: account.username, name: account.name, roles: account.roles, unitId: account.unitId, division: account.division, oidcSubject: account.oidcSubject } : {}}
      okText={t(account ? "save" : "create")}
      onClose={onClose}
      submit={submit}
    >
      <Form.Item name="username" label={t("username")} extra={t("usernameHelp")} rules={need(t("username"))}>
        <Input disabled={account !== undefined} maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t("name")} rules={need(t("name"))}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="roles" label={t("roles")} extra={t("rolesHelp")} rules={need(t("roles"))}>
        <Select mode="multiple" showSearch={{ optionFilterProp: "label" }} options={roles.map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      <Form.Item name="unitId" label={t("unit")}>
        <Select allowClear loading={units.isLoading} showSearch={{ optionFilterProp: "label" }} options={(units.data?.units ?? []).map(({ unitId, name }) => ({ value: unitId, label: name }))} />
      </Form.Item>
      <Form.Item name="division" label={t("division")}>
        <Input maxLength={12} inputMode="numeric" />
      </Form.Item>
      <Form.Item name="oidcSubject" label={t("oidc")}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
    </ActionDrawer>
  );
}
