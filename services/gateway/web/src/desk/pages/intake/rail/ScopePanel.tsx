/** Whether the matter is taken on, and the emergency numbers to transfer to by one key. */
import { Button } from "antd";
import { useWords } from "@shared/i18n/i18n";
import type { DisposalKind } from "../disposals/DisposalDrawer";
import type { IntakeValues } from "../request";
import { scopeOf } from "../scope";
import { useGuide } from "../useGuide";
import { words } from "../words";

interface ScopePanelProps {
  values: IntakeValues;
  onWish?: (kind: DisposalKind, preset: string) => void;
}

export function ScopePanel({ values, onWish }: ScopePanelProps) {
  const t = useWords(words);
  const guide = useGuide();
  const labels = [...(values.labels ?? []), ...(values.forEnterprise ? ["enterprise"] : [])];
  const scope = scopeOf(guide, { type: values.type, channel: values.channel, category: values.category, labels });
  return (
    <section className="card" aria-labelledby="scope">
      <h2 id="scope">{t("scope")}</h2>
      <p role="status">
        {scope.kind === "unknown" ? <span className="dim">{t("scopeUnknown")}</span> : null}
        {scope.kind === "everything" ? <span>✓ {t("scopeEverything")}</span> : null}
        {scope.kind === "inside" ? (
          <span className="scope-in">
            ✓ {t("scopeInside", { name: scope.item.name })} {scope.item.article ? `（${t("article", { article: scope.item.article })}）` : ""}
          </span>
        ) : null}
        {scope.kind === "outside" ? <span className="scope-out">◆ {t("scopeOutside")}</span> : null}
      </p>
      <h3>{t("redirects")}</h3>
      <div className="redirects">
        {(guide?.redirects ?? [])
          .filter(({ kind }) => kind === "emergency")
          .map(({ number, name }) => (
            <Button key={number} disabled={!onWish} onClick={() => onWish?.("transfer", number)}>
              {number} {name}
            </Button>
          ))}
      </div>
    </section>
  );
}
