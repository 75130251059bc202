/** The review desk: the reply at the left with what changed, the check list at the right, and then the next one by itself. */
import { Button, Skeleton } from "antd";
import { useState } from "react";
import { LegState, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useFilters } from "@shared/filter/useFilters";
import { useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { usePresence } from "@shared/live/live";
import { useReportPresence } from "@shared/live/useReportPresence";
import { useKeyset } from "@shared/table/useKeyset";
import { useNow } from "@shared/time/clock";
import { shortTime } from "@shared/time/format";
import { EmptyNote, FailureNote, KeyHint, StateTag } from "@shared/ui/state";
import { Decide } from "./Decide";
import { itemsOf, nextAfter, type Item } from "./queue";
import { ReplyPane } from "./ReplyPane";
import { RequestPane } from "./RequestPane";
import { words } from "./words";
import "./review.css";

const defaults = { kind: "", item: "" };
const KINDS = ["", "reply", "return", "extension"] as const;

export default function ReviewPage() {
  const t = useWords(words);
  const [filters, setFilters] = useFilters(defaults);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const method = RoutingService.method.listOrders;
  const replied = useKeyset(method, { legState: LegState.REPLIED }, (answer) => answer.orders, { pageSize: 100 });
  const asked = useKeyset(method, { awaitingDecision: true }, (answer) => answer.orders, { pageSize: 100 });
  const everything = itemsOf([...replied.rows, ...asked.rows]).filter(({ id }) => !gone.has(id));
  const items = everything.filter(({ kind }) => filters.kind === "" || kind === filters.kind);
  const current = items.find(({ id }) => id === filters.item) ?? items[0];
  const at = current ? items.indexOf(current) : -1;
  const changes = replied.changes + asked.changes;
  const failure = replied.failure ?? asked.failure;
  const reload = () => {
    replied.reload();
    asked.reload();
    setGone(new Set());
  };
  const go = (step: number) => {
    const next = items[Math.min(items.length - 1, Math.max(0, at + step))];
    if (next) setFilters({ item: next.id });
  };
  const settled = (item: Item) => {
    setGone((before) => new Set([...before, item.id]));
    setFilters({ item: nextAfter(items, item.id) });
  };
  const restored = (item: Item) => {
    setGone((before) => new Set([...before].filter((id) => id !== item.id)));
    setFilters({ item: item.id });
  };
  useKeys({ j: { label: t("next"), run: () => go(1) }, k: { label: t("prev"), run: () => go(-1) } });
  useReportPresence(current?.order.facts?.orderId ?? "", true);

  return (
    <>
      <div className="page-head">
        <h1>{t("title")}</h1>
        <nav className="review-kinds" aria-label={t("kinds")}>
          {KINDS.map((kind) => (
            <button key={kind} type="button" aria-current={filters.kind === kind ? "page" : undefined} onClick={() => setFilters({ kind, item: "" })}>
              {t(kind === "" ? "all" : kind)} <span className="num">{everything.filter((item) => kind === "" || item.kind === kind).length}</span>
            </button>
          ))}
        </nav>
        <span className="grow" />
        {changes > 0 ? <Button onClick={reload}>{t("changed", { n: changes })}</Button> : null}
        {current ? (
          <span className="review-walk">
            <Button onClick={() => go(-1)} disabled={at <= 0}>
              {t("prev")}
              <KeyHint chord="k" />
            </Button>
            <span className="num">{t("count", { at: at + 1, all: items.length })}</span>
            <Button onClick={() => go(1)} disabled={at >= items.length - 1}>
              {t("next")}
              <KeyHint chord="j" />
            </Button>
          </span>
        ) : null}
      </div>
      {failure ? <FailureNote failure={failure} retry={reload} /> : null}
      {replied.loading || asked.loading ? <Skeleton active paragraph={{ rows: 12 }} title={false} /> : null}
      {!replied.loading && !asked.loading && !failure && !current ? <EmptyNote why={t("empty")} next={<span className="dim">{t("emptyNext")}</span>} /> : null}
      {current ? (
        <div className="review">
          <Queue items={items} current={current} onGo={(id) => setFilters({ item: id })} />
          <div className="review-main">
            <Watchers orderId={current.order.facts?.orderId ?? ""} />
            {current.kind === "reply" ? <ReplyPane key={current.id} item={current} /> : <RequestPane key={current.id} item={current} />}
          </div>
          <Decide key={current.id} item={current} onSettled={() => settled(current)} onRestored={() => restored(current)} />
        </div>
      ) : null}
    </>
  );
}

function Queue({ items, current, onGo }: { items: readonly Item[]; current: Item; onGo: (id: string) => void }) {
  const t = useWords(words);
  const now = useNow();
  return (
    <ol className="review-queue" aria-label={t("queue")}>
      {items.map((item) => (
        <li key={item.id}>
          <button type="button" aria-current={item === current ? "true" : undefined} onClick={() => onGo(item.id)}>
            <span className="review-queue-title">{item.order.title}</span>
            <span className="review-queue-line">
              <StateTag tone={item.kind === "reply" ? "info" : "warn"}>{t(item.kind)}</StateTag>
              <span className="review-queue-unit">{item.leg.unitName}</span>
              <span className="num">{shortTime(item.at, now)}</span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Watchers({ orderId }: { orderId: string }) {
  const t = useWords(words);
  const people = usePresence(orderId);
  if (people.length === 0) return null;
  return (
    <p className="review-present" role="status">
      {t("present", { names: people.map(({ name }) => name).join("、") })}
    </p>
  );
}
