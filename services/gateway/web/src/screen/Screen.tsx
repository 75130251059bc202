/** The command screen: scenes that rotate by themselves, with the time of the data, greyed out when it stands still. */
import { useEffect, useState } from "react";
import { SessionService } from "@gen/hotline/gateway/v1/session_pb";
import { useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { useRpc } from "@shared/rpc/hooks";
import { useSession } from "@shared/session/session";
import { useNow } from "@shared/time/clock";
import { dateTime, shortTime } from "@shared/time/format";
import { FailureNote } from "@shared/ui/state";
import { useOverview } from "./data";
import { Kpis } from "./Kpis";
import { Channels, Curve, Divisions, Health, Lamps, Topics } from "./panels";
import { words } from "./words";
import "./screen.css";

const SCENES = 3;
/** Shortest time of a scene, in seconds. */
const SHORTEST = 5;

function useScene(): [number, (next: number) => void] {
  const [scene, setScene] = useState(0);
  const rotate = Number(new URLSearchParams(window.location.search).get("rotate") ?? "0");
  useEffect(() => {
    if (!(rotate > 0)) return;
    const timer = setInterval(() => {
      // Nobody's table is taken away while they read it.
      if (!document.querySelector("dialog[open]")) setScene((at) => (at + 1) % SCENES);
    }, Math.max(rotate, SHORTEST) * 1000);
    return () => clearInterval(timer);
  }, [rotate]);
  return [scene, setScene];
}

export function Screen() {
  const t = useWords(words);
  const now = useNow();
  const session = useSession();
  const overview = useOverview();
  const [scene, setScene] = useScene();
  const city = useRpc(SessionService.method.getSession, {}, { staleTime: Number.POSITIVE_INFINITY }).data?.city ?? "";
  const asked = new URLSearchParams(window.location.search).get("city") ?? "";
  useKeys({
    arrowright: { label: t("scenes"), run: () => setScene((scene + 1) % SCENES) },
    arrowleft: { label: t("scenes"), run: () => setScene((scene + SCENES - 1) % SCENES) },
  });
  const { stopped } = overview;
  return (
    <main className={stopped === undefined ? "screen" : "screen screen-stale"}>
      <header className="screen-head">
        <h1>{t("title", { city: session.cityName })}</h1>
        <nav aria-label={t("scenes")}>
          {Array.from({ length: SCENES }, (_, at) => (
            <button key={at} type="button" aria-current={at === scene ? "true" : undefined} onClick={() => setScene(at)}>
              {t(`scene${at}` as "scene0")}
            </button>
          ))}
        </nav>
        <p className="screen-time">
          <strong>{dateTime(now)}</strong>
          <span>{overview.dataAt === undefined ? t(overview.ready ? "noData" : "loading") : t("dataAt", { at: shortTime(overview.dataAt, now) })}</span>
        </p>
      </header>
      {stopped === undefined ? null : (
        <p className="screen-stopped" role="alert">
          <strong>{t("stopped", { at: shortTime(stopped, now) })}</strong> {t("stoppedNote")}
        </p>
      )}
      {asked !== "" && city !== "" && asked !== city ? <p className="screen-stopped">{t("otherCity", { asked })}</p> : null}
      {overview.failure ? <FailureNote failure={overview.failure} /> : null}
      <div className="screen-body">
        <Kpis overview={overview} />
        {scene === 0 ? (
          <div className="scene scene-0">
            <Curve />
            <Lamps most={7} />
            <Divisions />
            <Health />
          </div>
        ) : null}
        {scene === 1 ? (
          <div className="scene scene-1">
            <Lamps />
            <Health />
          </div>
        ) : null}
        {scene === 2 ? (
          <div className="scene scene-2">
            <Divisions />
            <Topics />
            <Channels />
          </div>
        ) : null}
      </div>
    </main>
  );
}
