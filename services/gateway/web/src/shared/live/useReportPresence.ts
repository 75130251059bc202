/** Tells colleagues that this tab is at an order, every ten seconds while it is looked at. */
import { DeskService, PresenceMode } from "@gen/hotline/gateway/v1/desk_pb";
import { useEffect } from "react";
import { call } from "../rpc/hooks";
import { useClientId } from "./live";

/** `orderId` empty: at none. A report that fails is not worth a word: the next one follows. */
export function useReportPresence(orderId: string, editing: boolean): void {
  const clientId = useClientId();
  useEffect(() => {
    if (orderId === "" || clientId === "") return;
    const mode = editing ? PresenceMode.EDITING : PresenceMode.VIEWING;
    const report = (at: string) => void call(DeskService.method.reportPresence, { clientId, orderId: at, mode }).catch(() => undefined);
    report(orderId);
    const timer = setInterval(() => {
      if (document.visibilityState !== "hidden") report(orderId);
    }, 10_000);
    return () => {
      clearInterval(timer);
      report("");
    };
  }, [orderId, editing, clientId]);
}
