/** Whether the order shows already what a waiting command of a unit asks for. Pure, for tests. */
import { type Leg, LegState, type Order } from "@gen/hotline/routing/v1/routing_pb";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Waiting } from "./store";

/** States of a leg that has been signed. */
const AFTER_SIGNING: readonly LegState[] = [LegState.SIGNED, LegState.SUBMITTED, LegState.REPLIED, LegState.SENT_BACK, LegState.APPROVED];

/** True only when the same command, given by this browser, must have been taken before. */
export function legDone(one: Waiting, order: Order | undefined): boolean {
  const leg = order?.legs.find(({ facts }) => facts?.legId === one.legId);
  if (!leg) return false;
  switch (one.method) {
    case "SignLeg":
      return AFTER_SIGNING.includes(leg.state);
    case "RecordContact":
      // A note that was taken has made the time of contact this command's own, or a later one.
      return leg.contactedAt !== undefined && timestampMs(leg.contactedAt) >= one.at;
    case "ReplyLeg":
      return sameReply(one, leg);
    case "RequestReturn":
      return leg.returnRequest !== undefined && leg.returnRequest.reason.startsWith(text(one, "basis"));
    case "RequestExtension":
      return leg.extensionRequest?.reason === text(one, "reason");
    default:
      return false;
  }
}

function sameReply(one: Waiting, leg: Leg): boolean {
  const reply = (one.input as { reply?: { publicText?: string; action?: string } }).reply;
  const stands = leg.state === LegState.SUBMITTED || leg.state === LegState.REPLIED || leg.state === LegState.APPROVED;
  return stands && leg.reply?.publicText === (reply?.publicText ?? "") && leg.reply?.action === (reply?.action ?? "");
}

function text(one: Waiting, field: string): string {
  return String((one.input as Record<string, unknown>)[field] ?? "");
}
