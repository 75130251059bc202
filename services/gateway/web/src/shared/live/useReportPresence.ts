/** Tells colleagues that this tab is at an order, every ten seconds while it is looked at. */
import { DeskService, PresenceMode } from "@gen/hotline/gateway/v1/desk_pb";
import { useEffect } from "react";
import { call } from "../rpc/hooks";
import { useClientId } from "./live";

/** The report before: one at a time, so that "gone" never overtakes "here". */
let before: Promise<unknown> = Promise.resolve();

/** A report that fails is not worth a word: the next one follows. */
function report(clientId: string, orderId: string, mode: PresenceMode): void {
  before = before.then(() => call(DeskService.method.reportPresence, { clientId, orderId, mode }).catch(() => undefined));
}

/** `orderId` empty: at none. */
export function useReportPresence(orderId: string, editing: boolean): void {
  const clientId = useClientId();
  useEffect(() => {
    if (orderId === "" || clientId === "") return;
    const mode = editing ? PresenceMode.EDITING : PresenceMode.VIEWING;
    report(clientId, orderId, mode);
    const timer = setInterval(() => {
      if (document.visibilityState !== "hidden") report(clientId, orderId, mode);
    }, 10_000);
    return () => clearInterval(timer);
  }, [orderId, editing, clientId]);
  useEffect(() => {
    if (orderId === "" || clientId === "") return;
    return () => report(clientId, "", PresenceMode.VIEWING);
  }, [orderId, clientId]);
}
