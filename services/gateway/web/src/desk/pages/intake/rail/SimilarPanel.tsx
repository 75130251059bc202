/** Open matters of the same category in the same division. */
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { Link } from "@tanstack/react-router";
import { useWords } from "@shared/i18n/i18n";
import { useRpc } from "@shared/rpc/hooks";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { StateTag } from "@shared/ui/state";
import { appealStates, useNames } from "@shared/words/enums";
import { appealTone } from "../../order/tones";
import { useGuideNames } from "../useGuide";
import { words } from "../words";

export function SimilarPanel({ category, division }: { category: string; division: string }) {
  const t = useWords(words);
  const name = useNames();
  const guide = useGuideNames();
  const now = useNow();
  const asked = category !== "" && division !== "";
  const query = useRpc(IntakeService.method.listSimilarMatters, { category, division }, { enabled: asked });
  if (!asked) return null;
  const matters = query.data?.matters ?? [];
  return (
    <section className="card" aria-labelledby="similar">
      <h2 id="similar">{t("similar")}</h2>
      {query.data && matters.length === 0 ? <p className="dim">{t("similarNone")}</p> : null}
      <ul className="rail-list">
        {matters.map((matter) => (
          <li key={matter.appealId}>
            <Link to={`/orders/${matter.appealId}` as never} target="_blank">
              {guide.category(matter.category)} · {guide.division(matter.division)}
            </Link>{" "}
            <StateTag tone={appealTone(matter.state)}>{name(appealStates, matter.state)}</StateTag>{" "}
            <span className="dim num">{shortTime(msOf(matter.registeredAt), now)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
