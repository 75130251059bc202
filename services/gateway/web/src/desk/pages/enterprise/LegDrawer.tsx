/** One enterprise matter: both lanes of its order side by side, and what the desk may do. */
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Form, Input, Select } from "antd";
import { useState } from "react";
import { type EnterpriseLeg, EnterpriseService, Progress } from "@gen/hotline/enterprise/v1/enterprise_pb";
import { LegKind, type Satisfaction } from "@gen/hotline/common/v1/common_pb";
import { type Leg, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { useRole } from "@shared/session/session";
import { dateTime, msOf } from "@shared/time/format";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { FailureNote } from "@shared/ui/state";
import { Waiting } from "@shared/ui/Waiting";
import { satisfactions, useChoices } from "@shared/words/enums";
import { words } from "./words";

type Act = "supplement" | "urge" | "evaluate";

/** `listed`: the leg as the list has it; the drawer asks for the newest. */
export function LegDrawer({ listed, orderId, onClose }: { listed: EnterpriseLeg | undefined; orderId: string; onClose: () => void }) {
  const query = useRpc(EnterpriseService.method.getEnterpriseLeg, { orderId }, { enabled: orderId !== "" });
  const leg = query.data?.leg ?? listed;
  return (
    <Drawer open={orderId !== ""} onClose={onClose} size={760} title={leg?.title ?? ""} destroyOnHidden>
      {query.error ? <FailureNote failure={query.error} retry={() => void query.refetch()} /> : null}
      {leg ? <Content leg={leg} /> : query.error ? null : <Waiting rows={4} />}
    </Drawer>
  );
}

function Content({ leg }: { leg: EnterpriseLeg }) {
  const t = useWords(words);
  const [act, setAct] = useState<Act>();
  const may = useRole("enterprise_desk");
  const order = useRpc(RoutingService.method.getOrder, { order: leg.facts?.orderId ?? "" }).data?.order;
  const over = leg.progress === Progress.CLOSED || leg.progress === Progress.WITHDRAWN;
  const settled = leg.progress === Progress.SETTLED || leg.progress === Progress.CLOSED;
  const legs = order?.legs.filter(({ facts }) => facts?.round === order.facts?.round) ?? [];
  return (
    <>
      {may ? (
        <div className="ent-acts">
          {over ? null : <Button type="primary" onClick={() => setAct("urge")}>{t("urge")}</Button>}
          {over ? null : <Button onClick={() => setAct("supplement")}>{t("supplement")}</Button>}
          {settled && leg.satisfaction === 0 ? <Button onClick={() => setAct("evaluate")}>{t("evaluate")}</Button> : null}
        </div>
      ) : null}
      <dl className="facts">
        <dt>{t("number")}</dt>
        <dd>
          <Link to={`/orders/${leg.facts?.number ?? ""}` as never} className="num">
            {leg.facts?.number}
          </Link>
        </dd>
        <dt>{t("enterprise")}</dt>
        <dd>
          {leg.enterprise?.name} <span className="dim num">{leg.enterprise?.creditCode}</span>
        </dd>
      </dl>
      <h3>{t("lanes")}</h3>
      <div className="ent-lanes">
        <div>
          <h4>{t("laneUnit")}</h4>
          {legs
            .filter(({ facts }) => facts?.kind !== LegKind.ENTERPRISE)
            .map((one) => (
              <Lane key={one.facts?.legId} leg={one} steps={["sent", "ack", "signed", "contacted", "replied"]} />
            ))}
        </div>
        <div>
          <h4>{t("laneDesk")}</h4>
          {legs
            .filter(({ facts }) => facts?.kind === LegKind.ENTERPRISE)
            .map((one) => (
              <Lane key={one.facts?.legId} leg={one} steps={["sent", "ack"]} />
            ))}
          <p className="dim">{t("follows")}</p>
        </div>
      </div>
      <h3>{t("content")}</h3>
      <p className="pre">{leg.content}</p>
      {leg.publicText === "" ? null : (
        <>
          <h3>{t("told")}</h3>
          <p className="pre">{leg.publicText}</p>
        </>
      )}
      {act ? <ActForm act={act} leg={leg} onClose={() => setAct(undefined)} /> : null}
    </>
  );
}

type Step = "sent" | "ack" | "signed" | "contacted" | "replied";

function Lane({ leg, steps }: { leg: Leg; steps: readonly Step[] }) {
  const t = useWords(words);
  const times = { sent: leg.dispatchedAt, ack: leg.acknowledgedAt, signed: leg.signedAt, contacted: leg.contactedAt, replied: leg.repliedAt };
  return (
    <div className="ent-lane">
      <strong>{leg.unitName}</strong>
      <ol>
        {steps.map((step) => (
          <li key={step} className={times[step] ? "ent-done" : "ent-wait"}>
            <span aria-hidden="true">{times[step] ? "✓" : "○"}</span> {t(step)} <span className="num dim">{times[step] ? dateTime(msOf(times[step])) : t("waiting")}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function ActForm({ act, leg, onClose }: { act: Act; leg: EnterpriseLeg; onClose: () => void }) {
  const t = useWords(words);
  const choices = useChoices();
  const urge = useCommand(EnterpriseService.method.urgeDepartment);
  const supplement = useCommand(EnterpriseService.method.supplementLeg);
  const evaluate = useCommand(EnterpriseService.method.evaluateLeg);
  const target = { orderId: leg.facts?.orderId ?? "", version: leg.version };
  const submit = ({ note = "", satisfaction = 0 }: { note?: string; satisfaction?: Satisfaction }): Promise<unknown> => {
    if (act === "urge") return urge.run({ ...target, note });
    if (act === "supplement") return supplement.run({ ...target, note });
    return evaluate.run({ ...target, note, satisfaction });
  };
  return (
    <ActionDrawer<{ note?: string; satisfaction?: Satisfaction }> open title={t(act)} draft={`${act}.${target.orderId}`} initial={{}} okText={t(act)} onClose={onClose} submit={submit}>
      {act === "evaluate" ? (
        <Form.Item name="satisfaction" label={t("level")} rules={[{ required: true, message: `${t("need")}${t("level")}` }]}>
          <Select options={choices(satisfactions)} />
        </Form.Item>
      ) : null}
      <Form.Item name="note" label={t("note")} rules={act === "evaluate" ? [] : [{ required: true, whitespace: true, message: `${t("need")}${t("note")}` }]} {...(act === "evaluate" ? { extra: t("noteBad") } : {})}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </ActionDrawer>
  );
}
