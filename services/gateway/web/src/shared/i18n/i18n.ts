/** Chinese first, English by a switch: one dictionary a page, its keys typed. */
import { useCallback, useSyncExternalStore } from "react";

/** Language of the screen. */
export type Lang = "zh" | "en";

/** Each key with its Chinese and its English words; `{name}` stands for a parameter. */
export type Words = Record<string, readonly [zh: string, en: string]>;

/** Says the words of a key in the present language. */
export type Say<W extends Words> = (key: keyof W & string, params?: Record<string, string | number>) => string;

const listeners = new Set<() => void>();
let current: Lang = read();

/** The gateway serves the page in the language that was chosen at sign-in or here; a worker has no page and no words. */
function read(): Lang {
  return globalThis.document?.documentElement.lang === "en" ? "en" : "zh";
}

/** The language now. */
export function lang(): Lang {
  return current;
}

/** Changes the language of every open component, and has the gateway remember it for this browser. */
export function setLang(next: Lang): void {
  current = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  for (const tell of listeners) tell();
  // Its answer leads to a page, which nobody wants here. A gateway that is away forgets the choice at the next load.
  fetch(`/language/${next}`, { redirect: "manual" }).catch(() => undefined);
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** The language now, and again when it changes. */
export function useLang(): Lang {
  return useSyncExternalStore(subscribe, lang, lang);
}

/** Declares a dictionary, so that its keys are typed. */
export function defineWords<const W extends Words>(words: W): W {
  return words;
}

/** Words of `key` in `language`, parameters filled in. */
export function say<W extends Words>(
  words: W,
  language: Lang,
  key: keyof W & string,
  params?: Record<string, string | number>,
): string {
  const pair = words[key];
  const text = pair ? pair[language === "zh" ? 0 : 1] : key;
  return params ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : text;
}

/** `const t = useWords(words); t("title")`. */
export function useWords<const W extends Words>(words: W): Say<W> {
  const language = useLang();
  return useCallback((key, params) => say(words, language, key, params), [words, language]);
}
