/** 工单详情: one matter with its facts, its timeline, all its clocks and both lanes; what may be done stands at the top. */
import { FileTextOutlined, PrinterOutlined } from "@ant-design/icons";
import { SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import { useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useWords } from "@shared/i18n/i18n";
import { useReportPresence } from "@shared/live/useReportPresence";
import { useRpc } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";
import { useNow } from "@shared/time/clock";
import { dateTime } from "@shared/time/format";
import { DetailLayout } from "@shared/ui/DetailLayout";
import { FailureNote, StateTag } from "@shared/ui/state";
import { Notice } from "@shared/ui/Notice";
import { Waiting } from "@shared/ui/Waiting";
import { appealStates, orderStates, useNames } from "@shared/words/enums";
import { ActionBar } from "./actions/ActionBar";
import { useEditing } from "./actions/editing";
import { ClocksCard } from "./ClocksCard";
import { FactsCard } from "./FactsCard";
import { LanesCard } from "./LanesCard";
import { PeopleHere } from "./PeopleHere";
import { TimelineCard } from "./TimelineCard";
import { appealTone, orderTone } from "./tones";
import { type Matter, useOrder } from "./useOrder";
import { words } from "./words";
import "./order.css";

export default function OrderPage() {
  const { no } = useParams({ strict: false }) as { no: string };
  const t = useWords(words);
  const matter = useOrder(no);
  const clocked = useMay(SlaTimerService.method.explainClocks);
  const clocks = useRpc(SlaTimerService.method.explainClocks, { orderId: matter.id }, { enabled: clocked && matter.order !== undefined });
  useReportPresence(matter.id, useEditing());

  if (matter.loading) return <Waiting rows={12} />;
  if (matter.id === "") {
    return <Notice title={t("none", { no })}>{matter.failure ? <FailureNote failure={matter.failure} /> : null}</Notice>;
  }
  return (
    <>
      <PrintHead number={matter.number} />
      <DetailLayout
        head={<Head matter={matter} />}
        left={<FactsCard matter={matter} />}
        middle={
          <>
            {matter.order ? <LanesCard order={matter.order} /> : null}
            <TimelineCard matter={matter} />
          </>
        }
        right={matter.order && clocked ? <ClocksCard query={clocks} order={matter.order} /> : undefined}
      />
    </>
  );
}

function Head({ matter }: { matter: Matter }) {
  const t = useWords(words);
  const name = useNames();
  const { order, appeal } = matter;
  return (
    <>
      <div className="page-head">
        <h1>{matter.title}</h1>
        {order ? (
          <StateTag tone={orderTone(order.state)}>{name(orderStates, order.state)}</StateTag>
        ) : appeal ? (
          <StateTag tone={appealTone(appeal.state)}>{name(appealStates, appeal.state)}</StateTag>
        ) : null}
        <span className="num dim">{matter.number}</span>
        <span className="grow" />
        <PeopleHere orderId={matter.id} />
        {order?.opinionIssuedAt ? (
          <Button icon={<FileTextOutlined />} href={`/papers/orders/${matter.number}/opinion`} target="_blank" className="no-print">
            {t("printOpinion")}
          </Button>
        ) : null}
        <Button icon={<PrinterOutlined />} onClick={() => window.print()} className="no-print">
          {t("print")}
        </Button>
      </div>
      {matter.failure ? <FailureNote failure={matter.failure} /> : null}
      <ActionBar matter={matter} />
    </>
  );
}

/** Stands only on paper. */
function PrintHead({ number }: { number: string }) {
  const t = useWords(words);
  const now = useNow();
  return (
    <div className="print-head" aria-hidden="true">
      <strong>{t("tracking")}</strong>
      <span className="num">{number}</span>
      <span>{t("printed", { at: dateTime(now) })}</span>
    </div>
  );
}
