/** How the curves of the wall are drawn: large type, few lines. Pure. */
import type { EChartsCoreOption } from "echarts/core";

/** Type that is read from the back of a room; the wall is 1920 wide. */
const TEXT = { color: "#dce7f7", fontSize: 20 };
const FAINT = "#2c4a78";
/** Colours of the curves, as the legend in screen.css has them. */
const COLOURS = ["#6db3ff", "#6fdc8c"];

/** Curves over days; the second is dashed with square points, so that colour is not the only sign. */
export function curveOption(days: readonly string[], series: readonly (readonly number[])[]): EChartsCoreOption {
  return {
    color: COLOURS,
    grid: { left: 64, right: 32, top: 16, bottom: 40 },
    xAxis: { type: "category", data: [...days], axisLabel: TEXT, axisLine: { lineStyle: { color: FAINT } }, axisTick: { show: false } },
    yAxis: { type: "value", minInterval: 1, axisLabel: TEXT, splitLine: { lineStyle: { color: FAINT } } },
    series: series.map((values, at) => ({
      type: "line",
      data: [...values],
      symbol: at === 0 ? "circle" : "rect",
      symbolSize: 9,
      lineStyle: { width: 3, type: at === 0 ? "solid" : "dashed" },
    })),
  };
}
