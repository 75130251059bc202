/** The queues of the dispatch desk, and the calls behind them. */
import type { AppealType } from "@gen/hotline/common/v1/common_pb";
import { OrderState } from "@gen/hotline/routing/v1/routing_pb";
import type { DueInput, DueList, OrderList } from "@shared/orders/due";

/** Filter of the desk, as it stands in the address. `sort`: by time left, or "new" for the newest first. */
export const DEFAULTS = { queue: "pool", type: "", enterprise: "", unit: "", sort: "" };

export type DispatchFilters = typeof DEFAULTS;

/** Queues, in their order. */
export const QUEUES = ["pool", "waiting", "decide", "disputed", "handling"] as const;

export type Queue = (typeof QUEUES)[number];

/** The queue of a filter; an unknown one is the pool. */
export function queueOf({ queue }: DispatchFilters): Queue {
  return QUEUES.find((one) => one === queue) ?? "pool";
}

const BASE: Record<Queue, OrderList> = {
  pool: { state: OrderState.PRE_REVIEW, unclaimed: true },
  waiting: { state: OrderState.PRE_REVIEW },
  decide: { awaitingDecision: true },
  disputed: { state: OrderState.DISPUTED },
  handling: { state: OrderState.HANDLING },
};

/** What is owed in each queue: by the desk itself, or by the units. Nobody owes anything while a dispute is decided. */
const OWED: Record<Queue, DueList | undefined> = {
  pool: { platform: true, obligations: ["pre_review", "redispatch"] },
  waiting: { platform: true, obligations: ["pre_review", "redispatch"] },
  decide: { platform: true, obligations: ["return_decision", "extension_decision"] },
  disputed: undefined,
  handling: { obligations: ["sign", "contact", "answer", "settle", "urgent_feedback", "after_supervision"] },
};

/** What to list. */
export function listOf(filters: DispatchFilters): OrderList {
  return {
    ...BASE[queueOf(filters)],
    ...kindOf(filters),
    ...(filters.enterprise === "1" ? { label: "enterprise" } : {}),
    ...(filters.unit ? { unitId: filters.unit } : {}),
  };
}

/** The same by time left; nothing for a queue without duties, and when the newest are wanted first. */
export function dueOf(filters: DispatchFilters): DueInput | undefined {
  const owed = OWED[queueOf(filters)];
  if (!owed || filters.sort === "new") return undefined;
  // What units owe can be asked for one unit; the desk's own duties are no unit's.
  const unit = filters.unit && !owed.platform ? { unitId: filters.unit } : {};
  return { due: { ...owed, ...unit, ...kindOf(filters), ...(filters.enterprise === "1" ? { enterprise: true } : {}) }, lists: [listOf(filters)] };
}

function kindOf(filters: DispatchFilters): { type?: AppealType } {
  const type = Number(filters.type);
  return Number.isInteger(type) && type > 0 ? { type: type as AppealType } : {};
}
