/** Who else is at an order, as a mark beside its row. */
import { PresenceMode } from "@gen/hotline/gateway/v1/desk_pb";
import { usePresence } from "../live/live";
import "./presence.css";

/** The mark; nothing while nobody else is there. */
export function PresenceMark({ orderId }: { orderId: string }) {
  const people = usePresence(orderId);
  if (people.length === 0) return null;
  const names = people.map((one) => one.name).join("、");
  return (
    <span className="presence" role="img" aria-label={names} title={names}>
      {people.some(({ mode }) => mode === PresenceMode.EDITING) ? "✎" : "◉"}{" "}
    </span>
  );
}
