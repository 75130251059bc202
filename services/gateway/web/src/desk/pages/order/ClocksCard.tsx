/** All clocks of the order by name, and for each why it is due when it is. */
import type { Order } from "@gen/hotline/routing/v1/routing_pb";
import { type ClockExplanation, ClockState, type ExplainClocksResponse } from "@gen/hotline/sla/v1/sla_pb";
import type { UseQueryResult } from "@tanstack/react-query";
import { useLang, useWords } from "@shared/i18n/i18n";
import type { RpcFailure } from "@shared/rpc/errors";
import { dateTime, msOf } from "@shared/time/format";
import { ServiceClock } from "@shared/ui/ClockChip";
import { limitWords } from "@shared/ui/clockView";
import { FailureNote } from "@shared/ui/state";
import { Waiting } from "@shared/ui/Waiting";
import { obligations, useNames } from "@shared/words/enums";
import { words } from "./words";

interface ClocksCardProps {
  query: UseQueryResult<ExplainClocksResponse, RpcFailure>;
  order: Order;
}

/** Running clocks first, the soonest on top; then what is over, newest first. */
export function inOrder(all: readonly ClockExplanation[]): ClockExplanation[] {
  const open = (one: ClockExplanation) => one.clock?.state === ClockState.ARMED || one.clock?.state === ClockState.BREACHED;
  const due = (one: ClockExplanation) => msOf(one.clock?.facts?.dueAt) ?? 0;
  return [...all.filter(open).sort((a, b) => due(a) - due(b)), ...all.filter((one) => !open(one)).sort((a, b) => due(b) - due(a))];
}

export function ClocksCard({ query, order }: ClocksCardProps) {
  const t = useWords(words);
  const all = query.data?.explanations ?? [];
  return (
    <section className="card" aria-labelledby="clocks">
      <h2 id="clocks">{t("clocks")}</h2>
      {query.error ? <FailureNote failure={query.error} retry={() => void query.refetch()} /> : null}
      {query.isLoading ? <Waiting rows={4} /> : null}
      {query.data && all.length === 0 ? <p className="dim">{t("noClocks")}</p> : null}
      <ul className="clocks">
        {inOrder(all).map((one) => (
          <ClockLine key={one.clock?.facts?.clockId} one={one} order={order} />
        ))}
      </ul>
    </section>
  );
}

function ClockLine({ one, order }: { one: ClockExplanation; order: Order }) {
  const t = useWords(words);
  const language = useLang();
  const name = useNames();
  const { clock } = one;
  const facts = clock?.facts;
  if (!clock || !facts) return null;
  const leg = order.legs.find((leg) => leg.facts?.legId === facts.legId);
  return (
    <li className="clock-line">
      <div className="clock-row">
        <span>
          <strong>{name(obligations, facts.obligation)}</strong>
          {leg ? <span className="dim"> · {leg.unitName}</span> : null}
        </span>
        <ServiceClock clock={clock} />
      </div>
      <div className="dim clock-sub num">
        {limitWords(facts.limit, language)} · {t("due")} {dateTime(msOf(facts.dueAt)).slice(5)}
      </div>
      {facts.provisional ? <div className="dim clock-sub">{t("provisional")}</div> : null}
      {facts.platformCaused ? <div className="dim clock-sub">{t("platformCaused")}</div> : null}
      <details className="why">
        <summary>{t("whyLimit")}</summary>
        <p className="pre">{language === "zh" ? one.text : one.textEn || one.text}</p>
      </details>
    </li>
  );
}
