/** An address without a page. */
import { Link } from "@tanstack/react-router";
import { defineWords, useWords } from "@shared/i18n/i18n";
import { Notice } from "@shared/ui/Notice";

const words = defineWords({ none: ["没有这个页面", "No such page"], home: ["回到首页", "Back home"] });

export function NoPage() {
  const t = useWords(words);
  return (
    <Notice title={t("none")}>
      <Link to={"/" as never}>{t("home")}</Link>
    </Notice>
  );
}
