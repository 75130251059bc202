/** Columns of the dispatch desk. */
import { LegKind } from "@gen/hotline/common/v1/common_pb";
import type { Order } from "@gen/hotline/routing/v1/routing_pb";
import { Link } from "@tanstack/react-router";
import type { Say } from "@shared/i18n/i18n";
import { NextClock } from "@shared/orders/PageClocks";
import { Person } from "@shared/people/usePerson";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import type { Column } from "@shared/table/DataTable";
import { PresenceMark } from "@shared/ui/Presence";
import { StateTag } from "@shared/ui/state";
import { appealTypes, orderStates, urgencies, useNames } from "@shared/words/enums";
import { Urgency } from "@gen/hotline/common/v1/common_pb";
import { useGuideNames } from "../intake/useGuide";
import { orderTone } from "../order/tones";
import type { words } from "./words";

/** The columns; `t` says the desk's words. */
export function columnsOf(t: Say<typeof words>): Column<Order>[] {
  return [
    { key: "matter", title: t("matter"), render: (order) => <Matter order={order} t={t} /> },
    { key: "where", title: t("where"), width: 210, optional: true, render: (order) => <Where order={order} /> },
    { key: "clock", title: t("clock"), width: 190, render: (order) => <NextClock orderId={order.facts?.orderId ?? ""} /> },
    { key: "state", title: t("state"), width: 110, optional: true, render: (order) => <State order={order} /> },
    { key: "legs", title: t("legs"), width: 150, optional: true, render: (order) => <Sends order={order} t={t} /> },
    { key: "who", title: t("who"), width: 120, optional: true, render: (order) => <span className="dim">{order.claimedBy === "" ? null : <Person id={order.claimedBy} />}</span> },
    { key: "opened", title: t("opened"), width: 110, optional: true, render: (order) => <Opened order={order} /> },
  ];
}

function Matter({ order, t }: { order: Order; t: Say<typeof words> }) {
  const name = useNames();
  const urgent = order.facts?.urgency === Urgency.URGENT || order.facts?.urgency === Urgency.EMERGENCY;
  return (
    <>
      <div className="dt-main" title={order.title}>
        <PresenceMark orderId={order.facts?.orderId ?? ""} />
        {order.title}
      </div>
      <div className="dt-sub num">
        <Link to={`/orders/${order.facts?.number}` as never}>{order.facts?.number}</Link> {name(appealTypes, order.facts?.type ?? 0)}{" "}
        {urgent ? <StateTag tone="bad">{name(urgencies, order.facts?.urgency ?? 0)}</StateTag> : null}
        {order.urgeCount > 0 ? <StateTag tone="warn">{t("urged", { n: order.urgeCount })}</StateTag> : null}
        {order.dispatchCount > 1 ? <StateTag tone="calm">{t("again", { n: order.dispatchCount })}</StateTag> : null}
      </div>
    </>
  );
}

function Where({ order }: { order: Order }) {
  const guide = useGuideNames();
  return (
    <>
      <div className="dt-main">{guide.division(order.facts?.division ?? "")}</div>
      <div className="dt-sub">{guide.category(order.facts?.category ?? "")}</div>
    </>
  );
}

function State({ order }: { order: Order }) {
  const name = useNames();
  return <StateTag tone={orderTone(order.state)}>{name(orderStates, order.state)}</StateTag>;
}

function Opened({ order }: { order: Order }) {
  const now = useNow();
  return <span className="num">{shortTime(msOf(order.openedAt), now)}</span>;
}

function Sends({ order, t }: { order: Order; t: Say<typeof words> }) {
  const dual = order.facts?.labels.includes("enterprise") || order.legs.some((leg) => leg.facts?.kind === LegKind.ENTERPRISE);
  const lead = order.legs.findLast((leg) => leg.facts?.kind === LegKind.LEAD);
  const requests = order.legs.flatMap((leg) => [leg.returnRequest && t("return"), leg.extensionRequest && t("extension")]).filter(Boolean);
  return (
    <>
      {lead ? <div className="dt-main">{lead.unitName}</div> : null}
      <div className="dt-sub">
        {dual ? <StateTag tone="info">⇉ {t("dual")}</StateTag> : null} {requests.length > 0 ? <StateTag tone="warn">{requests.join("、")}</StateTag> : null}
      </div>
    </>
  );
}
