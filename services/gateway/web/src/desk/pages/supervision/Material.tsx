/** The material of a case: every document, as it would be handed over. */
import { type SupervisionCase, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { useRpc } from "@shared/rpc/hooks";
import { useRole } from "@shared/session/session";
import { dateTime, msOf } from "@shared/time/format";
import { FailureNote } from "@shared/ui/state";
import { accountWords } from "./accountWords";

/** Folded; asked for once somebody opens it. */
export function Material({ found }: { found: SupervisionCase }) {
  const t = useWords(accountWords);
  const [open, setOpen] = useState(false);
  const allowed = useRole("supervisor", "leader", "special_team", "operator");
  const query = useRpc(SupervisionService.method.getMaterial, { caseId: found.caseId }, { enabled: open && allowed });
  const documents = query.data?.documents ?? [];
  if (!allowed) return null;
  return (
    <details className="case-material" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("material")}</summary>
      {query.error ? <FailureNote failure={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? <p className="dim">{documents.length === 0 ? t("noMaterial") : t("materialCount", { n: documents.length })}</p> : null}
      {documents.map((document, at) => (
        <article key={at} className="case-letter">
          <header>
            <strong>{document.name}</strong>
            <span className="grow" />
            <span className="dim num">{dateTime(msOf(document.at))}</span>
          </header>
          <p className="pre">{document.text}</p>
        </article>
      ))}
    </details>
  );
}
