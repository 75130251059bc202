/** The workbench of a unit, for a telephone first: what to sign for, to handle, to complete, and what is near its limit. */
import { useState } from "react";
import { LegState, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { FilterBar } from "@shared/filter/FilterBar";
import { writeFilters } from "@shared/filter/url";
import { useFilters } from "@shared/filter/useFilters";
import { useWords } from "@shared/i18n/i18n";
import { OutboxBar } from "@shared/offline/OutboxBar";
import { useOutbox } from "@shared/offline/useOutbox";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useSession } from "@shared/session/session";
import { useGrowing } from "@shared/table/useGrowing";
import { EmptyNote, FailureNote } from "@shared/ui/state";
import { Waiting } from "@shared/ui/Waiting";
import { appealTypes, useChoices } from "@shared/words/enums";
import { type Form, LegForms } from "./LegForms";
import { LegCard, type MainAct } from "./LegCard";
import { LegSheet } from "./LegSheet";
import { Letters, useLetters } from "./Letters";
import { awaitsMe, type Tab, type Work } from "./legs";
import { SHOWN, useWorks } from "./useWorks";
import { letterWords, words } from "./words";
import "./unit.css";

const defaults = { tab: "", open: "", type: "", enterprise: "" };
const TABS: readonly Tab[] = ["sign", "handle", "back", "near", "approve"];

/** Lists without which the one that is read cannot be shown. */
function readFirst(tab: string, approves: boolean): readonly Tab[] {
  if (tab === "handle") return ["handle", "approve"];
  const named = TABS.find((one) => one === tab);
  if (named) return [named];
  return approves ? ["approve", "sign"] : ["sign"];
}

export default function UnitPage() {
  const t = useWords(words);
  const session = useSession();
  const l = useWords(letterWords);
  const outbox = useOutbox();
  const letters = useLetters();
  const [filters, setFilters] = useFilters(defaults);
  const choices = useChoices();
  const type = Number(filters.type);
  const approves = session.roles.some((role) => role === "unit_leader" || role === "unit_section");
  const { works, near, nearMore, loading, known, failure, more, reload } = useWorks(
    { ...(type > 0 ? { type } : {}), ...(filters.enterprise === "1" ? { enterprise: true } : {}) },
    readFirst(filters.tab, approves),
  );
  const [form, setForm] = useState<{ form: Form; work: Work }>();
  const [signing, setSigning] = useState("");
  const [said, setSaid] = useState("");
  const [wrong, setWrong] = useState<RpcFailure>();

  const mine = works.approve.filter(({ leg }) => awaitsMe(leg, session.roles));
  const hasMore = (one: Tab) => (one === "near" ? nearMore : more(one));
  const lists: Record<Tab, Work[]> = { ...works, handle: [...works.handle, ...works.approve.filter((work) => !mine.includes(work))], approve: mine, near };
  const tabs = TABS.filter((tab) => tab !== "approve" || approves);
  const tab = tabs.find((one) => one === filters.tab) ?? (approves && mine.length > 0 ? "approve" : "sign");
  const reading = filters.tab === "letters" && letters.may;
  const shown = reading ? [] : lists[tab];
  const drawn = useGrowing(shown);
  const open = Object.values(lists).flat().find(({ order }) => order.facts?.orderId === filters.open);

  const sign = async (work: Work) => {
    const { order, leg } = work;
    const legId = leg.facts?.legId ?? "";
    const label = t("sentLabel", { what: t("doSign"), number: order.facts?.number ?? "" });
    setSigning(legId);
    setWrong(undefined);
    try {
      const orderId = order.facts?.orderId ?? "";
      const taken = await outbox.submit(RoutingService.method.signLeg, { orderId, legId, version: order.version }, { label, orderId, legId });
      setSaid(t(taken ? "done" : "queued", { what: label }));
    } catch (thrown) {
      setWrong(failureOf(thrown));
    } finally {
      setSigning("");
    }
  };
  const start = (next: Form, work: Work) => setForm({ form: next, work });
  const actOf = (work: Work): MainAct | undefined => {
    const { leg } = work;
    switch (leg.state) {
      case LegState.TO_SIGN:
        return { label: t("doSign"), run: () => void sign(work), pending: signing === leg.facts?.legId };
      case LegState.SIGNED:
        return leg.contactedAt ? { label: t("doReply"), run: () => start("reply", work) } : { label: t("doContact"), run: () => start("contact", work) };
      case LegState.SENT_BACK:
        return { label: t("doRedo"), run: () => start("reply", work) };
      default:
        return awaitsMe(leg, session.roles) ? { label: t("doApprove"), run: () => start("approve", work) } : undefined;
    }
  };
  const waits = (work: Work) => outbox.waiting.some(({ legId }) => legId === work.leg.facts?.legId);

  return (
    <div className="unit">
      <div className="page-head">
        <h1>{t("title")}</h1>
        <span className="dim">{session.unitName}</span>
      </div>
      <OutboxBar outbox={outbox} />
      <FilterBar
        list="unit"
        values={{ ...filters, open: "" }}
        defaults={{ ...defaults, tab: filters.tab }}
        onChange={setFilters}
        saved={writeFilters({ ...filters, open: "" }, defaults)}
        fields={[
          { key: "type", label: t("type"), kind: "select", options: choices(appealTypes).map(({ value, label }) => ({ value: String(value), label })) },
          { key: "enterprise", label: t("enterprise"), kind: "switch" },
        ]}
      />
      <nav className="unit-tabs" aria-label={t("tabs")}>
        {tabs.map((one) => (
          <button key={one} type="button" aria-current={one === tab && !reading ? "page" : undefined} onClick={() => setFilters({ tab: one, open: "" })}>
            {t(one)} <span className="num unit-count">{known(one) ? `${lists[one].length}${hasMore(one) ? "+" : ""}` : "…"}</span>
          </button>
        ))}
        {letters.may ? (
          <button type="button" aria-current={reading ? "page" : undefined} onClick={() => setFilters({ tab: "letters", open: "" })}>
            {l("tab")} <span className="num unit-count">{letters.letters.length}</span>
          </button>
        ) : null}
      </nav>
      <p className="visually-hidden" role="status">{said}</p>
      {failure ? <FailureNote failure={failure} retry={reload} /> : null}
      {wrong ? <FailureNote failure={wrong} /> : null}
      {reading ? <Letters list={letters} /> : null}
      {loading && !reading ? <Waiting rows={10} /> : null}
      {!loading && !failure && !reading && shown.length === 0 ? <EmptyNote why={t(`empty.${tab}`)} next={<span className="dim">{t("emptyNext")}</span>} /> : null}
      <div className={open ? "unit-body unit-open" : "unit-body"}>
        <div className="unit-list">
          {drawn.map((work) => (
            <LegCard
              key={work.leg.facts?.legId}
              work={work}
              act={actOf(work)}
              waits={waits(work)}
              onOpen={() => setFilters({ tab, open: open === work ? "" : (work.order.facts?.orderId ?? "") })}
            />
          ))}
          {hasMore(tab) ? <p className="dim">{t("more", { n: SHOWN })}</p> : null}
        </div>
        {open ? (
          <LegSheet
            key={open.leg.facts?.legId}
            work={open}
            act={actOf(open)}
            waits={waits(open)}
            mayDecide={awaitsMe(open.leg, session.roles)}
            onForm={(next) => start(next, open)}
            onClose={() => setFilters({ tab, open: "" })}
          />
        ) : null}
      </div>
      {form ? <LegForms {...form} outbox={outbox} onSaid={setSaid} onClose={() => setForm(undefined)} /> : null}
    </div>
  );
}
