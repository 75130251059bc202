/** Colleagues who are at the same order. */
import { PresenceMode } from "@gen/hotline/gateway/v1/desk_pb";
import { useWords } from "@shared/i18n/i18n";
import { usePresence } from "@shared/live/live";
import { StateTag } from "@shared/ui/state";
import { words } from "./words";

export function PeopleHere({ orderId }: { orderId: string }) {
  const t = useWords(words);
  const people = usePresence(orderId);
  const names = (mode: PresenceMode) => people.filter((one) => (one.mode === PresenceMode.EDITING) === (mode === PresenceMode.EDITING)).map(({ name }) => name);
  const editing = names(PresenceMode.EDITING);
  const viewing = names(PresenceMode.VIEWING);
  return (
    <span role="status" className="no-print">
      {editing.length > 0 ? <StateTag tone="warn">✎ {t("editing", { names: editing.join("、") })}</StateTag> : null}{" "}
      {viewing.length > 0 ? <StateTag tone="calm">◉ {t("people", { names: viewing.join("、") })}</StateTag> : null}
    </span>
  );
}
