/** The panels of the wall. */
import { type ReactNode, useMemo, useState } from "react";
import { Dimension } from "@gen/hotline/analytics/v1/analytics_pb";
import { SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import { SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useWords } from "@shared/i18n/i18n";
import { useMay } from "@shared/session/may";
import { channels, useNames } from "@shared/words/enums";
import { Channel } from "@gen/hotline/common/v1/common_pb";
import { Chart } from "./Chart";
import { DAYS, useCategoryName, useClockTotals, useCurve, useTotals, useUnitFigures, useUnits, useWeek, WEEK } from "./data";
import { curveOption } from "./options";
import { Panel } from "./Panel";
import { byDay, byKey, lamps, type Line, placeName, rate } from "./sums";
import { words } from "./words";

/** Units that fit on the wall. */
const LAMPS = 14;
/** Bars that fit into a panel. */
const BARS = 12;

export function Curve() {
  const t = useWords(words);
  const { days, registered, settled } = useCurve();
  const came = useMemo(() => byDay(registered, "appeal_registered", days), [registered, days.join()]);
  const went = useMemo(() => byDay(settled, "order_settled", days), [settled, days.join()]);
  const option = useMemo(
    () => curveOption(days.map((day) => day.slice(5)), [came, went]),
    [came, went],
  );
  const twin = { head: [t("day"), t("curveRegistered"), t("curveSettled")], rows: days.map((day, at) => [day, came[at] ?? 0, went[at] ?? 0]) };
  const title = t("curve", { n: DAYS });
  return (
    <Panel title={title} meaning={t("curveMeaning")} twin={twin} extra={<Legend />}>
      <Chart option={option} label={title} />
    </Panel>
  );
}

function Legend() {
  const t = useWords(words);
  return (
    <span className="legend">
      <span className="legend-came">●━ {t("curveRegistered")}</span>
      <span className="legend-went">■╍ {t("curveSettled")}</span>
    </span>
  );
}

export function Health() {
  const t = useWords(words);
  const clocks = useClockTotals();
  const all = clocks.armed + clocks.met + clocks.breached + clocks.late;
  const rows = (["met", "armed", "late", "breached"] as const).map((key) => [key, clocks[key]] as const);
  return (
    <Panel title={t("health")} meaning={t("healthMeaning")} twin={{ head: [t("state"), t("count"), t("share")], rows: rows.map(([key, count]) => [t(key), count, rate(count, all)]) }}>
      <ul className="health">
        {rows.map(([key, count]) => (
          <li key={key}>
            <span>{t(key)}</span>
            <span className={`health-bar health-${key}`} aria-hidden="true">
              <span style={{ width: all === 0 ? 0 : `${Math.max(count > 0 ? 1 : 0, (count * 100) / all)}%` }} />
            </span>
            <span className="health-count">{count}</span>
            <span className="health-share">{rate(count, all)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The lamps of the units, for those who read clocks and cards: without them every lamp would be green. */
export function Lamps({ most = LAMPS }: { most?: number }) {
  const may = [useMay(SlaTimerService.method.listClocks), useMay(SupervisionService.method.listCards)];
  return may.every(Boolean) ? <OpenLamps most={most} /> : null;
}

function OpenLamps({ most }: { most: number }) {
  const t = useWords(words);
  const units = useUnits();
  const figures = useUnitFigures();
  const found = lamps(figures, (id) => units.find(({ unitId }) => unitId === id)?.name ?? id);
  const cells = (lamp: (typeof found)[number]) => [lamp.signed + lamp.late, rate(lamp.signed, lamp.signed + lamp.late), lamp.breached, rate(lamp.satisfied, lamp.satisfied + lamp.dissatisfied)];
  const head = [t("unit"), t("lamp"), t("signedCount"), t("inTime"), t("over"), t("content")];
  const left = found.length - most;
  return (
    <Panel
      title={t("lamps")}
      meaning={t("lampsMeaning", { n: WEEK })}
      twin={{ head, rows: found.map((lamp) => [lamp.name, t(lamp.colour), ...cells(lamp)]) }}
      className="panel-lamps"
      extra={left > 0 ? <span className="panel-note">{t("moreUnits", { n: left })}</span> : null}
    >
      <table className="lamps">
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.slice(0, most).map((lamp) => (
            <tr key={lamp.unitId}>
              <th scope="row">{lamp.name}</th>
              <td>
                <span className={`lamp lamp-${lamp.colour}`} aria-hidden="true" /> {t(lamp.colour)}
              </td>
              {cells(lamp).map((cell, at) => (
                <td key={at}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

interface BarsProps {
  title: string;
  meaning: string;
  head: string;
  lines: readonly Line[];
  onPick?: (line: Line) => void;
  extra?: ReactNode;
}

/** Bars as a list, so that each can be reached by the keyboard. */
function Bars({ title, meaning, head, lines, onPick, extra }: BarsProps) {
  const t = useWords(words);
  const shown = lines.slice(0, BARS);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  return (
    <Panel title={title} meaning={meaning} twin={{ head: [head, t("count")], rows: lines.map(({ name, count }) => [name, count]) }} extra={extra}>
      <ul className="bars">
        {shown.map((line) => (
          <li key={line.key}>
            {onPick ? (
              <button type="button" className="bars-name" onClick={() => onPick(line)}>
                {line.name}
              </button>
            ) : (
              <span className="bars-name">{line.name}</span>
            )}
            <span className="bars-bar" aria-hidden="true">
              <span style={{ width: `${(line.count * 100) / most}%` }} />
            </span>
            <span className="bars-count">{line.count}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function Divisions() {
  const t = useWords(words);
  const week = useWeek();
  const units = useUnits();
  const rows = useTotals(Dimension.DIVISION, "appeal_registered", week);
  const [inside, setInside] = useState<Line>();
  const nameOf = (code: string) => placeName(units, code, t("city"));
  const lines = inside
    ? byKey(rows.filter(({ key }) => key.startsWith(inside.key)), (key) => key, nameOf)
    : byKey(rows, (key) => key.slice(0, 6), nameOf);
  return (
    <Bars
      title={inside ? t("divisionOf", { name: inside.name, n: WEEK }) : t("divisions", { n: WEEK })}
      meaning={t("divisionsMeaning", { n: WEEK })}
      head={t("division")}
      lines={lines}
      {...(inside ? {} : { onPick: setInside })}
      extra={
        inside ? (
          <button type="button" className="panel-back" onClick={() => setInside(undefined)}>
            {t("back")}
          </button>
        ) : null
      }
    />
  );
}

export function Topics() {
  const t = useWords(words);
  const name = useCategoryName();
  const rows = useTotals(Dimension.CATEGORY, "appeal_registered", useWeek());
  return <Bars title={t("topics", { n: WEEK })} meaning={t("topicsMeaning", { n: WEEK })} head={t("topic")} lines={byKey(rows, (key) => key, name).slice(0, 10)} />;
}

export function Channels() {
  const t = useWords(words);
  const name = useNames();
  const rows = useTotals(Dimension.CHANNEL, "appeal_registered", useWeek());
  const nameOf = (key: string) => name(channels, Channel[key.toUpperCase() as keyof typeof Channel] ?? 0) || key;
  return <Bars title={t("channels", { n: WEEK })} meaning={t("channelsMeaning", { n: WEEK })} head={t("channel")} lines={byKey(rows, (key) => key, nameOf)} />;
}
