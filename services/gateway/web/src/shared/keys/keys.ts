/** Keys of the page: the newest component that knows a key gets it. Single keys can be turned off (WCAG 2.1.4). */
import { useEffect, useRef, useSyncExternalStore } from "react";
import { actsByItself, chordOf, isSingle, isTyping } from "./chord";

/** What one key does. */
export interface KeyAct {
  /** What it does, for the list of keys. */
  label: string;
  run: () => void;
}

/** Acts by chord. */
export type Keymap = Record<string, KeyAct>;

const SETTING = "hotline.keys";
const maps: { current: Keymap }[] = [];
const listeners = new Set<() => void>();
let single = readSetting();

function readSetting(): boolean {
  try {
    return globalThis.localStorage?.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

/** Whether single keys act. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => single,
  );
}

/** Turns single keys on or off and remembers it in this browser. */
export function setSingleKeys(on: boolean): void {
  single = on;
  localStorage.setItem(SETTING, on ? "on" : "off");
  for (const tell of listeners) tell();
}

/** Every key that acts now, newest first, for the list of keys. */
export function activeKeys(): [string, KeyAct][] {
  const seen = new Map<string, KeyAct>();
  for (const map of [...maps].reverse()) {
    for (const [chord, act] of Object.entries(map.current)) if (!seen.has(chord)) seen.set(chord, act);
  }
  return [...seen];
}

/** Chords are heard before the control that has the focus, which would take Ctrl+Enter for its own Enter; single keys after it. */
function onCapture(event: KeyboardEvent): void {
  if (!isSingle(chordOf(event))) onKey(event);
}

function onBubble(event: KeyboardEvent): void {
  if (isSingle(chordOf(event))) onKey(event);
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const chord = chordOf(event);
  if (isSingle(chord)) {
    if (!single || isTyping(event.target)) return;
    if ((chord === "enter" || chord === "space") && actsByItself(event.target)) return;
  }
  // A dialog is above the page: what lies below it does not hear keys, unless the dialog's own content asked for them.
  const dialog = document.querySelector(".ant-drawer-open, .ant-modal-wrap:not([style*='display: none'])");
  for (const map of [...maps].reverse()) {
    const act = map.current[chord];
    if (!act) continue;
    if (dialog && !(map as { inDialog?: boolean }).inDialog) continue;
    event.preventDefault();
    if (!isSingle(chord)) event.stopPropagation();
    act.run();
    return;
  }
}

/** Binds keys while the component is there. `inDialog`: for the content of a drawer or a dialog. */
export function useKeys(keymap: Keymap, options: { enabled?: boolean; inDialog?: boolean } = {}): void {
  const { enabled = true, inDialog = false } = options;
  const held = useRef<{ current: Keymap; inDialog: boolean }>({ current: keymap, inDialog });
  held.current.current = keymap;
  useEffect(() => {
    if (!enabled) return;
    const map = held.current;
    if (maps.length === 0) {
      window.addEventListener("keydown", onCapture, { capture: true });
      window.addEventListener("keydown", onBubble);
    }
    maps.push(map);
    return () => {
      maps.splice(maps.indexOf(map), 1);
      if (maps.length > 0) return;
      window.removeEventListener("keydown", onCapture, { capture: true });
      window.removeEventListener("keydown", onBubble);
    };
  }, [enabled]);
}
