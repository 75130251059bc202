/** The moment at which a call finds that nobody is signed in: the shell then asks to sign in again, drafts kept. */
import { useSyncExternalStore } from "react";

let signedOut = false;
const listeners = new Set<() => void>();

/** A call was refused as unauthenticated. */
export function noteSignedOut(): void {
  if (signedOut) return;
  signedOut = true;
  for (const tell of listeners) tell();
}

/** Whether that happened on this page. */
export function useSignedOut(): boolean {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => signedOut,
    () => false,
  );
}
