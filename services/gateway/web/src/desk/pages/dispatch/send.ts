/** Sends an order out: takes it from the pool first, and puts it back when the send is refused. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type DispatchOrderRequestSchema, type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { call } from "@shared/rpc/hooks";

/** How to send it; the catalogue decides what is not given. */
export type Sending = Omit<MessageInitShape<typeof DispatchOrderRequestSchema>, "orderId" | "version" | "$typeName">;

/** Two people on one order: the second one's version is old, and the service says so. */
export async function sendOut(order: Order, sending: Sending = {}): Promise<void> {
  const R = RoutingService.method;
  const orderId = order.facts?.orderId ?? "";
  if (order.claimedBy !== "") {
    await call(R.dispatchOrder, { orderId, version: order.version, ...sending });
    return;
  }
  const claimed = await call(R.claimOrder, { orderId, version: order.version });
  try {
    await call(R.dispatchOrder, { orderId, version: claimed.order?.version ?? 0n, ...sending });
  } catch (refused) {
    await call(R.releaseOrder, { orderId }).catch(() => undefined);
    throw refused;
  }
}
