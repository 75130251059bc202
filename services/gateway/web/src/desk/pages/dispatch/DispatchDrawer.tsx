/** The drawer that sends an order out: what the catalogue suggests and why, lead and co-handlers; taken back for eight seconds. */
import { type Order, RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useQueryClient } from "@tanstack/react-query";
import { Collapse, Form, Input, Radio } from "antd";
import { useEffect } from "react";
import { useWords } from "@shared/i18n/i18n";
import { useRpc } from "@shared/rpc/hooks";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { FailureNote } from "@shared/ui/state";
import { useHeld } from "@shared/ui/useHeld";
import { UnitSelect } from "@shared/units/UnitSelect";
import { useUnits } from "@shared/units/useUnits";
import { Waiting } from "@shared/ui/Waiting";
import { withoutPlace } from "@shared/words/texts";
import { sendOut } from "./send";
import { words } from "./words";

interface Values {
  leadUnitId?: string;
  coHandlerUnitIds?: string[];
  basis?: string;
  disposition?: string;
  limit?: string;
  limitBasis?: string;
  spoken?: string;
}

interface DispatchDrawerProps {
  order: Order;
  open: boolean;
  onClose: () => void;
  /** The command waits: the row may go. */
  onSent?: () => void;
  /** It was taken back or refused: the row comes back. */
  onRestore?: () => void;
  /** It is done and loaded anew: the row is shown where it belongs. */
  onDone?: () => void;
}

export function DispatchDrawer({ order, open, onClose, onSent, onRestore, onDone }: DispatchDrawerProps) {
  const t = useWords(words);
  const hold = useHeld();
  const client = useQueryClient();
  const units = useUnits();
  const orderId = order.facts?.orderId ?? "";
  const number = order.facts?.number ?? "";
  const draft = `dispatch.${orderId}`;
  const submit = async (values: Values) => {
    const unit = values.leadUnitId ? units.name(values.leadUnitId) : t("catalogue");
    onSent?.();
    hold({
      label: t("sending", { number, unit }),
      draft,
      values,
      run: async () => {
        await sendOut(order, values);
        await client.invalidateQueries({ queryKey: ["rpc"] });
        onDone?.();
      },
      reopen: () => onRestore?.(),
    });
  };
  return (
    <ActionDrawer<Values> open={open} title={t("drawer", { number })} draft={draft} initial={{ disposition: "" }} okText={t("send")} onClose={onClose} submit={submit}>
      <Fields order={order} />
    </ActionDrawer>
  );
}

function Fields({ order }: { order: Order }) {
  const t = useWords(words);
  const units = useUnits();
  const form = Form.useFormInstance<Values>();
  const suggestion = useRpc(RoutingService.method.suggestDispatch, { orderId: order.facts?.orderId ?? "" }, { list: true });
  const told = suggestion.data;
  useEffect(() => {
    // What somebody has chosen, or a draft, is not overwritten.
    if (told && !form.getFieldValue("leadUnitId")) form.setFieldsValue({ leadUnitId: told.leadUnitId, coHandlerUnitIds: told.coHandlerUnitIds });
  }, [told, form]);
  const lead = Form.useWatch("leadUnitId", form) as string | undefined;
  const differs = told !== undefined && lead !== undefined && lead !== told.leadUnitId;
  return (
    <>
      <p className="pre drawer-matter">
        <strong>{order.title}</strong>
        {"\n"}
        {order.content}
      </p>
      {suggestion.isLoading ? <Waiting rows={2} /> : null}
      {suggestion.error ? <FailureNote failure={suggestion.error} retry={() => void suggestion.refetch()} /> : null}
      {told ? (
        <p className="suggestion">
          {told.leadUnitId ? <strong>{t("suggested", { lead: units.name(told.leadUnitId) })}</strong> : t("noSuggestion")}
          {told.coHandlerUnitIds.length > 0 ? ` · ${t("suggestedWith", { units: told.coHandlerUnitIds.map(units.name).join("、") })}` : ""}
          {told.basis ? <span className="dim"> {t("because", { basis: withoutPlace(told.basis) })}</span> : null}
        </p>
      ) : null}
      {order.proposedUnitId ? <p className="suggestion">{t("proposal", { unit: units.name(order.proposedUnitId) })}</p> : null}
      {order.facts?.labels.includes("enterprise") ? <p className="suggestion">⇉ {t("secondSend")}</p> : null}
      <Form.Item name="leadUnitId" label={t("lead")} rules={[{ required: told !== undefined && told.leadUnitId === "" }]}>
        <UnitSelect />
      </Form.Item>
      <Form.Item name="coHandlerUnitIds" label={t("coHandlers")}>
        <UnitSelect multiple only={(unitId) => unitId !== lead} />
      </Form.Item>
      <Form.Item name="basis" label={t("basis")} rules={[{ required: differs }]}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      <Form.Item name="disposition" label={t("disposition")}>
        <Radio.Group
          options={[
            { value: "", label: t("plain") },
            { value: "seat_linkage", label: t("seatLinkage") },
            { value: "special_service", label: t("specialService") },
          ]}
        />
      </Form.Item>
      <Collapse
        ghost
        size="small"
        items={[
          {
            key: "more",
            label: t("more"),
            forceRender: true,
            children: (
              <>
                <Form.Item name="limit" label={t("limit")} extra={t("limitHint")}>
                  <Input maxLength={60} />
                </Form.Item>
                <Form.Item name="limitBasis" label={t("limitBasis")}>
                  <Input maxLength={200} />
                </Form.Item>
                <Form.Item name="spoken" label={t("spoken")}>
                  <Input.TextArea rows={2} maxLength={1000} />
                </Form.Item>
              </>
            ),
          },
        ]}
      />
    </>
  );
}
