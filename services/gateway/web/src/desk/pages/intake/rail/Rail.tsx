/** Beside the form: is it taken on, what to say if not, what this number asked before, what is open nearby. */
import type { DisposalKind } from "../disposals/DisposalDrawer";
import type { IntakeValues } from "../request";
import { CallerHistory } from "./CallerHistory";
import { ScopePanel } from "./ScopePanel";
import { SimilarPanel } from "./SimilarPanel";

interface RailProps {
  values: IntakeValues;
  /** The appeal is registered: the rail only informs. */
  registered: boolean;
  /** Register, then refuse by this clause or transfer to this number. */
  onWish: (kind: DisposalKind, preset: string) => void;
}

export function Rail({ values, registered, onWish }: RailProps) {
  return (
    <aside className="intake-rail">
      <CallerHistory telephone={values.appellant?.telephone ?? ""} />
      <SimilarPanel category={values.category ?? ""} division={values.division ?? ""} />
      <ScopePanel values={values} {...(registered ? {} : { onWish })} />
    </aside>
  );
}
