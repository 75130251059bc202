/** Acts of the reader's own unit on its leg: the workbench's forms, with the time for which each is open on its button. */
import { LegState, type RequestForm, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Tooltip } from "antd";
import { lazy, Suspense, useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { useOutbox } from "@shared/offline/useOutbox";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useSession } from "@shared/session/session";
import { useNow } from "@shared/time/clock";
import { msOf, span } from "@shared/time/format";
import { FailureNote, KeyHint } from "@shared/ui/state";
import type { Form } from "../../unit/LegForms";
import { awaitsMe, ownLeg, type Work } from "../../unit/legs";
import { useForms } from "../../unit/LegSheet";
import type { Matter } from "../useOrder";
import { useMarkEditing } from "./editing";
import { words } from "./words";

// The forms come when one is opened: most readers of an order are of no unit.
const LegForms = lazy(() => import("../../unit/LegForms").then(({ LegForms: forms }) => ({ default: forms })));

/** The acts; nothing for a reader whose unit has no open leg here. */
export function UnitActs({ matter }: { matter: Matter }) {
  const session = useSession();
  const staff = session.roles.some((role) => role === "unit_clerk" || role === "unit_section" || role === "unit_leader");
  const leg = matter.order && staff && session.unitId !== "" ? ownLeg(matter.order, session.unitId) : undefined;
  return matter.order && leg ? <OwnActs work={{ order: matter.order, leg, clock: undefined }} /> : null;
}

function OwnActs({ work }: { work: Work }) {
  const t = useWords(words);
  const session = useSession();
  const client = useQueryClient();
  const outbox = useOutbox();
  const forms = useForms(work);
  const [form, setForm] = useState<Form>();
  const [said, setSaid] = useState("");
  const [failure, setFailure] = useState<RpcFailure>();
  const [busy, setBusy] = useState(false);
  useMarkEditing(form !== undefined);
  const { order, leg } = work;
  const legId = leg.facts?.legId ?? "";
  const orderId = order.facts?.orderId ?? "";
  const toSign = leg.state === LegState.TO_SIGN;
  const working = leg.state === LegState.SIGNED || leg.state === LegState.SENT_BACK;
  const sign = () => {
    setBusy(true);
    setFailure(undefined);
    const label = `${t("sign")} ${order.facts?.number ?? ""}`;
    outbox
      .submit(RoutingService.method.signLeg, { orderId, legId, version: order.version }, { label, orderId, legId })
      .then(() => client.invalidateQueries({ queryKey: ["rpc"] }))
      .catch((thrown: unknown) => setFailure(failureOf(thrown)))
      .finally(() => setBusy(false));
  };
  useKeys({ s: { label: t("sign"), run: sign } }, { enabled: toSign });
  return (
    <>
      {failure ? <FailureNote failure={failure} /> : null}
      {toSign ? (
        <Button type="primary" loading={busy} onClick={sign}>
          {t("sign")}
          <KeyHint chord="s" />
        </Button>
      ) : null}
      {working && !leg.contactedAt ? (
        <Button type="primary" onClick={() => setForm("contact")}>
          {t("contact")}
        </Button>
      ) : null}
      {working ? (
        <Button type={leg.contactedAt ? "primary" : "default"} onClick={() => setForm("reply")}>
          {t("reply")}
        </Button>
      ) : null}
      {toSign || working ? (
        <>
          <WindowButton label={t("return")} left="canReturn" form={forms?.giveBack} onPress={() => setForm("return")} />
          <WindowButton label={t("extension")} left="canExtend" form={forms?.extension} onPress={() => setForm("extend")} />
        </>
      ) : null}
      {awaitsMe(leg, session.roles) ? (
        <>
          <Button type="primary" onClick={() => setForm("approve")}>
            {t("approve")}
          </Button>
          <Button onClick={() => setForm("withhold")}>{t("withhold")}</Button>
        </>
      ) : null}
      <span className="dim" role="status">
        {said}
      </span>
      {form ? (
        <Suspense>
          <LegForms form={form} work={work} outbox={outbox} onSaid={setSaid} onClose={() => setForm(undefined)} />
        </Suspense>
      ) : null}
    </>
  );
}

interface WindowButtonProps {
  label: string;
  left: "canReturn" | "canExtend";
  form: RequestForm | undefined;
  onPress: () => void;
}

/** A button that shows how long it may still be pressed; gone once that is over, grey with the reason while it is barred. */
function WindowButton({ label, left, form, onPress }: WindowButtonProps) {
  const t = useWords(words);
  const now = useNow();
  if (!form) return null;
  const rest = form.closesAt ? (msOf(form.closesAt) ?? 0) - now : undefined;
  if (rest !== undefined && rest <= 0) return null;
  const barred = !form.open;
  return (
    <Tooltip title={barred ? form.barredText : ""}>
      <Button aria-disabled={barred} className={barred ? "act-barred" : ""} onClick={() => !barred && onPress()}>
        {label}
        {!barred && rest !== undefined ? <span className="num countdown">{t(left, { span: span(rest) })}</span> : null}
      </Button>
    </Tooltip>
  );
}
