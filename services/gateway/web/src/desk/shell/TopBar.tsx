/** The top bar: where one is, the search by number, the line, language, person. */
import { LogoutOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, Input, Popover, Space, Switch } from "antd";
import { defineWords, setLang, useLang, useWords } from "@shared/i18n/i18n";
import { setSingleKeys, useSingleKeys } from "@shared/keys/keys";
import { useSession } from "@shared/session/session";
import { signOut } from "@shared/session/signOut";
import { KeyHint } from "@shared/ui/state";
import { roles as roleNames, useNames } from "@shared/words/enums";
import { LineChip } from "./LineChip";

const words = defineWords({
  service: ["12345 政务服务便民热线", "12345 hotline"],
  search: ["按诉求或工单编号查找", "Find by number"],
  commands: ["命令", "Commands"],
  singleKeys: ["单键快捷键", "Single-key shortcuts"],
  keys: ["快捷键一览", "List of keys"],
  account: ["我的账户与安全", "My account"],
  signOut: ["退出登录", "Sign out"],
  person: ["账户：{name}", "Account: {name}"],
  lang: ["English", "中文"],
});

interface TopBarProps {
  onNumber: (number: string) => void;
  onPalette: () => void;
  onKeys: () => void;
}

/** The bar. */
export function TopBar({ onNumber, onPalette, onKeys }: TopBarProps) {
  const t = useWords(words);
  const language = useLang();
  const name = useNames();
  const session = useSession();
  const single = useSingleKeys();
  const person = (
    <Space orientation="vertical" style={{ width: 240 }}>
      <strong>{session.name}</strong>
      <span className="dim">{session.roles.map((role) => name(roleNames, role)).join("、")}</span>
      {session.unitName ? <span className="dim">{session.unitName}</span> : null}
      <label className="top-setting">
        {t("singleKeys")}
        <Switch checked={single} onChange={setSingleKeys} aria-label={t("singleKeys")} />
      </label>
      <Button block onClick={onKeys}>
        {t("keys")}
        <KeyHint chord="?" />
      </Button>
      <Button block href="/account">
        {t("account")}
      </Button>
      <Button block icon={<LogoutOutlined />} onClick={() => void signOut()}>
        {t("signOut")}
      </Button>
    </Space>
  );
  return (
    <header className="top">
      <span className="top-name">{session.cityName ? `${session.cityName} · ` : ""}{t("service")}</span>
      <form
        role="search"
        className="top-search"
        onSubmit={(event) => {
          event.preventDefault();
          const number = String(new FormData(event.currentTarget).get("number") ?? "").trim();
          if (number !== "") onNumber(number);
        }}
      >
        <Input id="global-search" name="number" prefix={<SearchOutlined />} placeholder={t("search")} aria-label={t("search")} suffix={<KeyHint chord="/" />} autoComplete="off" />
      </form>
      <span className="grow" />
      <LineChip />
      <Button className="top-button" onClick={onPalette}>
        {t("commands")}
        <KeyHint chord="mod+k" />
      </Button>
      <Button className="top-button" onClick={() => setLang(language === "zh" ? "en" : "zh")} lang={language === "zh" ? "en" : "zh-CN"}>
        {t("lang")}
      </Button>
      <Popover trigger="click" placement="bottomRight" content={person}>
        <Button className="top-button" aria-label={t("person", { name: session.name })}>
          {session.name}
        </Button>
      </Popover>
    </header>
  );
}
