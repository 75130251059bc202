/** One call-back: the matter and what was replied at the left, the questions or the judgement at the right. */
import { Link } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { type ReactNode, useState } from "react";
import { type Callback, CallbackService, CallbackState } from "@gen/hotline/callback/v1/callback_pb";
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { usePerson } from "@shared/people/usePerson";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { useRole, useSession } from "@shared/session/session";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { FailureNote, StateTag } from "@shared/ui/state";
import { appealTypes, satisfactions, useNames } from "@shared/words/enums";
import { Judge } from "./Judge";
import { Phone } from "./Phone";
import { Questions } from "./Questions";
import { words } from "./words";

const WAYS = ["telephone", "network", "sms", "automatic"] as const;

export function CallPane({ listed, onSettled }: { listed: Callback; onSettled: () => void }) {
  const t = useWords(words);
  const { accountId } = useSession();
  const calls = useRole("callback_agent");
  const judges = useRole("reviewer", "supervisor");
  const got = useRpc(CallbackService.method.getCallback, { callbackId: listed.callbackId }).data?.callback;
  const callback = got && got.version >= listed.version ? got : listed;
  const claim = useCommand(CallbackService.method.claimCallback);
  const [failure, setFailure] = useState<RpcFailure>();
  const mine = callback.claimedBy === accountId;
  const who = usePerson(callback.claimedBy);
  const now = useNow();
  const promised = msOf(callback.notBefore) ?? 0;
  const early = promised > now;
  const take = () => claim.run({ callbackId: callback.callbackId, version: callback.version }).catch((thrown: unknown) => setFailure(failureOf(thrown)));

  let right: ReactNode = null;
  if (callback.state === CallbackState.TO_JUDGE) {
    right = judges ? <Judge callback={callback} onSettled={onSettled} /> : <p className="dim">{t("notYours")}</p>;
  } else if (callback.state === CallbackState.SCHEDULED && calls) {
    right = mine ? (
      <Questions callback={callback} onSettled={onSettled} />
    ) : (
      <>
        {callback.claimedBy === "" ? null : <p>{t("claimedBy", { who })}</p>}
        {early ? <p>{t("early", { at: shortTime(promised, now) })}</p> : null}
        <Button type="primary" size="large" block disabled={early} loading={claim.pending} onClick={() => void take()}>
          {t("claim")}
        </Button>
      </>
    );
  }
  return (
    <>
      <article className="card call-matter">
        {failure ? <FailureNote failure={failure} /> : null}
        <Matter callback={callback} />
        {callback.state === CallbackState.SCHEDULED && calls ? (
          <div className="call-line">
            <Phone appealId={callback.facts?.orderId ?? ""} />
            <Way callback={callback} onFailure={setFailure} />
          </div>
        ) : null}
      </article>
      <aside className="card call-right" aria-label={t(callback.state === CallbackState.TO_JUDGE ? "judgeTitle" : "script")}>
        {right}
      </aside>
    </>
  );
}

function Matter({ callback }: { callback: Callback }) {
  const t = useWords(words);
  const name = useNames();
  const now = useNow();
  const facts = callback.facts;
  const appeal = useRpc(IntakeService.method.getAppeal, { appeal: facts?.orderId ?? "" }).data?.appeal;
  const order = useRpc(RoutingService.method.getOrder, { order: facts?.orderId ?? "" }).data?.order;
  const unit = order?.legs.find((leg) => leg.facts?.unitId === callback.unitId)?.unitName ?? "";
  return (
    <>
      <h2>{appeal?.title ?? facts?.number}</h2>
      <div className="call-tags">
        <Link to={`/orders/${facts?.number ?? ""}` as never} className="num">
          {facts?.number}
        </Link>
        <StateTag tone="calm">{name(appealTypes, facts?.type ?? 0)}</StateTag>
        <StateTag tone={(facts?.round ?? 1) > 1 ? "bad" : "calm"}>{t("round", { n: facts?.round ?? 1 })}</StateTag>
        {callback.badAnswers > 0 ? <StateTag tone="bad">{t("bad", { n: callback.badAnswers })}</StateTag> : null}
        {callback.attempts > 0 ? <StateTag tone="warn">{t("attempts", { n: callback.attempts + 1 })}</StateTag> : null}
      </div>
      <h3>{t("matter")}</h3>
      <p className="pre">{appeal?.content ?? ""}</p>
      <h3>
        {t("told")} <span className="dim">{unit}</span>
      </h3>
      <p className="pre call-told">{callback.publicText}</p>
      {callback.earlier.length > 0 ? (
        <>
          <h3>{t("earlier")}</h3>
          <ul className="call-earlier">
            {callback.earlier.map((one, at) => (
              <li key={at}>
                {name(satisfactions, one.satisfaction)} {one.reason} <span className="dim num">{shortTime(msOf(one.at), now)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}

function Way({ callback, onFailure }: { callback: Callback; onFailure: (failure: RpcFailure) => void }) {
  const t = useWords(words);
  const choose = useCommand(CallbackService.method.chooseWay);
  const run = (way: string) => choose.run({ callbackId: callback.callbackId, version: callback.version, way }).catch((thrown: unknown) => onFailure(failureOf(thrown)));
  return (
    <label className="call-way">
      {t("way")}
      <Select value={callback.way || undefined} aria-label={t("way")} loading={choose.pending} style={{ width: 130 }} onChange={(way: string) => void run(way)} options={WAYS.map((value) => ({ value, label: t(value) }))} />
    </label>
  );
}
