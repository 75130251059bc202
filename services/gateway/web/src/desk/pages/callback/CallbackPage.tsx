/** The call-back desk: whom to call now, with the script, the answers by digit keys, and what a bad answer leads to. */
import { Button } from "antd";
import { type Callback, CallbackService, CallbackState } from "@gen/hotline/callback/v1/callback_pb";
import { SavedViews } from "@shared/filter/SavedViews";
import { writeFilters } from "@shared/filter/url";
import { useFilters } from "@shared/filter/useFilters";
import { useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { useReportPresence } from "@shared/live/useReportPresence";
import { NextClock, PageClocks } from "@shared/orders/PageClocks";
import { Person } from "@shared/people/usePerson";
import { useRole, useSession } from "@shared/session/session";
import { useKeyset } from "@shared/table/useKeyset";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { EmptyNote, FailureNote, KeyHint, StateTag } from "@shared/ui/state";
import { PresenceMark } from "@shared/ui/Presence";
import { Waiting } from "@shared/ui/Waiting";
import { CallPane } from "./CallPane";
import { words } from "./words";
import "./callback.css";

type List = "due" | "later" | "judge";
const LISTS: readonly List[] = ["due", "later", "judge"];
const defaults = { list: "", call: "" };

const INPUT = {
  due: { state: CallbackState.SCHEDULED, due: true },
  later: { state: CallbackState.SCHEDULED },
  judge: { state: CallbackState.TO_JUDGE },
} as const;

export default function CallbackPage() {
  const t = useWords(words);
  const [filters, setFilters] = useFilters(defaults);
  const judges = useRole("reviewer", "supervisor");
  const calls = useRole("callback_agent");
  const shown = LISTS.filter((one) => one !== "judge" || judges || !calls);
  const list = shown.find((one) => one === filters.list) ?? (calls ? "due" : "judge");
  const { accountId } = useSession();
  const keyset = useKeyset(CallbackService.method.listCallbacks, INPUT[list], (answer) => answer.callbacks);
  const rows = keyset.rows;
  const current = rows.find(({ callbackId }) => callbackId === filters.call) ?? rows[0];
  const at = current ? rows.indexOf(current) : -1;
  const go = (step: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next) setFilters({ call: next.callbackId });
  };
  useKeys({ j: { label: t("next"), run: () => go(1) }, k: { label: t("prev"), run: () => go(-1) } });
  useReportPresence(current?.facts?.orderId ?? "", current?.claimedBy === accountId);
  const settled = () => {
    const next = rows[at + 1] ?? rows[at - 1];
    setFilters({ call: next?.callbackId ?? "" });
    keyset.reload();
  };
  return (
    <>
      <div className="page-head">
        <h1>{t("title")}</h1>
        <nav className="call-lists" aria-label={t("lists")}>
          {shown.map((one) => (
            <button key={one} type="button" aria-current={one === list ? "page" : undefined} onClick={() => setFilters({ list: one, call: "" })}>
              {t(one)}
            </button>
          ))}
        </nav>
        <span className="grow" />
        <SavedViews list="callbacks" query={new URLSearchParams(writeFilters({ ...filters, call: "" }, defaults)).toString()} />
        {keyset.changes > 0 ? <Button onClick={keyset.reload}>{t("changed", { n: keyset.changes })}</Button> : null}
        {current ? (
          <span>
            <Button onClick={() => go(-1)} disabled={at <= 0}>
              {t("prev")}
              <KeyHint chord="k" />
            </Button>{" "}
            <Button onClick={() => go(1)} disabled={at >= rows.length - 1}>
              {t("next")}
              <KeyHint chord="j" />
            </Button>
          </span>
        ) : null}
      </div>
      {keyset.failure ? <FailureNote failure={keyset.failure} retry={keyset.reload} /> : null}
      {keyset.loading ? <Waiting rows={12} /> : null}
      {!keyset.loading && !keyset.failure && !current ? <EmptyNote why={t(`empty.${list}`)} next={<span className="dim">{t("emptyNext")}</span>} /> : null}
      {current ? (
        <PageClocks orderIds={rows.map(({ facts }) => facts?.orderId ?? "")}>
          <div className="call">
            <Queue rows={rows} current={current} onGo={(id) => setFilters({ call: id })} />
            <CallPane key={current.callbackId} listed={current} onSettled={settled} />
          </div>
        </PageClocks>
      ) : null}
    </>
  );
}

function Queue({ rows, current, onGo }: { rows: readonly Callback[]; current: Callback; onGo: (id: string) => void }) {
  const t = useWords(words);
  const now = useNow();
  const { accountId } = useSession();
  return (
    <ol className="call-queue" aria-label={t("queue")}>
      {rows.map((row) => {
        const promised = msOf(row.notBefore);
        const due = promised !== undefined && promised <= now;
        return (
          <li key={row.callbackId}>
            <button type="button" aria-current={row === current ? "true" : undefined} onClick={() => onGo(row.callbackId)}>
              <span className="num">
                <PresenceMark orderId={row.facts?.orderId ?? ""} />
                {row.facts?.number}
              </span>
              <span className="call-queue-line">
                <span className="num">{t("promised", { at: shortTime(promised, now) })}</span>
                {due && row.state === CallbackState.SCHEDULED ? <StateTag tone="warn">{t("overdue")}</StateTag> : null}
                {row.attempts > 0 ? <StateTag tone="calm">{t("attempts", { n: row.attempts + 1 })}</StateTag> : null}
                {(row.facts?.round ?? 1) > 1 ? <StateTag tone="bad">{t("round", { n: row.facts?.round ?? 1 })}</StateTag> : null}
                {row.claimedBy === "" ? null : <StateTag tone="info">{row.claimedBy === accountId ? t("mine") : <Person id={row.claimedBy} />}</StateTag>}
              </span>
            </button>
            <span className="call-queue-clock">
              <NextClock orderId={row.facts?.orderId ?? ""} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
