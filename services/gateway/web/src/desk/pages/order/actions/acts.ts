/** What may be done with a matter, by role and state. The services have the last word; this only spares people what they would refuse. */
import { LegKind } from "@gen/hotline/common/v1/common_pb";
import { AppealState, IntakeService } from "@gen/hotline/intake/v1/intake_pb";
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
  /** Obligation and leg of the clock whose time stands on the button. */
  window?: { obligation: string; legId: string; words: "canReturn" | "canExtend" | "signBefore" };
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
        send: (values: ActValues) => call(R.addCoHandlers, { ...at, ...values }),
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
        send: (values: ActValues) => call(R.requestWrittenOpinion, { ...at, ...values }),
      },
  ];
  return acts.filter((act): act is Act => act !== false);
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

/** Acts of the reader's own unit on its legs. */
export function unitActs({ order }: Matter, unitId: string, has: (...roles: string[]) => boolean, t: T): Act[] {
  if (!order?.facts || unitId === "" || !has("unit_clerk", "unit_section", "unit_leader")) return [];
  const R = RoutingService.method;
  const orderId = order.facts.orderId;
  return order.legs
    .filter((leg) => leg.facts?.unitId === unitId && leg.facts.kind !== LegKind.ENTERPRISE && leg.facts.round === order.facts?.round)
    .flatMap((leg) => {
      const legId = leg.facts?.legId ?? "";
      const at = { orderId, legId, version: order.version };
      const toSign = leg.state === LegState.TO_SIGN;
      const working = leg.state === LegState.SIGNED || leg.state === LegState.SENT_BACK;
      const acts: (Act | false)[] = [
        toSign && { key: "sign", label: t("sign"), chord: "s", primary: true, window: { obligation: "sign", legId, words: "signBefore" }, send: () => call(R.signLeg, at) },
        working && !leg.contactedAt && { key: "contact", label: t("contact"), primary: true, fields: [{ name: "note", label: t("whatSaid"), kind: "area", required: true }], send: (values: ActValues) => call(R.recordContact, { ...at, ...values }) },
        (toSign || working) &&
          !leg.returnRequest && {
            key: "return",
            label: t("return"),
            window: { obligation: "return_window", legId, words: "canReturn" },
            fields: [
              { name: "basis", label: t("basis"), kind: "area", required: true },
              { name: "suggestion", label: t("suggestion"), kind: "area", required: true },
              { name: "proposedUnitId", label: t("proposed"), kind: "unit" },
              { name: "explanation", label: t("explanation"), kind: "area" },
              { name: "signedBy", label: t("signedBy"), kind: "line" },
              { name: "sealed", label: t("sealed"), kind: "check" },
            ],
            send: (values: ActValues) => call(R.requestReturn, { ...at, ...values }),
          },
        working &&
          !leg.extensionRequest && {
            key: "extension",
            label: t("extension"),
            window: { obligation: "answer", legId, words: "canExtend" },
            fields: [
              { name: "amount", label: t("amount"), kind: "line", required: true, hint: t("amountHint") },
              { name: "reason", label: t("reason"), kind: "area", required: true },
              { name: "basis", label: t("legal"), kind: "line" },
              { name: "explanation", label: t("explanation"), kind: "area" },
              { name: "told", label: t("told"), kind: "area" },
              { name: "signedBy", label: t("signedBy"), kind: "line" },
              { name: "sealed", label: t("sealed"), kind: "check" },
            ],
            send: (values: ActValues) => call(R.requestExtension, { ...at, ...values }),
          },
      ];
      return acts.filter((act): act is Act => act !== false);
    });
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
