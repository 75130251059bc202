/** Names of key presses, and when a single key must not act. */

/** What of a keyboard event counts. */
export interface KeyPress {
  key: string;
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing?: boolean;
}

/** `j`, `?`, `enter`, `escape`, `mod+k` (Ctrl or Cmd), `alt+3`, `f2`. Shift is named only beside another modifier or a named key. */
export function chordOf(press: KeyPress): string {
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push("mod");
  if (press.altKey) parts.push("alt");
  // Alt changes the character on some keyboards: its physical key is what people mean.
  const digit = /^Digit(\d)$/.exec(press.code ?? "")?.[1];
  const letter = /^Key([A-Z])$/.exec(press.code ?? "")?.[1];
  const key = press.altKey && (digit ?? letter) ? (digit ?? letter ?? "") : press.key;
  const named = key.length > 1;
  if (press.shiftKey && (named || parts.length > 0)) parts.push("shift");
  parts.push(key === " " ? "space" : key.toLowerCase());
  return parts.join("+");
}

/** Whether the chord is one key without a modifier: such a key is off while typing, and where people turned them off. */
export function isSingle(chord: string): boolean {
  return !/^(mod|alt)\+/.test(chord) && !/^f\d+$/.test(chord);
}

/** What of an element counts. */
interface Target {
  tagName?: string;
  isContentEditable?: boolean;
  type?: string;
  getAttribute?: (name: string) => string | null;
}

const NOT_TEXT = new Set(["button", "checkbox", "radio", "submit", "reset", "file", "range", "color"]);

/** Whether the reader types there. */
export function isTyping(target: unknown): boolean {
  const element = target as Target | null;
  if (!element?.tagName) return false;
  if (element.isContentEditable) return true;
  const tag = element.tagName.toUpperCase();
  if (tag === "TEXTAREA" || tag === "SELECT") return true;
  if (tag === "INPUT") return !NOT_TEXT.has((element.type ?? "text").toLowerCase());
  return ["textbox", "combobox", "searchbox"].includes(element.getAttribute?.("role") ?? "");
}

/** Whether Enter or Space on the element already does something of its own. */
export function actsByItself(target: unknown): boolean {
  const element = target as Target | null;
  const tag = element?.tagName?.toUpperCase();
  if (tag === "BUTTON" || tag === "A" || tag === "SUMMARY" || tag === "INPUT") return true;
  return ["button", "menuitem", "option", "tab", "switch", "checkbox", "radio"].includes(element?.getAttribute?.("role") ?? "");
}

/** `mod+k` as people read it: `Ctrl K`. */
export function chordLabel(chord: string): string {
  return chord
    .split("+")
    .map((part) => (part === "mod" ? "Ctrl" : part.length === 1 ? part.toUpperCase() : part[0]?.toUpperCase() + part.slice(1)))
    .join(" ");
}
