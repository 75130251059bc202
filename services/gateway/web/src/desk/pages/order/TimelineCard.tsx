/** What happened, oldest first, with who did it and the article that it rests on. */
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { useLang, useWords } from "@shared/i18n/i18n";
import { Person } from "@shared/people/usePerson";
import { useRpc } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";
import { dateTime, msOf } from "@shared/time/format";
import { FailureNote } from "@shared/ui/state";
import { Waiting } from "@shared/ui/Waiting";
import { limitsIn, withoutPlace } from "@shared/words/texts";
import type { Matter } from "./useOrder";
import { words } from "./words";

export function TimelineCard({ matter }: { matter: Matter }) {
  const t = useWords(words);
  const language = useLang();
  const allowed = useMay(IntakeService.method.getTimeline);
  const query = useRpc(IntakeService.method.getTimeline, { appeal: matter.id }, { enabled: allowed && matter.appeal !== undefined });
  if (!allowed) return null;
  const entries = query.data?.entries ?? [];
  return (
    <section className="card" aria-labelledby="timeline">
      <h2 id="timeline">{t("timeline")}</h2>
      {query.error ? <FailureNote failure={query.error} retry={() => void query.refetch()} /> : null}
      {query.isLoading ? <Waiting rows={5} /> : null}
      {query.data && entries.length === 0 ? <p className="dim">{t("noTimeline")}</p> : null}
      <ol className="timeline">
        {entries.map((entry, at) => (
          <li key={at} className={`tl tl-${toneOf(entry.type)}`}>
            <time className="num tl-time">{dateTime(msOf(entry.at)).slice(5)}</time>
            <div>
              <div>{withoutPlace(language === "zh" ? limitsIn(entry.text) : entry.textEn || entry.text)}</div>
              <div className="tl-sub">
                <Person id={entry.actor} />
                {entry.article ? ` · ${entry.article === "operator" ? t("operator") : t("article", { article: entry.article })}` : ""}
              </div>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Outward answers, faults and the rest differ by the shape of their mark, not by colour alone. */
function toneOf(type: string): "out" | "bad" | "in" {
  const name = type.slice(type.lastIndexOf(".") + 1);
  if (/Breached|Returned|Dissatisfied|SentBack|Disputed|Rejected|Urged/.test(name)) return "bad";
  if (/Replied|Answered|Approved|Settled|Closed|Evaluated/.test(name)) return "out";
  return "in";
}
