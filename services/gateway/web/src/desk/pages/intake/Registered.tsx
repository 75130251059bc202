/** What was registered: its number, the tracking code to read out, earlier appeals to judge, and what becomes of it. */
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { Link } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { call, useRpc } from "@shared/rpc/hooks";
import { StateTag } from "@shared/ui/state";
import { useUndo } from "@shared/ui/undo";
import { appealStates, useNames } from "@shared/words/enums";
import { appealTone } from "../order/tones";
import { decides, Disposals } from "./disposals/Disposals";
import { useSession } from "@shared/session/session";
import type { Outcome } from "./IntakePage";
import { words } from "./words";

export function Registered({ outcome, onNext }: { outcome: Outcome; onNext: () => void }) {
  const t = useWords(words);
  const name = useNames();
  const later = useUndo();
  const session = useSession();
  const { answer } = outcome;
  const [appeal, setAppeal] = useState(answer.appeal);
  const earlier = useRpc(IntakeService.method.listEarlierAppeals, { appealId: appeal?.appealId ?? "" }, { enabled: appeal !== undefined });
  if (!appeal) return null;
  const open = decides(appeal, session.roles);
  const merge = (intoAppealId: string, into: string) =>
    later({
      label: t("merging", { number: appeal.number, into }),
      commit: async () => {
        const merged = await call(IntakeService.method.mergeAppeal, { appealId: appeal.appealId, version: appeal.version, intoAppealId });
        setAppeal(merged.appeal);
      },
    });
  return (
    <>
      <section className="card registered" aria-live="polite">
        <h2>
          {t("registered", { number: appeal.number })} <StateTag tone={appealTone(appeal.state)}>{name(appealStates, appeal.state)}</StateTag>
        </h2>
        {answer.replayed ? <p className="dim">{t("replayed")}</p> : null}
        {answer.trackingCode ? (
          <p>
            {t("tracking")} <strong className="tracking num">{answer.trackingCode}</strong>
          </p>
        ) : null}
        {answer.callerMark ? <Alert type="warning" showIcon title={t("marked", { evidence: answer.callerMark.evidence })} /> : null}
        {open ? <p className="dim">{t("disposeNow")}</p> : null}
        <div className="actions">
          <Disposals
            appeal={appeal}
            {...(outcome.begin ? { begin: outcome.begin } : {})}
            {...(outcome.preset ? { preset: outcome.preset } : {})}
            {...(outcome.said ? { said: outcome.said } : {})}
            onDone={setAppeal}
          />
          <Link to={`/orders/${appeal.number}` as never}>{t("openOrder")}</Link>
          <Button type={open ? "default" : "primary"} onClick={onNext}>
            {t("next")}
          </Button>
        </div>
      </section>
      {earlier.data && earlier.data.candidates.length > 0 ? (
        <section className="card" aria-labelledby="earlier">
          <h2 id="earlier">{t("earlier")}</h2>
          <ul className="rail-list">
            {earlier.data.candidates.map(({ appeal: other, likeness, sameCategory, samePlace, answered }) =>
              other ? (
                <li key={other.appealId}>
                  <Link to={`/orders/${other.number}` as never}>{other.title}</Link> <StateTag tone={appealTone(other.state)}>{name(appealStates, other.state)}</StateTag>{" "}
                  <span className="dim num">
                    {t("likeness", { n: likeness })}
                    {sameCategory ? ` · ${t("sameCategory")}` : ""}
                    {samePlace ? ` · ${t("samePlace")}` : ""}
                    {answered ? ` · ${t("answered")}` : ""}
                  </span>
                  {open && !answered ? (
                    <Button size="small" onClick={() => merge(other.appealId, other.number)}>
                      {t("merge")}
                    </Button>
                  ) : null}
                </li>
              ) : null,
            )}
          </ul>
        </section>
      ) : null}
    </>
  );
}
