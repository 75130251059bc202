/** What both entries share: theme, language, cache, session; then their own content. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, StrictMode, useEffect, useMemo, useRef } from "react";
import { createRoot } from "react-dom/client";
import { defineWords, useLang, useWords } from "./i18n/i18n";
import { startLive } from "./live/live";
import { pageNonce, stampStyles } from "./nonce";
import type { RpcFailure } from "./rpc/errors";
import { beginSession, useLoadSession } from "./session/load";
import { SessionContext, signInAddress } from "./session/session";
import { applyTheme, theme } from "./theme";
import { Notice } from "./ui/Notice";
import { FailureNote } from "./ui/state";
import { UndoProvider } from "./ui/undo";

const words = defineWords({
  loading: ["正在打开工作台", "Opening the desks"],
  failed: ["工作台暂时打不开", "The desks cannot be opened now"],
});

/** Draws `content` for whoever is signed in; everybody else is sent to sign in. */
export function enter(content: ReactNode): void {
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no #root");
  const nonce = pageNonce();
  if (nonce) stampStyles(nonce);
  applyTheme(document.documentElement);
  const client = new QueryClient({
    defaultOptions: { queries: { retry: (count, error) => count < 2 && (error as RpcFailure).unreachable === true } },
  });
  beginSession(client);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Frame client={client}>{content}</Frame>
      </QueryClientProvider>
    </StrictMode>,
  );
}

function Frame({ client, children }: { client: QueryClient; children: ReactNode }) {
  const language = useLang();
  const csp = useMemo(() => {
    const found = pageNonce();
    return found ? { nonce: found } : {};
  }, []);
  // What the services say comes in the language of the call: another language asks again.
  const asked = useRef(language);
  useEffect(() => {
    if (asked.current === language) return;
    asked.current = language;
    void client.invalidateQueries();
  }, [client, language]);
  return (
    <ConfigProvider theme={theme} locale={language === "zh" ? zhCN : enUS} csp={csp} button={{ autoInsertSpace: false }}>
      <Gate client={client}>{children}</Gate>
    </ConfigProvider>
  );
}

let started = false;

function Gate({ client, children }: { client: QueryClient; children: ReactNode }) {
  const t = useWords(words);
  const { session, failure, retry } = useLoadSession();
  useEffect(() => {
    if (session && !started) {
      started = true;
      startLive(client);
    }
    if (failure?.signedOut) window.location.assign(signInAddress());
  }, [session, failure, client]);
  if (session) {
    return (
      <SessionContext value={session}>
        <UndoProvider>{children}</UndoProvider>
      </SessionContext>
    );
  }
  if (failure && !failure.signedOut) {
    return (
      <Notice title={t("failed")}>
        <FailureNote failure={failure} retry={retry} />
      </Notice>
    );
  }
  // Plain words: whatever is drawn here is drawn before the desk.
  return (
    <p className="opening" role="status">
      {t("loading")}
    </p>
  );
}
