/** An order and its appeal, by number or identifier, as far as the reader's roles go. */
import { Code } from "@connectrpc/connect";
import { type Appeal, IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import type { RpcFailure } from "@shared/rpc/errors";
import { useRpc } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";

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
  const register = useMay(IntakeService.method.getAppeal);
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
