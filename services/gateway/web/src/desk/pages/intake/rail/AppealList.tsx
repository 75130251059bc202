/** Appeals in a few words each, with the way to their page. */
import type { Appeal } from "@gen/hotline/intake/v1/intake_pb";
import { Link } from "@tanstack/react-router";
import { useNow } from "@shared/time/clock";
import { msOf, shortTime } from "@shared/time/format";
import { StateTag } from "@shared/ui/state";
import { appealStates, useNames } from "@shared/words/enums";
import { appealTone } from "../../order/tones";

export function AppealList({ appeals }: { appeals: readonly Appeal[] }) {
  const name = useNames();
  const now = useNow();
  return (
    <ul className="rail-list">
      {appeals.map((appeal) => (
        <li key={appeal.appealId}>
          <Link to={`/orders/${appeal.number}` as never} target="_blank">
            {appeal.title}
          </Link>{" "}
          <StateTag tone={appealTone(appeal.state)}>{name(appealStates, appeal.state)}</StateTag>{" "}
          <span className="dim num">{shortTime(msOf(appeal.registeredAt), now)}</span>
        </li>
      ))}
    </ul>
  );
}
