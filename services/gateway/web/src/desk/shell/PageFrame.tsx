/** One page in the shell: its title, its code when it is there, and what went wrong in it. */
import { Button } from "antd";
import { Component, type ErrorInfo, type ReactNode, Suspense, useEffect } from "react";
import { defineWords, useLang, useWords } from "@shared/i18n/i18n";
import { useSession } from "@shared/session/session";
import { Notice } from "@shared/ui/Notice";
import { Waiting } from "@shared/ui/Waiting";
import { has, type Page } from "../pages";

const words = defineWords({
  closed: ["您的岗位没有此页面", "Your roles do not have this page"],
  broken: ["页面出错了，已填写的内容保存在草稿里", "The page failed; what you wrote is kept as a draft"],
  reload: ["重新载入", "Load again"],
  service: ["12345 政务服务便民热线", "12345 hotline"],
});

/** The frame. */
export function PageFrame({ page }: { page: Page }) {
  const t = useWords(words);
  const title = page.title[useLang() === "zh" ? 0 : 1];
  const session = useSession();
  useEffect(() => {
    document.title = `${title} · ${t("service")}`;
  }, [title, t]);
  if (!has(page, session.roles)) return <Notice title={t("closed")} />;
  const Content = page.component;
  return (
    <Catch key={page.path} title={t("broken")} again={t("reload")}>
      <Suspense fallback={<Waiting rows={8} />}>
        <Content />
      </Suspense>
    </Catch>
  );
}

class Catch extends Component<{ title: string; again: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }
  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice title={this.props.title}>
        <Button type="primary" onClick={() => window.location.reload()}>
          {this.props.again}
        </Button>
      </Notice>
    );
  }
}
