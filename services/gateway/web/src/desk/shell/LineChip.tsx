/** How the line to the services is, in words; quiet while it is well. */
import { Button } from "antd";
import { defineWords, useWords } from "@shared/i18n/i18n";
import { retryLine, useLine } from "@shared/live/live";

const words = defineWords({
  live: ["实时", "Live"],
  connecting: ["正在连接", "Connecting"],
  lagging: ["数据可能滞后 {n} 秒", "may lag by {n} s"],
  down: ["连接中断，正在重连", "Line cut, reconnecting"],
  signed_out: ["登录已失效", "Signed out"],
  retry: ["立即重连", "Try now"],
});

/** The chip. */
export function LineChip() {
  const t = useWords(words);
  const line = useLine();
  return (
    <span className={`line line-${line.state}`} role="status">
      <span className="line-dot" aria-hidden="true" />
      {t(line.state, { n: line.busLagSeconds })}
      {line.state === "down" ? (
        <Button size="small" onClick={retryLine}>
          {t("retry")}
        </Button>
      ) : null}
    </span>
  );
}
