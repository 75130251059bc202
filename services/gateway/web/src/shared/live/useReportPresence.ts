/** Tells colleagues that this tab is at an order, every ten seconds while it is looked at, and at once when it leaves. */
import { DeskService, PresenceMode } from "@gen/hotline/gateway/v1/desk_pb";
import { useEffect } from "react";
import { call, callLeaving } from "../rpc/hooks";

/** Milliseconds between two reports. */
const EVERY_MS = 10_000;

/** Names this tab: one of two tabs that closes takes nothing from the other. */
const TAB = crypto.randomUUID();

/** The report before: one at a time, so that "gone" never overtakes "here". */
let before: Promise<unknown> = Promise.resolve();
let abort = new AbortController();

/** A report that fails is not worth a word: the next one follows. */
function report(orderId: string, mode: PresenceMode): void {
  const { signal } = abort;
  before = before.then(() => call(DeskService.method.reportPresence, { clientId: TAB, orderId, mode }, signal).catch(() => undefined));
}

/** The last word of a page that is closed or left. It does not wait for its turn, for the page would be gone by then. */
function leave(): void {
  abort.abort();
  abort = new AbortController();
  callLeaving(DeskService.method.reportPresence, { clientId: TAB, orderId: "", mode: PresenceMode.VIEWING });
}

/** `orderId` empty: at none. */
export function useReportPresence(orderId: string, editing: boolean): void {
  useEffect(() => {
    if (orderId === "") return;
    const mode = editing ? PresenceMode.EDITING : PresenceMode.VIEWING;
    const here = () => {
      if (document.visibilityState !== "hidden") report(orderId, mode);
    };
    report(orderId, mode);
    const timer = setInterval(here, EVERY_MS);
    // Looked at again, or brought back as it was by the browser.
    document.addEventListener("visibilitychange", here);
    window.addEventListener("pageshow", here);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", here);
      window.removeEventListener("pageshow", here);
    };
  }, [orderId, editing]);
  useEffect(() => {
    if (orderId === "") return;
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      report("", PresenceMode.VIEWING);
    };
  }, [orderId]);
}
