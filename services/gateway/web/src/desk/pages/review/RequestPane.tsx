/** A return or an extension to decide on: what the unit asks, on what basis, with what it brings. */
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useLang, useWords } from "@shared/i18n/i18n";
import { useRpc } from "@shared/rpc/hooks";
import { dateTime, msOf } from "@shared/time/format";
import { limitWords } from "@shared/ui/clockView";
import { OrderHead } from "./OrderHead";
import type { Item } from "./queue";
import { words } from "./words";

export function RequestPane({ item }: { item: Item }) {
  const t = useWords(words);
  const language = useLang();
  const units = useRpc(RoutingService.method.listUnits, {}, { staleTime: 600_000 }).data?.units ?? [];
  const { leg, kind } = item;
  const request = kind === "return" ? leg.returnRequest : leg.extensionRequest;
  if (!request) return null;
  const proposal = kind === "return" ? (units.find(({ unitId }) => unitId === request.proposal)?.name ?? request.proposal) : limitWords(request.proposal, language);
  const rows: [string, string][] = [
    [t("reason"), request.reason],
    [kind === "return" ? t("proposed") : t("amount"), proposal],
    [t("dueAt"), dateTime(msOf(leg.dueAt))],
    [t("basis"), request.basis],
    [t("told"), request.told],
    [t("explanation"), request.explanation],
    [t("signedBy"), request.signedBy],
    [t("evidence"), request.evidence.map(({ name }) => name).join("、")],
  ];
  return (
    <article className="card review-reply">
      <OrderHead item={item} />
      <dl className="facts">
        {rows
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name} className="review-row">
              <dt>{name}</dt>
              <dd className="pre">{value}</dd>
            </div>
          ))}
      </dl>
    </article>
  );
}
