/** What an order under review is about: title, unit, clocks, matter. */
import { Link } from "@tanstack/react-router";
import { useWords } from "@shared/i18n/i18n";
import { usePageClocks } from "@shared/orders/PageClocks";
import { ServiceClock } from "@shared/ui/ClockChip";
import { StateTag } from "@shared/ui/state";
import { appealTypes, legKinds, useNames } from "@shared/words/enums";
import type { Item } from "./queue";
import { words } from "./words";

export function OrderHead({ item: { order, leg } }: { item: Item }) {
  const t = useWords(words);
  const name = useNames();
  const facts = order.facts;
  const clocks = usePageClocks(facts?.orderId ?? "");
  const open = clocks.filter((clock) => clock.facts?.legId === "" || clock.facts?.legId === leg.facts?.legId);
  return (
    <header className="review-head">
      <h2>{order.title}</h2>
      <div className="review-tags">
        <Link to={`/orders/${facts?.number ?? ""}` as never} className="num">
          {facts?.number}
        </Link>
        <StateTag tone="calm">{name(appealTypes, facts?.type ?? 0)}</StateTag>
        <StateTag tone="info">
          {leg.unitName} {name(legKinds, leg.facts?.kind ?? 0)}
        </StateTag>
        {(facts?.round ?? 1) > 1 ? <StateTag tone="warn">{t("round", { n: facts?.round ?? 1 })}</StateTag> : null}
        {open.map((clock) => (
          <ServiceClock key={clock.facts?.clockId} clock={clock} showName />
        ))}
      </div>
      <details className="review-matter" open>
        <summary>{t("matter")}</summary>
        <p className="pre">{order.content}</p>
      </details>
    </header>
  );
}
