/** A word of explanation beside something, on pointing at it or reaching it by key. Nothing of it is drawn before. */
import { Tooltip } from "antd";
import { type ReactNode, useId, useState } from "react";
import "./hint.css";

/** What the explained element takes over. */
export interface HintHandlers {
  onPointerEnter: () => void;
  onPointerLeave: () => void;
  onFocus: () => void;
  onBlur: () => void;
  "aria-describedby"?: string;
}

/**
 * The handlers of the explained element, and what to put inside it: the element has to be positioned. A list has a chip or
 * two in each row, and a tooltip of its own for each of them costs as much as the rest of the row. `text` is asked for when
 * it is wanted.
 */
export function useHint(text: () => ReactNode): { handlers: HintHandlers; hint: ReactNode } {
  const id = useId();
  // Undefined until it is first wanted; then kept, for the way out.
  const [shown, setShown] = useState<boolean>();
  const show = () => setShown(true);
  const hide = () => setShown((before) => before && false);
  const handlers = { onPointerEnter: show, onPointerLeave: hide, onFocus: show, onBlur: hide, ...(shown ? { "aria-describedby": id } : {}) };
  const hint =
    shown === undefined ? null : (
      <Tooltip id={id} title={text()} open={shown} onOpenChange={setShown} styles={{ root: { maxWidth: 420 } }}>
        <span className="hint-place" aria-hidden="true" />
      </Tooltip>
    );
  return { handlers, hint };
}
