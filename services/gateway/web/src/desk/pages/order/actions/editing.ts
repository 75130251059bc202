/** Whether a form of the order is open in this tab, so that colleagues see who works on it. */
import { useEffect, useSyncExternalStore } from "react";

let open = 0;
const listeners = new Set<() => void>();

function change(by: number): void {
  open += by;
  for (const tell of listeners) tell();
}

/** Counts as editing while the component is there and `on`. */
export function useMarkEditing(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    change(1);
    return () => change(-1);
  }, [on]);
}

/** Whether a form is open. */
export function useEditing(): boolean {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => open > 0,
  );
}
