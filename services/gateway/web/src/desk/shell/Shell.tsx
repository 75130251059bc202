/** The frame of every desk: top bar, navigation by role, palette, keys, the page. */
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { defineWords, useLang, useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { type Command, useCommands } from "@shared/palette/commands";
import { Palette } from "@shared/palette/Palette";
import { useSession } from "@shared/session/session";
import { has, pages } from "../pages";
import { KeysHelp } from "./KeysHelp";
import { RingBar } from "./RingBar";
import { SignedOut } from "./SignedOut";
import { TopBar } from "./TopBar";
import "./shell.css";

const words = defineWords({
  skip: ["跳到正文", "Skip to content"],
  nav: ["工作台导航", "Desks"],
  pages: ["页面", "Page"],
  palette: ["命令面板", "Commands"],
  keys: ["快捷键一览", "Keys"],
  search: ["搜索工单号", "Find by number"],
});

/** The shell. */
export function Shell() {
  const t = useWords(words);
  const at = useLang() === "zh" ? 0 : 1;
  const session = useSession();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const mine = pages.filter((page) => has(page, session.roles));
  const inNav = mine.filter(({ nav }) => nav !== undefined).sort((a, b) => (a.nav ?? 0) - (b.nav ?? 0));
  const openNumber = (number: string) => void navigate({ to: `/orders/${encodeURIComponent(number)}` as never });

  const goTo: Command[] = inNav.map((page) => ({
    id: `page:${page.path}`,
    label: page.title[at],
    group: t("pages"),
    run: () => void navigate({ to: page.path as never }),
  }));
  useCommands([...goTo, { id: "keys", label: t("keys"), group: "", chord: "?", run: () => setHelp(true) }]);
  useKeys({
    "mod+k": { label: t("palette"), run: () => setPalette(true) },
    "?": { label: t("keys"), run: () => setHelp(true) },
    "/": { label: t("search"), run: () => document.querySelector<HTMLInputElement>("#global-search")?.focus() },
  });

  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <TopBar onNumber={openNumber} onPalette={() => setPalette(true)} onKeys={() => setHelp(true)} />
      <nav className="shell-nav" aria-label={t("nav")}>
        {inNav.map((page) => {
          const current = page.path === "/" ? path === "/" : path.startsWith(page.path);
          return (
            <Link key={page.path} to={page.path as never} className="shell-link" aria-current={current ? "page" : undefined}>
              {page.title[at]}
            </Link>
          );
        })}
      </nav>
      <main id="main" className="shell-main" tabIndex={-1}>
        <RingBar />
        <Outlet />
      </main>
      <Palette open={palette} onClose={() => setPalette(false)} onNumber={openNumber} />
      <KeysHelp open={help} onClose={() => setHelp(false)} />
      <SignedOut />
    </div>
  );
}
