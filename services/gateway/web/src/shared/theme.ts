/** Colours and sizes of every desk. The pairs that text is drawn in are held to WCAG AA by theme.test.ts. */
import type { ThemeConfig } from "antd";

/** Plain colours, also given to the style sheets as custom properties by `applyTheme`. */
export const colour = {
  primary: "#0958d9",
  primaryDark: "#003eb3",
  primaryPale: "#e6f0ff",
  text: "#1f2328",
  textSecondary: "#4a4f57",
  textTertiary: "#595959",
  placeholder: "#6b6b6b",
  border: "#d9dce1",
  borderStrong: "#8a8f98",
  surface: "#ffffff",
  ground: "#f4f5f7",
  header: "#0b2a55",
  headerText: "#ffffff",
  headerDim: "#c9d6ea",
  good: "#1d6b2c",
  goodPale: "#eaf6ec",
  warn: "#874d00",
  warnPale: "#fff4dc",
  bad: "#a8071a",
  badPale: "#fff0ef",
  calm: "#4a4f57",
  calmPale: "#eef0f3",
} as const;

/** Pairs of text and ground that occur: each must reach 4.5 : 1. */
export const textPairs: readonly (readonly [keyof typeof colour, keyof typeof colour])[] = [
  ["text", "surface"],
  ["text", "ground"],
  ["text", "primaryPale"],
  ["textSecondary", "surface"],
  ["textSecondary", "ground"],
  ["textTertiary", "surface"],
  ["textTertiary", "ground"],
  ["placeholder", "surface"],
  ["primary", "surface"],
  ["primary", "ground"],
  ["primary", "primaryPale"],
  ["headerText", "primary"],
  ["headerText", "header"],
  ["headerDim", "header"],
  ["good", "goodPale"],
  ["good", "surface"],
  ["warn", "warnPale"],
  ["warn", "surface"],
  ["bad", "badPale"],
  ["bad", "surface"],
  ["calm", "calmPale"],
];

/** antd's tokens: its own defaults fail AA for links, tags, placeholders and secondary text. */
export const theme: ThemeConfig = {
  cssVar: { key: "hotline" },
  hashed: false,
  token: {
    colorPrimary: colour.primary,
    colorPrimaryHover: colour.primaryDark,
    colorLink: colour.primary,
    colorLinkHover: colour.primaryDark,
    colorInfo: colour.primary,
    colorSuccess: colour.good,
    colorWarning: colour.warn,
    colorError: colour.bad,
    colorErrorBg: colour.badPale,
    colorErrorBorder: "#ffa39e",
    colorWarningBg: colour.warnPale,
    colorWarningBorder: "#ffd591",
    colorSuccessBg: colour.goodPale,
    colorSuccessBorder: "#b7dfbe",
    colorInfoBg: colour.primaryPale,
    colorInfoBorder: "#a9c9ff",
    colorText: colour.text,
    colorTextSecondary: colour.textSecondary,
    colorTextTertiary: colour.textTertiary,
    colorTextDescription: colour.textTertiary,
    colorTextPlaceholder: colour.placeholder,
    colorTextQuaternary: colour.placeholder,
    colorTextDisabled: colour.placeholder,
    colorBorder: colour.border,
    colorBgLayout: colour.ground,
    borderRadius: 4,
    fontSize: 14,
    controlHeight: 32,
    fontFamily:
      '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,-apple-system,"Segoe UI",sans-serif',
    motionDurationMid: "0.1s",
    motionDurationSlow: "0.15s",
  },
  components: {
    Table: { headerBg: "#f0f2f5", rowHoverBg: "#f5f8fe", cellPaddingBlockSM: 7, cellPaddingInlineSM: 8 },
    Tag: { defaultColor: colour.text },
    Segmented: { trackBg: "#e4e7ec", itemColor: colour.text, itemSelectedColor: colour.primary },
    Form: { itemMarginBottom: 16, labelColor: colour.text },
    Drawer: { paddingLG: 20 },
  },
};

/** Writes the colours as `--c-name` on the root, by the style object and not by a style element. */
export function applyTheme(root: HTMLElement): void {
  for (const [name, value] of Object.entries(colour)) {
    root.style.setProperty(`--c-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value);
  }
}

/** Contrast of two colours after WCAG 2.2, 1 to 21. */
export function contrast(first: string, second: string): number {
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}
