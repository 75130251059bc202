/** Long lists: what is read first is drawn first. */
import { startTransition, useEffect, useState } from "react";

/** Rows that fill a screen. */
const AT_FIRST = 15;

/** The first rows when there are any, and all of them once these stand on the screen. */
export function useGrowing<Row>(rows: readonly Row[]): readonly Row[] {
  const [grown, setGrown] = useState(false);
  const some = rows.length > 0;
  useEffect(() => {
    if (some) startTransition(() => setGrown(true));
  }, [some]);
  return grown ? rows : rows.slice(0, AT_FIRST);
}
