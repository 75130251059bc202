/** What few readers open is not drawn before it is opened. */
import { useState } from "react";

/** Whether it is open or has been: from then on it stays, so that it can close with its motion. */
export function useOnceOpen(open: boolean): boolean {
  const [opened, setOpened] = useState(open);
  if (open && !opened) setOpened(true);
  return opened || open;
}
