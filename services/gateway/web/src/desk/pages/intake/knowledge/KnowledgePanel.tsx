/** The knowledge panel, beside the intake form and in the drawer of an answer. Its content is loaded when the form stands already. */
import { lazy, Suspense, useId } from "react";
import { useWords } from "@shared/i18n/i18n";
import { Waiting } from "@shared/ui/Waiting";
import type { KnowledgeListProps } from "./KnowledgeList";
import { words } from "./words";

const KnowledgeList = lazy(() => import("./KnowledgeList"));

export function KnowledgePanel(props: Omit<KnowledgeListProps, "label">) {
  const t = useWords(words);
  const heading = useId();
  return (
    <section className="card" aria-labelledby={heading}>
      <h2 id={heading}>{t("title")}</h2>
      <Suspense fallback={<Waiting rows={2} />}>
        <KnowledgeList {...props} label={t("title")} />
      </Suspense>
    </section>
  );
}
