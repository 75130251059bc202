/** Finds Chinese words by their characters, their pinyin or its initials: "ylq ldbl" finds 云龙区 路灯不亮. */

/** A thing to find, prepared once. */
export interface Needle {
  /** As shown, lower case. */
  text: string;
  /** Full pinyin without tones and spaces. */
  pinyin: string;
  /** First letters of its syllables. */
  initials: string;
}

/** How well `query` fits; 0 when it does not. Every part of the query must fit somewhere. */
export function score(query: string, needle: Needle): number {
  const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
  let total = 1;
  for (const part of parts) {
    const one = scorePart(part, needle);
    if (one === 0) return 0;
    total += one;
  }
  return total;
}

function scorePart(part: string, { text, pinyin, initials }: Needle): number {
  if (text === part) return 60;
  if (text.startsWith(part)) return 50;
  if (text.includes(part)) return 40;
  if (initials.startsWith(part)) return 30;
  if (initials.includes(part)) return 20;
  if (pinyin.startsWith(part)) return 15;
  return part.length > 2 && pinyin.includes(part) ? 10 : 0;
}

/** The dictionary of pinyin: fetched at its first use, not with the page. */
const dictionary = () => import("pinyin-pro");

/** Fetches the dictionary ahead of a search that is about to begin; what fails here fails again in the search. */
export function beginDictionary(): void {
  dictionary().catch(() => undefined);
}

/** Turns texts into needles. Fails when the dictionary could not be fetched. */
export async function needles(texts: readonly string[]): Promise<Needle[]> {
  const { pinyin } = await dictionary();
  return texts.map((text) => {
    const syllables = pinyin(text, { toneType: "none", type: "array", nonZh: "consecutive" });
    const lower = text.toLowerCase();
    return {
      text: lower,
      pinyin: syllables.join("").replace(/\s+/g, "").toLowerCase(),
      initials: syllables.map((one) => one.trim()[0] ?? "").join("").toLowerCase(),
    };
  });
}
