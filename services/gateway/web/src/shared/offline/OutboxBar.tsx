/** Says how much waits to be sent, and lets the person settle what met a changed order. */
import { Button } from "antd";
import { defineWords, useWords } from "../i18n/i18n";
import { useNow } from "../time/clock";
import { shortTime } from "../time/format";
import { useOnline } from "./useOnline";
import type { Outbox } from "./useOutbox";
import "./outbox.css";

const words = defineWords({
  offline: ["当前没有网络，仍可办理，恢复后自动提交", "No network. You can work on; everything is sent when it is back"],
  waiting: ["{n} 条待提交", "{n} waiting to be sent"],
  send: ["立即提交", "Send now"],
  conflict: ["未提交：工单已有变化", "Not sent: the order has changed"],
  refused: ["未提交：{why}", "Not sent: {why}"],
  again: ["按现状重新提交", "Send as it stands now"],
  drop: ["放弃", "Discard"],
  list: ["待提交", "Waiting"],
});

export function OutboxBar({ outbox }: { outbox: Outbox }) {
  const t = useWords(words);
  const now = useNow();
  const online = useOnline();
  const { waiting, sending } = outbox;
  if (online && waiting.length === 0) return null;
  return (
    <section className="outbox" role="status" aria-label={t("list")}>
      <div className="outbox-head">
        <strong>{waiting.length > 0 ? t("waiting", { n: waiting.length }) : t("offline")}</strong>
        {online && waiting.some(({ state }) => state === "waiting") ? (
          <Button loading={sending} onClick={() => void outbox.flush()}>
            {t("send")}
          </Button>
        ) : null}
      </div>
      {!online && waiting.length > 0 ? <p className="outbox-note">{t("offline")}</p> : null}
      <ul>
        {waiting.map((one) => (
          <li key={one.id}>
            <span className="outbox-label">
              {one.label} <span className="num">{shortTime(one.at, now)}</span>
            </span>
            {one.state === "waiting" ? null : (
              <>
                <span className="outbox-why">{one.state === "conflict" ? t("conflict") : t("refused", { why: one.why })}</span>
                <span className="outbox-acts">
                  <Button onClick={() => void outbox.again(one)}>{t("again")}</Button>
                  <Button onClick={() => void outbox.drop(one.id)}>{t("drop")}</Button>
                </span>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
