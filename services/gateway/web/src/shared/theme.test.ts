import { expect, test } from "vitest";
import { colour, contrast, textPairs, theme } from "./theme";

test("black on white is 21 to 1", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
});

test.each(textPairs)("%s on %s reaches AA", (text, ground) => {
  expect(contrast(colour[text], colour[ground])).toBeGreaterThanOrEqual(4.5);
});

test("the edge of a control reaches 3 to 1", () => {
  expect(contrast(colour.borderStrong, colour.surface)).toBeGreaterThanOrEqual(3);
});

test("antd draws text in colours that were checked", () => {
  const checked = new Set<string>(Object.values(colour));
  for (const [name, value] of Object.entries(theme.token ?? {})) {
    if (/^color(Text|Link|Primary)/.test(name)) expect(checked, name).toContain(value);
  }
});
