/** Decides on a unit's request from the list: what it asks and why, agreed or refused, with the reason. */
import { type Leg, type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, Radio } from "antd";
import { useWords } from "@shared/i18n/i18n";
import { call } from "@shared/rpc/hooks";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { useHeld } from "@shared/ui/useHeld";
import { words as actWords } from "../order/actions/words";
import { LegCard } from "../order/LegCard";
import { words } from "./words";

interface Values {
  agreed: boolean;
  reason: string;
}

interface DecideDrawerProps {
  order: Order;
  onClose: () => void;
  onSent: () => void;
  onRestore: () => void;
}

export function DecideDrawer({ order, onClose, onSent, onRestore }: DecideDrawerProps) {
  const t = useWords(words);
  const a = useWords(actWords);
  const hold = useHeld();
  const client = useQueryClient();
  const leg = order.legs.find((one) => one.returnRequest ?? one.extensionRequest);
  if (!leg?.facts) return null;
  const isReturn = leg.returnRequest !== undefined;
  const orderId = order.facts?.orderId ?? "";
  const label = a(isReturn ? "decideReturn" : "decideExtension", { unit: leg.unitName });
  const draft = `decide.${leg.facts.legId}`;
  const submit = async ({ agreed, reason }: Values) => {
    onSent();
    hold({
      draft,
      values: { agreed, reason },
      label: `${label} · ${agreed ? a("agree") : a("refuse")} · ${order.facts?.number}`,
      run: async () => {
        await decide(leg, orderId, isReturn, agreed, reason);
        await client.invalidateQueries({ queryKey: ["rpc"] });
        onRestore();
      },
      reopen: onRestore,
    });
  };
  return (
    <ActionDrawer<Values> open title={`${label} · ${order.facts?.number}`} draft={draft} initial={{}} okText={t("decideOne")} onClose={onClose} submit={submit}>
      <p className="pre drawer-matter">
        <strong>{order.title}</strong>
        {"\n"}
        {order.content}
      </p>
      <LegCard leg={leg} order={order} />
      <Form.Item name="agreed" label={a("agreed")} rules={[{ required: true }]}>
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          options={[
            { value: true, label: a("agree") },
            { value: false, label: a("refuse") },
          ]}
        />
      </Form.Item>
      <Form.Item name="reason" label={a("reason")} rules={[{ required: true }]}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </ActionDrawer>
  );
}

function decide(leg: Leg, orderId: string, isReturn: boolean, agreed: boolean, reason: string): Promise<unknown> {
  const legId = leg.facts?.legId ?? "";
  return isReturn
    ? call(RoutingService.method.decideReturn, { orderId, legId, agreed, reason })
    : call(RoutingService.method.decideExtension, { orderId, legId, granted: agreed, reason });
}
