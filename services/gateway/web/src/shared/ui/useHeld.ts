/** Forms whose command can be taken back for some seconds: what was typed comes back with it, also when it is refused. */
import { useCallback } from "react";
import { saveDraft } from "../drafts/store";
import { tabId } from "../drafts/useDraft";
import { failureOf, type RpcFailure } from "../rpc/errors";
import { useUndo } from "./undo";

/** A command with the form that it came from. */
export interface HeldForm {
  /** What it does, shown in the bar. */
  label: string;
  /** The form's draft, as the drawer names it. */
  draft: string;
  values: object;
  run: () => Promise<unknown>;
  /** Opens the form again; with what the service said, when it refused. */
  reopen: (failure?: RpcFailure) => void;
}

/** `const hold = useHeld(); hold({ label, draft, values, run, reopen })`. */
export function useHeld(): (held: HeldForm) => void {
  const later = useUndo();
  return useCallback(
    ({ label, draft, values, run, reopen }) => {
      let failure: RpcFailure | undefined;
      later({
        label,
        commit: () =>
          run().catch((thrown: unknown) => {
            failure = failureOf(thrown);
            throw failure;
          }),
        restore: () => {
          saveDraft(localStorage, draft, tabId(), values, Date.now());
          reopen(failure);
        },
      });
    },
    [later],
  );
}
