/** Commands of the palette: pages and tools of the shell, and what the page that is open adds. */
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { KeyAct } from "../keys/keys";

/** One command. */
export interface Command {
  id: string;
  /** Found by its characters, pinyin or initials. */
  label: string;
  /** Where it belongs: 页面, 本工单. */
  group: string;
  /** Key that does the same; shown beside it. */
  chord?: string;
  run: () => void;
}

const sources: { current: readonly Command[] }[] = [];
const listeners = new Set<() => void>();
let version = 0;

function tell(): void {
  version += 1;
  for (const listener of listeners) listener();
}

/** Adds commands while the component is there. */
export function useCommands(commands: readonly Command[]): void {
  const held = useRef({ current: commands });
  held.current.current = commands;
  const ids = commands.map(({ id, label }) => `${id}:${label}`).join("|");
  useEffect(() => {
    const source = held.current;
    sources.push(source);
    tell();
    return () => {
      sources.splice(sources.indexOf(source), 1);
      tell();
    };
  }, [ids]);
}

/** The commands and, behind them, what else keys do on the page; a key that a command names already is not told twice. */
export function withKeys(commands: readonly Command[], keys: readonly (readonly [string, KeyAct])[], group: string): Command[] {
  const known = new Set(commands.flatMap(({ chord, label }) => [chord ?? "", label]));
  const more = keys.filter(([chord, { label }]) => chord !== "mod+k" && !known.has(chord) && !known.has(label));
  return [...commands, ...more.map(([chord, { label, run }]) => ({ id: `key:${chord}`, label, group, chord, run }))];
}

/** Every command now, the page's own first. */
export function useAllCommands(): readonly Command[] {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => version,
  );
  return [...sources].reverse().flatMap(({ current }) => current);
}
