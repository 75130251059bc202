/** The appellant's number, asked for with a reason, which is recorded, as a link that calls; closed where the appellant asked for secrecy. */
import { Button, Input, Space } from "antd";
import { useState } from "react";
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import type { Order } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { call } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";
import { useSession } from "@shared/session/session";
import { FailureNote } from "@shared/ui/state";
import { asWritten } from "@shared/words/phone";
import { isTold } from "./legs";
import { formWords } from "./words";

/** Fewest characters of a reason. */
const REASON_MIN = 4;

export function CallLink({ order }: { order: Order }) {
  const t = useWords(formWords);
  const may = useMay(IntakeService.method.revealAppellant);
  const { unitId } = useSession();
  const [reason, setReason] = useState(t("phoneReasonValue"));
  const [number, setNumber] = useState<string>();
  const [failure, setFailure] = useState<RpcFailure>();
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    setFailure(undefined);
    try {
      const answer = await call(IntakeService.method.revealAppellant, { appealId: order.facts?.orderId ?? "", reason });
      setNumber(answer.appellant?.telephone ?? "");
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setAsking(false);
    }
  };
  if (!may) return null;
  if (!isTold(order, unitId)) return <p className="dim">{t("phoneSecret")}</p>;
  if (number === "") return <p className="dim">{t("noPhone")}</p>;
  if (number !== undefined) {
    return (
      <p className="leg-call">
        <a className="num" href={`tel:${number}`}>
          {t("call", { number: asWritten(number) })}
        </a>
      </p>
    );
  }
  return (
    <div className="leg-call">
      <Space.Compact block>
        <Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} aria-label={t("phoneReason")} title={t("phoneReason")} />
        <Button loading={asking} disabled={reason.trim().length < REASON_MIN} onClick={() => void ask()}>
          {t("showPhone")}
        </Button>
      </Space.Compact>
      {failure ? <FailureNote failure={failure} /> : null}
    </div>
  );
}
