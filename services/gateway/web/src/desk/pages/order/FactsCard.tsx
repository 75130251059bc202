/** Who asks what, where and how it came in; personal data masked until somebody gives a reason. */
import type { Appellant } from "@gen/hotline/intake/v1/intake_pb";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useWords } from "@shared/i18n/i18n";
import { usePerson } from "@shared/people/usePerson";
import { useNow } from "@shared/time/clock";
import { dateTime, msOf, shortTime } from "@shared/time/format";
import { StateTag } from "@shared/ui/state";
import { appealTypes, channels, urgencies, useNames } from "@shared/words/enums";
import { useSession } from "@shared/session/session";
import { asWritten } from "@shared/words/phone";
import { useGuideNames } from "../intake/useGuide";
import { isTold } from "../unit/legs";
import { Reveal, useRevealed } from "./Reveal";
import type { Matter } from "./useOrder";
import { words } from "./words";

export function FactsCard({ matter }: { matter: Matter }) {
  const t = useWords(words);
  const name = useNames();
  const guide = useGuideNames();
  const now = useNow();
  const { appeal, order } = matter;
  const registrar = usePerson(appeal?.registeredBy ?? "");
  const revealed = useRevealed(matter.id);
  const facts = order?.facts;
  const { unitId } = useSession();
  // The platform's people read the register; a unit is shown whom its order is about, unless that is a secret.
  const shown = appeal ? !appeal.appellant?.anonymous : order !== undefined && isTold(order, unitId);
  const appellant = revealed.data?.appellant ?? appeal?.appellant;
  const enterprise = appellant?.enterprise ?? order?.enterprise;
  const labels = appeal?.labels ?? facts?.labels ?? [];
  const lines: [string, ReactNode][] = [
    [t("type"), name(appealTypes, appeal?.type ?? facts?.type ?? 0)],
    [t("urgency"), name(urgencies, appeal?.urgency ?? facts?.urgency ?? 0)],
    [t("category"), guide.category(appeal?.category ?? facts?.category ?? "")],
    [t("place"), revealed.data?.incidentPlace ?? appeal?.incidentPlace ?? ""],
    [t("division"), guide.division(appeal?.division ?? facts?.division ?? "")],
    [t("when"), dateTime(msOf(appeal?.incidentTime))],
    [t("channel"), name(channels, appeal?.channel ?? facts?.channel ?? 0)],
    [t("source"), appeal?.source ? `${appeal.source} ${appeal.sourceReference}` : ""],
    [t("registered"), appeal ? t("by", { at: shortTime(msOf(appeal.registeredAt), now), who: registrar }) : shortTime(msOf(order?.openedAt), now)],
    [t("earlier"), appeal && appeal.earlierAppeals > 0 ? t("times", { n: appeal.earlierAppeals }) : ""],
    [t("disposition"), appeal?.disposition ?? ""],
    [t("policy"), appeal?.policyId ?? facts?.policyId ?? ""],
  ];
  const urged = appeal?.urgeCount ?? order?.urgeCount ?? 0;
  return (
    <>
      <section className="card" aria-labelledby="facts">
        <h2 id="facts">{t("facts")}</h2>
        <p className="tags">
          {labels.map((label) => (
            <StateTag key={label} tone="info">
              {label === "enterprise" ? t("enterprise") : label}
            </StateTag>
          ))}
          {appeal?.sensitive ? <StateTag tone="bad">{t("sensitive")}</StateTag> : null}
          {(appellant?.confidential ?? order?.confidential) ? <StateTag tone="warn">{t("confidential")}</StateTag> : null}
          {appeal?.callerMarked ? <StateTag tone="bad">{t("marked")}</StateTag> : null}
          {urged > 0 ? <StateTag tone="warn">{t("urged", { n: urged })}</StateTag> : null}
        </p>
        <dl className="facts">
          {lines.map(([label, value]) => (value ? <Fact key={label} label={label} value={value} /> : null))}
          {appeal?.mergedInto ? (
            <Fact label={t("mergedInto")} value={<Link to={`/orders/${appeal.mergedInto}` as never}>{t("open")}</Link>} />
          ) : null}
        </dl>
      </section>
      <section className="card" aria-labelledby="content">
        <h2 id="content">{t("content")}</h2>
        <p className="pre content">{appeal?.content ?? order?.content}</p>
      </section>
      <section className="card" aria-labelledby="appellant">
        <h2 id="appellant">{t("appellant")}</h2>
        <dl className="facts">
          {appellant ? <Person appellant={appellant} /> : null}
          {enterprise ? <Fact label={t("enterprise")} value={enterprise.name} /> : null}
          {enterprise?.creditCode ? <Fact label={t("creditCode")} value={<span className="num">{enterprise.creditCode}</span>} /> : null}
        </dl>
        {shown ? <Reveal appealId={matter.id} revealed={revealed} /> : null}
      </section>
    </>
  );
}

function Person({ appellant }: { appellant: Appellant }) {
  const t = useWords(words);
  const lines: [string, string][] = [
    [t("appellant"), appellant.anonymous ? t("anonymous") : appellant.name],
    [t("telephone"), asWritten(appellant.telephone)],
    [t("identity"), appellant.identityNumber],
    [t("address"), appellant.address],
  ];
  return lines.map(([label, value]) => (value ? <Fact key={label} label={label} value={<span className="num">{value}</span>} /> : null));
}

function Fact({ label, value }: { label: string; value: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
