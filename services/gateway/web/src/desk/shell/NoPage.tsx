/** An address without a page. */
import { Link } from "@tanstack/react-router";
import { Result } from "antd";
import { defineWords, useWords } from "@shared/i18n/i18n";

const words = defineWords({ none: ["没有这个页面", "No such page"], home: ["回到首页", "Back home"] });

export function NoPage() {
  const t = useWords(words);
  return <Result status="404" title={<h1>{t("none")}</h1>} extra={<Link to={"/" as never}>{t("home")}</Link>} />;
}
