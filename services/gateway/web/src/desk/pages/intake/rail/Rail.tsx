/** Beside the form: what this number asked before, what is open nearby, is it taken on, what the city's data says,
 *  and what came in by other ways and waits. */
import type { DisposalKind } from "../disposals/DisposalDrawer";
import type { IntakeValues } from "../request";
import { KnowledgePanel } from "../knowledge/KnowledgePanel";
import { CallerHistory } from "./CallerHistory";
import { ScopePanel } from "./ScopePanel";
import { SimilarPanel } from "./SimilarPanel";
import { WaitingPanel } from "./WaitingPanel";

interface RailProps {
  values: IntakeValues;
  /** The appeal is registered: the rail only informs. */
  registered: boolean;
  /** Register, then refuse by this clause or transfer to this number. */
  onWish: (kind: DisposalKind, preset: string) => void;
  /** Puts words of the city's data into the answer. */
  onCopy: (words: string, from: string) => void;
}

export function Rail({ values, registered, onWish, onCopy }: RailProps) {
  return (
    <aside className="intake-rail">
      <CallerHistory telephone={values.appellant?.telephone ?? ""} />
      <SimilarPanel category={values.category ?? ""} division={values.division ?? ""} />
      <ScopePanel values={values} {...(registered ? {} : { onWish })} />
      <KnowledgePanel onCopy={onCopy} {...(registered ? {} : { onWish })} />
      <WaitingPanel />
    </aside>
  );
}
