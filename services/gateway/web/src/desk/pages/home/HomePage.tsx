/** The first page after signing in: the desks that the person's roles have. */
import { Link } from "@tanstack/react-router";
import { defineWords, useLang, useWords } from "@shared/i18n/i18n";
import { useSession } from "@shared/session/session";
import { roles as roleNames, useNames } from "@shared/words/enums";
import { has, pages } from "../../pages";
import "./home.css";

const words = defineWords({
  hello: ["{name}，您好", "Good day, {name}"],
  roles: ["您的岗位：{roles}", "Your roles: {roles}"],
  none: ["您的账户还没有岗位，请联系安全管理员分配。", "Your account has no role yet; ask the security administrator."],
  tip: ["按 Ctrl K 打开命令面板，按 ? 查看快捷键。", "Ctrl K opens the commands, ? lists the keys."],
});

export default function HomePage() {
  const t = useWords(words);
  const at = useLang() === "zh" ? 0 : 1;
  const name = useNames();
  const session = useSession();
  const mine = pages
    .filter((page) => page.nav !== undefined && page.path !== "/" && has(page, session.roles))
    .sort((a, b) => (a.nav ?? 0) - (b.nav ?? 0));
  return (
    <>
      <div className="page-head">
        <h1>{t("hello", { name: session.name })}</h1>
        <span className="dim">{session.unitName}</span>
      </div>
      <p className="dim">{session.roles.length > 0 ? t("roles", { roles: session.roles.map((role) => name(roleNames, role)).join("、") }) : t("none")}</p>
      <ul className="home-desks">
        {mine.map((page) => (
          <li key={page.path}>
            <Link to={page.path as never} className="card">
              {page.title[at]}
            </Link>
          </li>
        ))}
      </ul>
      <p className="dim">{t("tip")}</p>
    </>
  );
}
