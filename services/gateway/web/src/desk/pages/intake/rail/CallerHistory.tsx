/** The last appeals of the number that is typed; still open ones may be the same matter. */
import { AppealState, IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { useEffect, useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { useRpc } from "@shared/rpc/hooks";
import { FailureNote } from "@shared/ui/state";
import { words } from "../words";
import { AppealList } from "./AppealList";

const OPEN = [AppealState.REGISTERED, AppealState.REFERRED, AppealState.WITH_SPECIALIST, AppealState.ACCEPTED, AppealState.IN_PROGRESS];
/** A number that is worth asking for. */
const WHOLE = /^\+?[\d-]{7,20}$/;

export function CallerHistory({ telephone }: { telephone: string }) {
  const t = useWords(words);
  const typed = useSettled(telephone.trim(), 500);
  const asked = WHOLE.test(typed);
  const query = useRpc(IntakeService.method.listAppeals, { telephone: typed, pageSize: 5 }, { enabled: asked });
  const appeals = asked ? (query.data?.appeals ?? []) : [];
  const open = appeals.filter(({ state }) => OPEN.includes(state));
  return (
    <section className="card" aria-labelledby="history">
      <h2 id="history">{t("history")}</h2>
      {!asked ? <p className="dim">{t("historyHint")}</p> : null}
      {asked && query.error ? <FailureNote failure={query.error} /> : null}
      {asked && query.data && appeals.length === 0 ? <p className="dim">{t("historyNone")}</p> : null}
      {open.length > 0 ? (
        <p className="intake-rule" role="status">
          ◆ {t("repeatHint", { n: open.length })}
        </p>
      ) : null}
      <AppealList appeals={appeals} />
    </section>
  );
}

/** The value once it has not changed for `ms`. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
