/** The right side: the check list and the keys. A decision waits eight seconds, in which it can be taken back. */
import { Button, Checkbox, Input } from "antd";
import { useRef, useState } from "react";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useWords } from "@shared/i18n/i18n";
import { type Keymap, useKeys } from "@shared/keys/keys";
import { useCommand } from "@shared/rpc/hooks";
import { KeyHint } from "@shared/ui/state";
import { useUndo } from "@shared/ui/undo";
import type { Item } from "./queue";
import { words } from "./words";

const FAULTS = ["not_standard", "not_concrete", "not_complete"] as const;
const HELP = { not_standard: "standardHelp", not_concrete: "concreteHelp", not_complete: "completeHelp" } as const;

interface DecideProps {
  item: Item;
  /** Takes it out of the queue and goes to the next. */
  onSettled: () => void;
  /** Puts it back: taken back by the reviewer, or refused by the service. */
  onRestored: () => void;
}

export function Decide(props: DecideProps) {
  return props.item.kind === "reply" ? <DecideReply {...props} /> : <DecideRequest {...props} />;
}

function DecideReply({ item, onSettled, onRestored }: DecideProps) {
  const t = useWords(words);
  const later = useUndo();
  const review = useCommand(RoutingService.method.reviewReply);
  const [right, setRight] = useState<ReadonlySet<string>>(new Set(FAULTS));
  const [back, setBack] = useState<"supplement" | "redo">();
  const number = item.order.facts?.number ?? "";
  const target = { orderId: item.order.facts?.orderId ?? "", legId: item.leg.facts?.legId ?? "", version: item.order.version };
  const faults = FAULTS.filter((fault) => !right.has(fault));

  const approve = () => {
    later({ label: t("doneReply", { number }), commit: () => review.run({ ...target, approved: true }), restore: onRestored });
    onSettled();
  };
  const sendBack = (reason: string) => {
    later({ label: t("doneBack", { number }), commit: () => review.run({ ...target, approved: false, faults: [...faults], reason }), restore: onRestored });
    onSettled();
  };
  const flip = (fault: string) => {
    const next = new Set(right);
    if (!next.delete(fault)) next.add(fault);
    setRight(next);
  };
  useKeys(
    {
      "1": { label: t("approve"), run: approve },
      "2": { label: t("supplement"), run: () => setBack("supplement") },
      "3": { label: t("redo"), run: () => setBack("redo") },
    } satisfies Keymap,
    { enabled: back === undefined },
  );
  return (
    <aside className="card review-decide" aria-label={t("check")}>
      <h2>{t("check")}</h2>
      <div className="review-checks">
        {FAULTS.map((fault) => (
          <Checkbox key={fault} checked={right.has(fault)} onChange={() => flip(fault)}>
            <strong>{t(fault)}</strong>
            <span className="dim review-help">{t(HELP[fault])}</span>
          </Checkbox>
        ))}
      </div>
      <p className="dim">{t("faultHint")}</p>
      {back ? (
        <Reason
          key={back}
          initial={back === "redo" ? t("redoReason") : ""}
          hint={faults.length === 0 ? t("faultsNeeded") : ""}
          ok={t("send")}
          danger
          onSend={sendBack}
          onCancel={() => setBack(undefined)}
        />
      ) : (
        <div className="review-acts">
          <Button type="primary" size="large" onClick={approve}>
            {t("approve")}
            <KeyHint chord="1" />
          </Button>
          <Button size="large" onClick={() => setBack("supplement")}>
            {t("supplement")}
            <KeyHint chord="2" />
          </Button>
          <Button size="large" danger onClick={() => setBack("redo")}>
            {t("redo")}
            <KeyHint chord="3" />
          </Button>
        </div>
      )}
    </aside>
  );
}

function DecideRequest({ item, onSettled, onRestored }: DecideProps) {
  const t = useWords(words);
  const later = useUndo();
  const decideReturn = useCommand(RoutingService.method.decideReturn);
  const decideExtension = useCommand(RoutingService.method.decideExtension);
  const [yes, setYes] = useState<boolean>();
  const number = item.order.facts?.number ?? "";
  const target = { orderId: item.order.facts?.orderId ?? "", legId: item.leg.facts?.legId ?? "", version: item.order.version };
  const decide = (reason: string) => {
    const what = t(item.kind);
    later({
      label: t(yes ? "doneYes" : "doneNo", { number, what }),
      commit: () => (item.kind === "return" ? decideReturn.run({ ...target, agreed: yes ?? false, reason }) : decideExtension.run({ ...target, granted: yes ?? false, reason })),
      restore: onRestored,
    });
    onSettled();
  };
  useKeys(
    { "1": { label: t("agree"), run: () => setYes(true) }, "2": { label: t("refuse"), run: () => setYes(false) } },
    { enabled: yes === undefined },
  );
  return (
    <aside className="card review-decide" aria-label={t(item.kind)}>
      <h2>{t(item.kind)}</h2>
      {yes === undefined ? (
        <div className="review-acts">
          <Button type="primary" size="large" onClick={() => setYes(true)}>
            {t("agree")}
            <KeyHint chord="1" />
          </Button>
          <Button size="large" danger onClick={() => setYes(false)}>
            {t("refuse")}
            <KeyHint chord="2" />
          </Button>
        </div>
      ) : (
        <Reason key={String(yes)} initial="" hint="" ok={t(yes ? "agree" : "refuse")} danger={!yes} onSend={decide} onCancel={() => setYes(undefined)} />
      )}
    </aside>
  );
}

interface ReasonProps {
  initial: string;
  /** What is still to be done before it may be sent; empty for nothing. */
  hint: string;
  ok: string;
  danger: boolean;
  onSend: (reason: string) => void;
  onCancel: () => void;
}

function Reason({ initial, hint, ok, danger, onSend, onCancel }: ReasonProps) {
  const t = useWords(words);
  const [reason, setReason] = useState(initial);
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const empty = reason.trim() === "" || reason.trim() === initial.trim();
  const send = () => {
    if (hint !== "" || empty) {
      setTried(true);
      if (empty) field.current?.focus();
      return;
    }
    onSend(reason.trim());
  };
  useKeys({ "mod+enter": { label: ok, run: send }, escape: { label: t("cancel"), run: onCancel } });
  return (
    <div className="review-reason">
      <label htmlFor="review-reason">{t("reason")}</label>
      <Input.TextArea
        id="review-reason"
        ref={(found) => void (field.current = found?.resizableTextArea?.textArea ?? null)}
        autoFocus
        value={reason}
        maxLength={2000}
        rows={4}
        onChange={(event) => setReason(event.target.value)}
      />
      {tried && (hint !== "" || empty) ? (
        <p className="review-wrong" role="alert">
          {hint || t("reasonNeeded")}
        </p>
      ) : null}
      <div className="review-acts">
        <Button type="primary" danger={danger} onClick={send}>
          {ok}
          <KeyHint chord="mod+enter" />
        </Button>
        <Button onClick={onCancel}>{t("cancel")}</Button>
      </div>
    </div>
  );
}
