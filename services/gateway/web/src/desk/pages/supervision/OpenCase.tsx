/** A case opened by hand: of an order, or of none. */
import { Form, Input } from "antd";
import { useRef } from "react";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useWords } from "@shared/i18n/i18n";
import { call, useCommand } from "@shared/rpc/hooks";
import { newIdempotencyKey } from "@shared/rpc/transport";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { Choice, Words } from "./CaseForms";
import { useCity, useRules } from "./rules";
import { useUnits } from "./useBoard";
import { caseWords } from "./words";

interface Values {
  order?: string;
  unitId: string;
  class: string;
  source?: string;
  title: string;
  reason: string;
}

export function OpenCase({ open, onClose, onOpened }: { open: boolean; onClose: () => void; onOpened: (number: string) => void }) {
  const t = useWords(caseWords);
  const city = useCity();
  const rules = useRules();
  const units = useUnits().map(({ unitId, name }) => ({ value: unitId, label: name }));
  const command = useCommand(SupervisionService.method.openCase);
  const key = useRef(newIdempotencyKey());
  const named = (kind: string) => rules.of(kind).map(({ code, name }) => ({ value: code, label: name }));
  const submit = async ({ order, ...values }: Values) => {
    const number = order?.trim() ?? "";
    const id = number === "" ? "" : ((await call(RoutingService.method.getOrder, { order: number })).order?.facts?.orderId ?? "");
    const answer = await command.run({ ...values, city, order: id, idempotencyKey: key.current });
    key.current = newIdempotencyKey();
    onOpened(answer.case?.number ?? "");
  };
  return (
    <ActionDrawer<Values> open={open} title={t("openTitle")} draft="case.new" initial={{}} okText={t("openTitle")} onClose={onClose} submit={submit}>
      <Form.Item name="order" label={t("orderNumber")}>
        <Input maxLength={40} />
      </Form.Item>
      <Choice t={t} name="unitId" label={t("unit")} options={units} required />
      <Choice t={t} name="class" label={t("class")} options={named("supervise")} required />
      <Choice t={t} name="source" label={t("source")} options={named("oversight")} required={rules.of("oversight").length > 0} />
      <Form.Item name="title" label={t("title")} rules={[{ required: true, whitespace: true, message: `${t("needs")}${t("title")}` }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Words t={t} name="reason" label={t("reason")} />
    </ActionDrawer>
  );
}
