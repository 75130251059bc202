/** A chart: drawn on a canvas, so that the content security policy has no style to refuse; its table twin is in the panel. */
import { LineChart } from "echarts/charts";
import { GridSimpleComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

use([LineChart, GridSimpleComponent, CanvasRenderer]);

type Drawn = ReturnType<typeof init>;

/** `label`: what the chart says, for a screen reader. */
export function Chart({ option, label }: { option: EChartsCoreOption; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Drawn>(undefined);
  useEffect(() => {
    if (!box.current) return;
    const drawn = init(box.current, undefined, { renderer: "canvas" });
    chart.current = drawn;
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);
  useEffect(() => chart.current?.setOption({ animation: false, ...option }, true), [option]);
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}
