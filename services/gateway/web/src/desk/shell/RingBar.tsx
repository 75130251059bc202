/** 来电弹屏: a call that rings at the reader's seat, on whatever page they are. */
import { PhoneOutlined } from "@ant-design/icons";
import { RingState } from "@gen/hotline/gateway/v1/desk_pb";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { defineWords, useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { useRings } from "@shared/live/live";
import type { RingHint } from "@shared/live/messages";
import { KeyHint } from "@shared/ui/state";

const words = defineWords({
  ringing: ["来电 {number}", "Call from {number}"],
  seat: ["座席 {seat}", "seat {seat}"],
  take: ["登记诉求", "Register"],
  later: ["稍后", "Later"],
});

export function RingBar() {
  const t = useWords(words);
  const navigate = useNavigate();
  const [ring, setRing] = useState<RingHint>();
  useRings((heard) => {
    if (heard.state === RingState.RINGING) setRing(heard);
    else setRing((before) => (before?.callId === heard.callId ? undefined : before));
  });
  const take = () => {
    if (!ring) return;
    setRing(undefined);
    void navigate({ to: "/intake" as never, search: { call: ring.callId } as never });
  };
  useKeys({ f2: { label: t("take"), run: take } }, { enabled: ring !== undefined });
  if (!ring) return null;
  return (
    <div className="ring" role="alert">
      <PhoneOutlined aria-hidden="true" />
      <strong>{t("ringing", { number: ring.maskedNumber })}</strong>
      {ring.seat ? <span>{t("seat", { seat: ring.seat })}</span> : null}
      <span className="grow" />
      <Button type="primary" onClick={take}>
        {t("take")}
        <KeyHint chord="f2" />
      </Button>
      <Button onClick={() => setRing(undefined)}>{t("later")}</Button>
    </div>
  );
}
