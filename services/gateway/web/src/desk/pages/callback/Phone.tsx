/** The appellant's number: shown for a purpose, which is recorded, and as a link that calls. */
import { Button, Input, Space } from "antd";
import { useState } from "react";
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { useWords } from "@shared/i18n/i18n";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { call } from "@shared/rpc/hooks";
import { FailureNote } from "@shared/ui/state";
import { asWritten } from "@shared/words/phone";
import { words } from "./words";

export function Phone({ appealId }: { appealId: string }) {
  const t = useWords(words);
  const [reason, setReason] = useState(t("revealDefault"));
  const [number, setNumber] = useState<string>();
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<RpcFailure>();
  const ask = async () => {
    setAsking(true);
    setFailure(undefined);
    try {
      setNumber((await call(IntakeService.method.revealAppellant, { appealId, reason })).appellant?.telephone ?? "");
    } catch (thrown) {
      setFailure(failureOf(thrown));
    } finally {
      setAsking(false);
    }
  };
  if (number !== undefined) {
    return (
      <a className="call-number num" href={`tel:${number}`}>
        {t("call", { number: asWritten(number) })}
      </a>
    );
  }
  return (
    <div>
      <Space.Compact>
        <Input value={reason} onChange={(event) => setReason(event.target.value)} aria-label={t("revealReason")} title={t("revealReason")} style={{ width: 180 }} />
        <Button loading={asking} disabled={reason.trim().length < 4} onClick={() => void ask()}>
          {t("reveal")}
        </Button>
      </Space.Compact>
      {failure ? <FailureNote failure={failure} /> : null}
    </div>
  );
}
