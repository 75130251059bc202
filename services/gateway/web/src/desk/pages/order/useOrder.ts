/** An order and its appeal, by number or identifier, as far as the reader's roles go. */
import { Code } from "@connectrpc/connect";
import { type Appeal, IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import type { RpcFailure } from "@shared/rpc/errors";
import { useRpc } from "@shared/rpc/hooks";
import { useRole } from "@shared/session/session";

/** Roles that may read the register and its timeline. */
export const REGISTER_ROLES = ["agent", "team_leader", "dispatcher", "reviewer", "callback_agent", "supervisor", "enterprise_desk", "leader", "operator"];
/** Roles that may read orders. */
export const ORDER_ROLES = [
  "agent", "team_leader", "dispatcher", "unit_clerk", "unit_leader", "unit_section", "reviewer", "callback_agent", "supervisor", "enterprise_desk", "leader", "operator", "special_team",
];
/** Roles that may ask why a clock is due when it is. */
export const CLOCK_ROLES = ORDER_ROLES.filter((role) => role !== "unit_section" && role !== "special_team");

/** What is known of the matter. */
export interface Matter {
  appeal: Appeal | undefined;
  order: Order | undefined;
  /** Identifier of both. */
  id: string;
  number: string;
  title: string;
  loading: boolean;
  failure: RpcFailure | undefined;
}

/** Loads it. An appeal without an order yet, or an order whose appeal is not for this reader, is no fault. */
export function useOrder(no: string): Matter {
  const register = useRole(...REGISTER_ROLES);
  const appeal = useRpc(IntakeService.method.getAppeal, { appeal: no }, { enabled: register });
  const order = useRpc(RoutingService.method.getOrder, { order: no });
  const found = order.data?.order;
  const told = appeal.data?.appeal;
  const failures = [order.error, register ? appeal.error : null].filter((one) => one !== null);
  const loading = order.isLoading || appeal.isLoading;
  return {
    appeal: told,
    order: found,
    id: found?.facts?.orderId ?? told?.appealId ?? "",
    number: found?.facts?.number ?? told?.number ?? no,
    title: found?.title ?? told?.title ?? "",
    loading,
    failure: loading || found || told ? failures.find(({ code }) => code !== Code.NotFound && code !== Code.PermissionDenied) : failures[0],
  };
}
