/** The review desk: the reply at the left with what changed, the check list at the right, and then the next one by itself. */
import { Button } from "antd";
import { useEffect, useState } from "react";
import { FilterBar } from "@shared/filter/FilterBar";
import { writeFilters } from "@shared/filter/url";
import { useFilters } from "@shared/filter/useFilters";
import { useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { NextClock, PageClocks } from "@shared/orders/PageClocks";
import { useDueOrders } from "@shared/orders/useDueOrders";
import { usePresence } from "@shared/live/live";
import { useReportPresence } from "@shared/live/useReportPresence";
import { useGrowing } from "@shared/table/useGrowing";
import { useNow } from "@shared/time/clock";
import { shortTime } from "@shared/time/format";
import { EmptyNote, FailureNote, KeyHint, StateTag } from "@shared/ui/state";
import { PresenceMark } from "@shared/ui/Presence";
import { Waiting } from "@shared/ui/Waiting";
import { appealTypes, useChoices } from "@shared/words/enums";
import { Decide } from "./Decide";
import { dueOf, itemsOf, nextAfter, type Item } from "./queue";
import { ReplyPane } from "./ReplyPane";
import { RequestPane } from "./RequestPane";
import { words } from "./words";
import "./review.css";

const defaults = { kind: "", item: "", type: "", enterprise: "" };
const KINDS = ["", "reply", "return", "extension"] as const;

export default function ReviewPage() {
  const t = useWords(words);
  const [filters, setFilters] = useFilters(defaults);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const choices = useChoices();
  const type = Number(filters.type);
  const list = useDueOrders(dueOf(filters.kind, { ...(type > 0 ? { type } : {}), ...(filters.enterprise === "1" ? { enterprise: true } : {}) }), { pageSize: 100 });
  const orders = list.rows.map(({ order }) => order);
  const everything = itemsOf(orders).filter(({ id }) => !gone.has(id));
  const items = everything.filter(({ kind }) => filters.kind === "" || kind === filters.kind);
  const current = items.find(({ id }) => id === filters.item) ?? items[0];
  const at = current ? items.indexOf(current) : -1;
  const { changes, failure, loading } = list;
  const reload = () => {
    list.reload();
    setGone(new Set());
  };
  // Whoever has decided the page gets the next one by itself.
  const decided = items.length === 0 && gone.size > 0 && list.hasNext;
  useEffect(() => {
    if (decided) reload();
  }, [decided]);
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
              {t(kind === "" ? "all" : kind)}{" "}
              {filters.kind === "" || filters.kind === kind ? (
                <span className="num">
                  {everything.filter((item) => kind === "" || item.kind === kind).length}
                  {list.hasNext ? "+" : ""}
                </span>
              ) : null}
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
            <span className="num">{t("count", { at: at + 1, all: `${items.length}${list.hasNext ? "+" : ""}` })}</span>
            <Button onClick={() => go(1)} disabled={at >= items.length - 1}>
              {t("next")}
              <KeyHint chord="j" />
            </Button>
          </span>
        ) : null}
      </div>
      <FilterBar
        list="review"
        values={{ ...filters, item: "" }}
        defaults={{ ...defaults, kind: filters.kind }}
        onChange={setFilters}
        saved={writeFilters({ ...filters, item: "" }, defaults)}
        fields={[
          { key: "type", label: t("type"), kind: "select", options: choices(appealTypes).map(({ value, label }) => ({ value: String(value), label })) },
          { key: "enterprise", label: t("enterprise"), kind: "switch" },
        ]}
      />
      {failure ? <FailureNote failure={failure} retry={reload} /> : null}
      {loading ? <Waiting rows={12} /> : null}
      {!loading && !failure && !current ? <EmptyNote why={t("empty")} next={<span className="dim">{t("emptyNext")}</span>} /> : null}
      {current ? (
        <PageClocks orderIds={orders.map(({ facts }) => facts?.orderId ?? "")}>
          <div className="review">
            <Queue items={items} current={current} onGo={(id) => setFilters({ item: id })} />
            <div className="review-main">
              <Watchers orderId={current.order.facts?.orderId ?? ""} />
              {current.kind === "reply" ? <ReplyPane key={current.id} item={current} /> : <RequestPane key={current.id} item={current} />}
            </div>
            <Decide key={current.id} item={current} onSettled={() => settled(current)} onRestored={() => restored(current)} />
          </div>
        </PageClocks>
      ) : null}
    </>
  );
}

function Queue({ items, current, onGo }: { items: readonly Item[]; current: Item; onGo: (id: string) => void }) {
  const t = useWords(words);
  const now = useNow();
  const drawn = useGrowing(items);
  return (
    <ol className="review-queue" aria-label={t("queue")}>
      {drawn.map((item) => (
        <li key={item.id}>
          <button type="button" aria-current={item === current ? "true" : undefined} onClick={() => onGo(item.id)}>
            <span className="review-queue-title">
              <PresenceMark orderId={item.order.facts?.orderId ?? ""} />
              {item.order.title}
            </span>
            <span className="review-queue-line">
              <StateTag tone={item.kind === "reply" ? "info" : "warn"}>{t(item.kind)}</StateTag>
              <span className="review-queue-unit">{item.leg.unitName}</span>
              <span className="num">{shortTime(item.at, now)}</span>
            </span>
          </button>
          <span className="review-queue-clock">
            <NextClock orderId={item.order.facts?.orderId ?? ""} />
          </span>
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
