/** What may be done with a matter, by role and state. The services have the last word; this only spares people what they would refuse. */
import { AppealState, IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { LegKind } from "@gen/hotline/common/v1/common_pb";
import { type Leg, LegState, OrderState, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import type { Say } from "@shared/i18n/i18n";
import { call } from "@shared/rpc/hooks";
import { newIdempotencyKey } from "@shared/rpc/transport";
import type { Matter } from "../useOrder";
import type { ActField } from "./fields";
import type { words } from "./words";

/** Values of a simple form. */
export type ActValues = Record<string, never>;

/** One act. Without fields it is done at a press. */
export interface Act {
  key: string;
  label: string;
  chord?: string;
  primary?: boolean;
  danger?: boolean;
  /** May be taken back for eight seconds. */
  undo?: boolean;
  fields?: readonly ActField[];
  initial?: Record<string, unknown>;
  send: (values: ActValues) => Promise<unknown>;
}

type T = Say<typeof words>;

/** Acts of the platform's people on the order. `has` tells whether the reader has one of the roles. */
export function orderActs({ order }: Matter, has: (...roles: string[]) => boolean, t: T): Act[] {
  if (!order?.facts) return [];
  const orderId = order.facts.orderId;
  const at = { orderId, version: order.version };
  const R = RoutingService.method;
  const is = (...states: OrderState[]) => states.includes(order.state);
  const reason: ActField = { name: "reason", label: t("reason"), kind: "area", required: true };
  const acts: (Act | false)[] = [
    is(OrderState.PRE_REVIEW) && order.claimedBy === "" && has("dispatcher") && { key: "claim", label: t("claim"), chord: "c", send: () => call(R.claimOrder, at) },
    is(OrderState.PRE_REVIEW) && order.claimedBy !== "" && has("dispatcher", "team_leader") && { key: "release", label: t("release"), send: () => call(R.releaseOrder, at) },
    ...order.legs.flatMap((leg) => decisions(leg, orderId, has, t)),
    is(OrderState.DISPUTED) &&
      has("supervisor") && {
        key: "determine",
        label: t("determine"),
        primary: true,
        fields: [{ name: "leadUnitId", label: t("lead"), kind: "unit", required: true }, { name: "coHandlerUnitIds", label: t("units"), kind: "units" }, reason],
        send: (values: ActValues) => call(R.determineOrder, { ...at, ...values }),
      },
    is(OrderState.PRE_REVIEW, OrderState.DISPUTED) &&
      !order.question &&
      has("dispatcher", "supervisor") && {
        key: "askDuty",
        label: t("askDuty"),
        fields: [{ name: "bodyUnitId", label: t("body"), kind: "body", required: true }, { name: "question", label: t("question"), kind: "area", required: true }],
        send: (values: ActValues) => call(R.requestDetermination, { ...at, ...values }),
      },
    (order.question !== undefined || is(OrderState.DISPUTED)) &&
      has("dispatcher", "supervisor") && {
        key: "recordDuty",
        label: t("recordDuty"),
        fields: [
          { name: "participantUnitIds", label: t("participants"), kind: "units" },
          { name: "leadUnitId", label: t("lead"), kind: "unit", required: true },
          { name: "words", label: t("opinionWords"), kind: "area", required: true },
        ],
        send: (values: ActValues) => call(R.recordDetermination, { ...at, ...values }),
      },
    is(OrderState.HANDLING) &&
      has("dispatcher", "supervisor") && {
        key: "addCoHandlers",
        label: t("addCoHandlers"),
        fields: [{ name: "unitIds", label: t("units"), kind: "units", required: true }, reason],
        // Without a version, as below: what only adds contradicts nothing that others did meanwhile.
        send: (values: ActValues) => call(R.addCoHandlers, { orderId, ...values }),
      },
    is(OrderState.PRE_REVIEW) && order.facts.source !== "" && has("dispatcher", "supervisor", "special_team") && { key: "handUp", label: t("handUp"), fields: [reason], send: (values: ActValues) => call(R.handUpOrder, { ...at, ...values }) },
    is(OrderState.SETTLED, OrderState.ESCALATED) && has("reviewer", "supervisor") && { key: "redo", label: t("redo"), fields: [reason], send: (values: ActValues) => call(R.redoOrder, { ...at, ...values }) },
    is(OrderState.SETTLED, OrderState.ESCALATED) &&
      has("reviewer", "supervisor") && {
        key: "close",
        label: t("close"),
        fields: [
          { name: "outcome", label: t("outcome"), kind: "choice", required: true, options: [{ value: "excluded", label: t("excluded") }, { value: "final", label: t("final") }] },
          reason,
        ],
        send: (values: ActValues) => call(R.closeOrder, { ...at, ...values }),
      },
    is(OrderState.CLOSED) && has("reviewer", "supervisor") && { key: "archive", label: t("archive"), undo: true, send: () => call(R.archiveOrder, at) },
    is(OrderState.HANDLING, OrderState.SETTLED) &&
      !order.opinionRequestedAt &&
      has("agent", "team_leader", "callback_agent", "dispatcher", "reviewer", "enterprise_desk") && {
        key: "opinion",
        label: t("opinion"),
        fields: [{ name: "note", label: t("note"), kind: "area", required: true }],
        // Without a version, as above: the enterprise platform's own steps raise it too.
        send: (values: ActValues) => call(R.requestWrittenOpinion, { orderId, ...values }),
      },
  ];
  return acts.filter((act): act is Act => act !== false);
}

/** What a lead unit owes once its reply stands: the written opinion that was asked for since. */
export function opinionActs({ order }: Matter, unitId: string, has: (...roles: string[]) => boolean, t: T): Act[] {
  if (!order?.facts || !order.opinionRequestedAt || order.opinionIssuedAt || !has("unit_clerk", "unit_section", "unit_leader")) return [];
  const own = order.legs.findLast(({ facts, state }) => facts?.unitId === unitId && facts.kind === LegKind.LEAD && [LegState.REPLIED, LegState.APPROVED].includes(state));
  if (!own?.facts) return [];
  const at = { orderId: order.facts.orderId, legId: own.facts.legId, version: order.version };
  return [
    {
      key: "issueOpinion",
      label: t("issueOpinion"),
      primary: true,
      fields: [{ name: "opinion", label: t("opinionText"), kind: "area", required: true }],
      send: (values) => call(RoutingService.method.issueWrittenOpinion, { ...at, ...values }),
    },
  ];
}

/** Requests of one leg that wait for a decision. */
export function decisions(leg: Leg, orderId: string, has: (...roles: string[]) => boolean, t: T): Act[] {
  if (!has("dispatcher", "supervisor", "reviewer", "special_team", "leader") || !leg.facts) return [];
  const at = { orderId, legId: leg.facts.legId };
  const yesno = (name: string): ActField => ({ name, label: t("agreed"), kind: "yesno", required: true, options: [{ value: true, label: t("agree") }, { value: false, label: t("refuse") }] });
  const reason: ActField = { name: "reason", label: t("reason"), kind: "area", required: true };
  const acts: Act[] = [];
  if (leg.returnRequest) {
    acts.push({ key: `return.${at.legId}`, label: t("decideReturn", { unit: leg.unitName }), chord: "r", primary: true, undo: true, fields: [yesno("agreed"), reason], send: (values) => call(RoutingService.method.decideReturn, { ...at, ...values }) });
  }
  if (leg.extensionRequest) {
    acts.push({ key: `extension.${at.legId}`, label: t("decideExtension", { unit: leg.unitName }), chord: "e", primary: true, undo: true, fields: [yesno("granted"), reason], send: (values) => call(RoutingService.method.decideExtension, { ...at, ...values }) });
  }
  return acts;
}

/** Acts of the desk on an appeal that was taken on. */
export function appealActs({ appeal }: Matter, has: (...roles: string[]) => boolean, t: T): Act[] {
  if (!appeal || !has("agent", "team_leader", "enterprise_desk")) return [];
  const open = [AppealState.ACCEPTED, AppealState.IN_PROGRESS].includes(appeal.state);
  const before = [AppealState.REGISTERED, AppealState.REFERRED, AppealState.WITH_SPECIALIST].includes(appeal.state);
  const I = IntakeService.method;
  const acts: (Act | false)[] = [
    open && { key: "urge", label: t("urge"), chord: "u", fields: [{ name: "note", label: t("said"), kind: "area" }], send: (values: ActValues) => call(I.urgeAppeal, { appealId: appeal.appealId, idempotencyKey: newIdempotencyKey(), ...values }) },
    (open || before) && { key: "withdraw", label: t("withdraw"), danger: true, undo: true, fields: [{ name: "reason", label: t("reason"), kind: "area" }], send: (values: ActValues) => call(I.withdrawAppeal, { appealId: appeal.appealId, version: appeal.version, ...values }) },
  ];
  return acts.filter((act): act is Act => act !== false);
}
