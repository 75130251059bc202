/** Personal data in clear: for a reason, for a minute, and recorded by the service. */
import { IntakeService, type RevealAppellantResponse } from "@gen/hotline/intake/v1/intake_pb";
import { Button, Form, Input, Space } from "antd";
import { useEffect, useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useCommand } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";
import { FailureNote } from "@shared/ui/state";
import { words } from "./words";

/** Seconds for which the data stays in clear. */
const SHOWN_S = 60;

/** What was revealed of one appeal, until it is hidden. */
export function useRevealed(appealId: string) {
  const [data, setData] = useState<RevealAppellantResponse>();
  const [left, setLeft] = useState(0);
  useEffect(() => setData(undefined), [appealId]);
  useEffect(() => {
    if (!data) return;
    setLeft(SHOWN_S);
    const timer = setInterval(() => setLeft((before) => before - 1), 1000);
    const hide = setTimeout(() => setData(undefined), SHOWN_S * 1000);
    return () => {
      clearInterval(timer);
      clearTimeout(hide);
    };
  }, [data]);
  return { data, left, show: setData, hide: () => setData(undefined) };
}

interface RevealProps {
  appealId: string;
  revealed: ReturnType<typeof useRevealed>;
}

export function Reveal({ appealId, revealed }: RevealProps) {
  const t = useWords(words);
  const may = useMay(IntakeService.method.revealAppellant);
  const reveal = useCommand(IntakeService.method.revealAppellant);
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<RpcFailure>();
  if (!may) return null;
  if (revealed.data) {
    return (
      <p className="reveal no-print">
        <span className="dim num">{t("revealed", { n: revealed.left })}</span> <Button onClick={revealed.hide}>{t("hide")}</Button>
      </p>
    );
  }
  if (!asking) {
    return (
      <p className="reveal no-print">
        <Button onClick={() => setAsking(true)}>{t("reveal")}</Button>
      </p>
    );
  }
  const send = ({ reason }: { reason: string }) => {
    setFailure(undefined);
    reveal
      .run({ appealId, reason })
      .then((answer) => {
        setAsking(false);
        revealed.show(answer);
      })
      .catch((thrown: unknown) => setFailure(failureOf(thrown)));
  };
  return (
    <Form layout="vertical" className="reveal no-print" onFinish={send}>
      {failure ? <FailureNote failure={failure} /> : null}
      <Form.Item name="reason" label={t("revealWhy")} extra={t("revealNote")} rules={[{ required: true, min: 4 }]}>
        <Input autoFocus maxLength={200} />
      </Form.Item>
      <Space>
        <Button type="primary" htmlType="submit" loading={reveal.pending}>
          {t("reveal")}
        </Button>
        <Button onClick={() => setAsking(false)}>{t("hide")}</Button>
      </Space>
    </Form>
  );
}
