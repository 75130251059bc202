/** Six numbers, each with its definition. */
import { useWords } from "@shared/i18n/i18n";
import { type useOverview, useClockTotals, useCurve } from "./data";
import { Panel } from "./Panel";
import { byDay, rate } from "./sums";
import { words } from "./words";

type Key = "registered" | "open" | "settled" | "satisfied" | "signed" | "breached";

export function Kpis({ overview }: { overview: ReturnType<typeof useOverview> }) {
  const t = useWords(words);
  const { today, registered, settled } = useCurve();
  const clocks = useClockTotals();
  const good = overview.count("satisfied");
  const bad = overview.count("dissatisfied");
  const values: [Key, string | number, (string | number)[][]][] = [
    ["registered", byDay(registered, "appeal_registered", [today])[0] ?? 0, [[today, byDay(registered, "appeal_registered", [today])[0] ?? 0]]],
    ["open", overview.count("open_orders"), [["open_orders", overview.count("open_orders")]]],
    ["settled", byDay(settled, "order_settled", [today])[0] ?? 0, [[today, byDay(settled, "order_settled", [today])[0] ?? 0]]],
    ["satisfied", rate(good, good + bad), [["satisfied", good], ["dissatisfied", bad]]],
    ["signed", rate(clocks.signed, clocks.signed + clocks.signedLate), [["signed_in_time", clocks.signed], ["signed_late", clocks.signedLate]]],
    ["breached", clocks.breached, [["breached", clocks.breached]]],
  ];
  return (
    <div className="kpis">
      {values.map(([key, value, rows]) => (
        <Panel key={key} title={t(key)} meaning={t(`${key}Meaning`)} twin={{ head: ["", t("count")], rows }} className={`kpi kpi-${key}${key === "breached" && clocks.breached > 0 ? " kpi-alarm" : ""}`}>
          <p className="kpi-value">{value}</p>
        </Panel>
      ))}
    </div>
  );
}
