/** The queues of the dispatch desk, and the calls behind them. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AppealType } from "@gen/hotline/common/v1/common_pb";
import { type ListOrdersRequestSchema, OrderState } from "@gen/hotline/routing/v1/routing_pb";

/** Filter of the desk, as it stands in the address. */
export const DEFAULTS = { queue: "pool", type: "", enterprise: "", unit: "" };

export type DispatchFilters = typeof DEFAULTS;

/** Queues, in their order. */
export const QUEUES = ["pool", "waiting", "decide", "disputed", "handling"] as const;

export type Queue = (typeof QUEUES)[number];

/** The queue of a filter; an unknown one is the pool. */
export function queueOf({ queue }: DispatchFilters): Queue {
  return QUEUES.find((one) => one === queue) ?? "pool";
}

const BASE: Record<Queue, MessageInitShape<typeof ListOrdersRequestSchema>> = {
  pool: { state: OrderState.PRE_REVIEW, unclaimed: true },
  waiting: { state: OrderState.PRE_REVIEW },
  decide: { awaitingDecision: true },
  disputed: { state: OrderState.DISPUTED },
  handling: { state: OrderState.HANDLING },
};

/** What to list. */
export function listOf(filters: DispatchFilters): MessageInitShape<typeof ListOrdersRequestSchema> {
  const type = Number(filters.type);
  return {
    ...BASE[queueOf(filters)],
    ...(Number.isInteger(type) && type > 0 ? { type: type as AppealType } : {}),
    ...(filters.enterprise === "1" ? { label: "enterprise" } : {}),
    ...(filters.unit ? { unitId: filters.unit } : {}),
  };
}
