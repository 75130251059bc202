/** What came in by the portals and other channels, and waits for somebody to accept it or not. */
import { AppealState, IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { useWords } from "@shared/i18n/i18n";
import { useRpc } from "@shared/rpc/hooks";
import { FailureNote } from "@shared/ui/state";
import { words } from "../words";
import { AppealList } from "./AppealList";

/** As many as an agent takes in at a glance. */
const SHOWN = 10;

/** New ones show by themselves, also where no line tells of them. */
const ASK_EVERY_MS = 15_000;

export function WaitingPanel() {
  const t = useWords(words);
  const query = useRpc(
    IntakeService.method.listAppeals,
    { state: AppealState.REGISTERED, pageSize: SHOWN },
    { refetchInterval: ASK_EVERY_MS },
  );
  const { appeals = [], nextPageToken = "" } = query.data ?? {};
  return (
    <section className="card" aria-labelledby="waiting">
      <h2 id="waiting">{t("waiting")}</h2>
      {query.error ? <FailureNote failure={query.error} /> : null}
      {query.data && appeals.length === 0 ? <p className="dim">{t("waitingNone")}</p> : null}
      <AppealList appeals={appeals} />
      {nextPageToken === "" ? null : <p className="dim">{t("waitingMore", { n: SHOWN })}</p>}
    </section>
  );
}
