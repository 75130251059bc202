/** The draft of a form: loaded at once, written two seconds after the last key and when the page is left. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Draft, dropAll, dropDraft, leftDrafts, ownDraft, saveDraft } from "./store";

const WRITE_MS = 2000;

/** Names this tab; survives a reload of it. */
export function tabId(): string {
  const known = sessionStorage.getItem("hotline.tab");
  if (known) return known;
  const fresh = crypto.randomUUID().slice(0, 8);
  sessionStorage.setItem("hotline.tab", fresh);
  return fresh;
}

/** `form` names the form and what it is about, such as `return.<leg>`. */
export function useDraft<T>(form: string) {
  const tab = useMemo(tabId, []);
  const [savedAt, setSavedAt] = useState<number>();
  const initial = useMemo(() => ownDraft<T>(localStorage, form, tab, Date.now()), [form, tab]);
  const [left, setLeft] = useState<Draft<T>[]>(() => leftDrafts<T>(localStorage, form, tab, Date.now()));
  const waiting = useRef<{ values: T; timer: ReturnType<typeof setTimeout> }>(undefined);

  const flush = useCallback(() => {
    if (!waiting.current) return;
    clearTimeout(waiting.current.timer);
    const at = Date.now();
    if (saveDraft(localStorage, form, tab, waiting.current.values, at)) setSavedAt(at);
    waiting.current = undefined;
  }, [form, tab]);

  const keep = useCallback(
    (values: T) => {
      if (waiting.current) waiting.current.values = values;
      else waiting.current = { values, timer: setTimeout(flush, WRITE_MS) };
    },
    [flush],
  );

  const clear = useCallback(() => {
    if (waiting.current) clearTimeout(waiting.current.timer);
    waiting.current = undefined;
    dropDraft(localStorage, form, tab);
    setSavedAt(undefined);
  }, [form, tab]);

  /** Takes over, or throws away, what another tab left. */
  const settleLeft = useCallback(
    (draft: Draft<T>) => {
      dropDraft(localStorage, form, draft.tab);
      setLeft((all) => all.filter((one) => one.tab !== draft.tab));
    },
    [form],
  );

  useEffect(() => {
    window.addEventListener("pagehide", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      flush();
    };
  }, [flush]);

  return { initial: initial?.values, left, settleLeft, keep, clear, savedAt };
}

/** Drafts belong to one account: another one at this browser finds none. */
export function ownDrafts(accountId: string): void {
  const key = "hotline.drafts.owner";
  if (localStorage.getItem(key) === accountId) return;
  dropAll(localStorage);
  localStorage.setItem(key, accountId);
}
