/** 一单双送: the departments' lane and the enterprise platform's, side by side; what drifts apart is said in words. */
import { LegKind } from "@gen/hotline/common/v1/common_pb";
import { type Leg, type Order, OrderState } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { useNow } from "@shared/time/clock";
import { msOf, span } from "@shared/time/format";
import { LegCard } from "./LegCard";
import { words } from "./words";

/** Milliseconds after which a send without a receipt is worth a word. */
const DRIFT_MS = 60_000;

export function LanesCard({ order }: { order: Order }) {
  const t = useWords(words);
  const round = order.facts?.round ?? 1;
  const departments = order.legs.filter((leg) => leg.facts?.kind !== LegKind.ENTERPRISE);
  const enterprise = order.legs.filter((leg) => leg.facts?.kind === LegKind.ENTERPRISE);
  const dual = order.facts?.labels.includes("enterprise") || enterprise.length > 0;
  const newestFirst = (legs: Leg[]) => [...legs].sort((a, b) => (b.facts?.round ?? 0) - (a.facts?.round ?? 0));
  return (
    <section className="card" aria-labelledby="lanes">
      <h2 id="lanes">
        {dual ? t("lanes") : t("lanesSingle")}
        {round > 1 ? <span className="dim"> · {t("round", { n: round })}</span> : null}
      </h2>
      {order.legs.length === 0 ? <p className="dim">{t("noLegs")}</p> : null}
      <div className={dual ? "lanes lanes-two" : "lanes"}>
        <div>
          {dual ? <h3>{t("departments")}</h3> : null}
          {newestFirst(departments).map((leg) => (
            <LegCard key={leg.facts?.legId} leg={leg} order={order} />
          ))}
        </div>
        {dual ? (
          <div>
            <h3>{t("enterpriseLane")}</h3>
            <Drift order={order} legs={enterprise} />
            {newestFirst(enterprise).map((leg) => (
              <LegCard key={leg.facts?.legId} leg={leg} order={order} />
            ))}
          </div>
        ) : null}
      </div>
    </section>
  );
}

function Drift({ order, legs }: { order: Order; legs: readonly Leg[] }) {
  const t = useWords(words);
  const now = useNow();
  const sentOut = order.dispatchCount > 0 && order.state !== OrderState.WITHDRAWN;
  if (sentOut && legs.length === 0) return <p className="drift">▲ {t("missing")}</p>;
  const silent = legs.find((leg) => leg.acknowledgedAt === undefined && now - (msOf(leg.dispatchedAt) ?? now) > DRIFT_MS);
  return silent ? <p className="drift">◆ {t("drift", { span: span(now - (msOf(silent.dispatchedAt) ?? now)) })}</p> : null;
}
