/** Where the agent sits: calls of that seat ring at this desk. */
import { CallService } from "@gen/hotline/intake/v1/call_pb";
import { Button, Input, Popover, Space } from "antd";
import { useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { useSession } from "@shared/session/session";
import { FailureNote } from "@shared/ui/state";
import { words } from "./words";

export function SeatBox() {
  const t = useWords(words);
  const session = useSession();
  const seats = useRpc(CallService.method.listSeats, {});
  const take = useCommand(CallService.method.takeSeat);
  const leave = useCommand(CallService.method.leaveSeat);
  const [number, setNumber] = useState("");
  const [failure, setFailure] = useState<RpcFailure>();
  const mine = seats.data?.seats.find(({ agent }) => agent === session.accountId)?.seat;
  const attempt = (work: Promise<unknown>) => {
    setFailure(undefined);
    work.catch((thrown: unknown) => setFailure(failureOf(thrown)));
  };
  const content = (
    <Space orientation="vertical" style={{ width: 260 }}>
      {failure ? <FailureNote failure={failure} /> : null}
      <Space.Compact>
        <Input value={number} maxLength={32} aria-label={t("seatNumber")} placeholder={t("seatNumber")} onChange={(event) => setNumber(event.target.value)} />
        <Button type="primary" disabled={number.trim() === ""} loading={take.pending} onClick={() => attempt(take.run({ seat: number.trim() }))}>
          {t("seatTake")}
        </Button>
      </Space.Compact>
      {mine ? (
        <Button loading={leave.pending} onClick={() => attempt(leave.run({}))}>
          {t("seatLeave")}
        </Button>
      ) : null}
    </Space>
  );
  return (
    <Popover trigger="click" content={content} placement="bottomLeft">
      <Button>{mine ? t("seatNow", { seat: mine }) : t("seatNone")}</Button>
    </Popover>
  );
}
