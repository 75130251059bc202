/** Matching by pinyin for selects and the palette. */
import { useMemo, useState } from "react";
import { type Needle, needles, score } from "./match";

/**
 * `rank(query)` gives the indexes of `texts` that fit, best first. The dictionary of pinyin is fetched with the first query:
 * it is a large one, and most pages are left without a search. Until it is there only characters match; when it could not be
 * had, until the page is loaded anew: browsers keep a module's failure with the page.
 */
export function useMatcher(texts: readonly string[]): (query: string) => number[] {
  const joined = texts.join("\n");
  const [prepared, setPrepared] = useState<{ of: string; list: Needle[] }>();
  return useMemo(() => {
    const lines = joined === "" ? [] : joined.split("\n");
    const ready = prepared?.of === joined ? prepared.list : undefined;
    const list = ready ?? lines.map((text) => ({ text: text.toLowerCase(), pinyin: "", initials: "" }));
    let asked = ready !== undefined || lines.length === 0;
    const ask = () => {
      asked = true;
      needles(lines).then((found) => setPrepared({ of: joined, list: found }), () => undefined);
    };
    return (query) => {
      if (!asked && query.trim() !== "") ask();
      return list
        .map((needle, index) => [score(query, needle), index] as const)
        .filter(([points]) => points > 0)
        .sort((a, b) => b[0] - a[0] || a[1] - b[1])
        .map(([, index]) => index);
    };
  }, [prepared, joined]);
}
