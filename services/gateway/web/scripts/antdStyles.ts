// A plugin of Vite: antd's styles of what every desk draws at once, made when the desks are built. In the browser antd makes
// its styles from objects at a component's first use and adds an element each; what it finds in a file of the page, by the
// path under which it would have made it, it leaves alone. Whatever is not in the file is made in the browser as before.
// The `cssinjs` of package.json has to be the version that antd brings: another one would collect nothing.
import { createCache, extractStyle, StyleProvider } from "@ant-design/cssinjs";
import { Button, Checkbox, ConfigProvider, Input, Popover, Segmented, Select, Space, Switch, Tooltip } from "antd";
import { createElement, type ReactNode } from "react";
import { renderToString } from "react-dom/server";
import type { Plugin } from "vite";
import { theme } from "../src/shared/theme.ts";

/** What is drawn with a desk: its frame, its filter bar and its lists. Forms and drawers come later, and make their own. */
const drawnAtOnce: readonly ReactNode[] = [
  createElement(Button, null, "a"),
  createElement(Input.Search),
  createElement(Input.TextArea),
  createElement(Select),
  createElement(Segmented, { options: ["a"] }),
  createElement(Switch),
  createElement(Checkbox),
  createElement(Space, null, "a"),
  createElement(Space.Compact, null, createElement(Button, null, "a")),
  createElement(Tooltip, { title: "a" }, createElement("span")),
  createElement(Popover, { content: "a" }, createElement("span")),
];

/** The styles, with the paths under which antd looks for them. */
function styles(): string {
  const cache = createCache();
  const page = createElement(ConfigProvider, { theme }, ...drawnAtOnce.map((node, key) => createElement("div", { key }, node)));
  renderToString(createElement(StyleProvider, { cache }, page));
  const sheet = extractStyle(cache, { plain: true, types: ["style"] });
  if (!sheet.includes(".ant-btn")) throw new Error("antd's styles were not collected: is cssinjs the version that antd brings?");
  return sheet;
}

/** Puts the styles before every other style sheet of the desks, so that the desks' own come after them. */
export function antdStyles(): Plugin {
  return {
    name: "antd-styles",
    apply: "build",
    buildStart() {
      this.emitFile({ type: "asset", name: "antd.css", source: styles() });
    },
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle }) => {
        const found = Object.keys(bundle ?? {}).find((name) => /assets\/antd-.*\.css$/.test(name));
        if (!found) throw new Error("antd's styles were not made");
        return [{ tag: "link", attrs: { rel: "stylesheet", crossorigin: true, href: `/${found}` }, injectTo: "head-prepend" }];
      },
    },
  };
}
