import { expect, test } from "vitest";
import { withKeys } from "./commands";

test("what the page's keys do is in the palette, once each", () => {
  const run = () => undefined;
  const commands = [{ id: "keys", label: "快捷键一览", group: "", chord: "?", run }];
  const keys = [["?", { label: "快捷键一览", run }], ["a", { label: "派单", run }], ["mod+k", { label: "命令面板", run }]] as const;
  expect(withKeys(commands, keys, "本页").map(({ id }) => id)).toEqual(["keys", "key:a"]);
});
