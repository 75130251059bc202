/** The appellant's number, asked for with its purpose and recorded, as a link that calls; where the contract lets units see it. */
import { getOption } from "@bufbuild/protobuf";
import { Button } from "antd";
import { useState } from "react";
import { access } from "@gen/hotline/auth/v1/access_pb";
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { useWords } from "@shared/i18n/i18n";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { call } from "@shared/rpc/hooks";
import { useSession } from "@shared/session/session";
import { FailureNote } from "@shared/ui/state";
import { formWords } from "./words";

export function CallLink({ orderId }: { orderId: string }) {
  const t = useWords(formWords);
  const { roles } = useSession();
  const may = getOption(IntakeService.method.revealAppellant, access).roles.some((role) => roles.includes(role));
  const [number, setNumber] = useState<string>();
  const [failure, setFailure] = useState<RpcFailure>();
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    setFailure(undefined);
    try {
      const answer = await call(IntakeService.method.revealAppellant, { appealId: orderId, reason: t("phoneReasonValue") });
      setNumber(answer.appellant?.telephone ?? "");
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setAsking(false);
    }
  };
  if (!may) return <p className="dim">{t("phoneClosed")}</p>;
  return (
    <div className="leg-call">
      {number === undefined ? (
        <Button loading={asking} onClick={() => void ask()}>
          {t("showPhone")}
        </Button>
      ) : (
        <a href={`tel:${number}`}>{t("call", { number })}</a>
      )}
      {failure ? <FailureNote failure={failure} /> : null}
    </div>
  );
}
