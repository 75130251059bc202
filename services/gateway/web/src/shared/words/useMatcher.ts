/** Matching by pinyin for selects and the palette. */
import { useEffect, useMemo, useState } from "react";
import { type Needle, needles, score } from "./match";

/** `rank(query)` gives the indexes of `texts` that fit, best first; before the dictionary is there only characters match. */
export function useMatcher(texts: readonly string[]): (query: string) => number[] {
  const joined = texts.join("\n");
  const [prepared, setPrepared] = useState<{ of: string; list: Needle[] }>();
  useEffect(() => {
    let current = true;
    void needles(joined === "" ? [] : joined.split("\n")).then((list) => {
      if (current) setPrepared({ of: joined, list });
    });
    return () => {
      current = false;
    };
  }, [joined]);
  return useMemo(() => {
    const plain = () => joined.split("\n").map((text) => ({ text: text.toLowerCase(), pinyin: "", initials: "" }));
    const list = prepared?.of === joined ? prepared.list : plain();
    return (query) =>
      list
        .map((needle, index) => [score(query, needle), index] as const)
        .filter(([points]) => points > 0)
        .sort((a, b) => b[0] - a[0] || a[1] - b[1])
        .map(([, index]) => index);
  }, [prepared, joined]);
}
