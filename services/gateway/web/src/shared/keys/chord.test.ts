import { expect, test } from "vitest";
import { actsByItself, chordLabel, chordOf, isSingle, isTyping } from "./chord";

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test.each([
  [press("j"), "j"],
  [press("J", { shiftKey: true }), "j"],
  [press("?", { shiftKey: true }), "?"],
  [press("k", { ctrlKey: true }), "mod+k"],
  [press("k", { metaKey: true }), "mod+k"],
  [press("£", { altKey: true, code: "Digit3" }), "alt+3"],
  [press("Enter", { altKey: true }), "alt+enter"],
  [press("Enter", { shiftKey: true }), "shift+enter"],
  [press("F2"), "f2"],
  [press(" "), "space"],
])("%o is %s", (event, chord) => {
  expect(chordOf(event)).toBe(chord);
});

test("a key without a modifier is single, F-keys and chords are not", () => {
  expect(["j", "?", "enter", "shift+enter"].every(isSingle)).toBe(true);
  expect(["mod+k", "alt+3", "f2"].some(isSingle)).toBe(false);
});

test("typing is seen in text fields, not on check boxes", () => {
  expect(isTyping({ tagName: "TEXTAREA" })).toBe(true);
  expect(isTyping({ tagName: "INPUT", type: "text" })).toBe(true);
  expect(isTyping({ tagName: "INPUT", type: "checkbox" })).toBe(false);
  expect(isTyping({ tagName: "DIV", getAttribute: () => "combobox" })).toBe(true);
  expect(isTyping({ tagName: "TR", getAttribute: () => null })).toBe(false);
});

test("Enter on a button is the button's", () => {
  expect(actsByItself({ tagName: "BUTTON" })).toBe(true);
  expect(actsByItself({ tagName: "TR", getAttribute: () => null })).toBe(false);
});

test("labels are what stands on the keys", () => {
  expect(chordLabel("mod+k")).toBe("Ctrl K");
  expect(chordLabel("alt+enter")).toBe("Alt Enter");
});
