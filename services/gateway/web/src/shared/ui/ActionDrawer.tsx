/** A form in a drawer: its draft survives, what a refusal names stands at its field, Ctrl+Enter sends. */
import { Button, Drawer, Form, type FormInstance, Space } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useDraft } from "../drafts/useDraft";
import { defineWords, useWords } from "../i18n/i18n";
import { useKeys } from "../keys/keys";
import { failureOf, formPath, type RpcFailure } from "../rpc/errors";
import { dateTime } from "../time/format";
import { FailureNote, KeyHint } from "./state";
import { useOnceOpen } from "./useOnceOpen";

const words = defineWords({
  cancel: ["取消", "Cancel"],
  kept: ["草稿已存 {at}", "draft kept {at}"],
  restored: ["已恢复上次未提交的内容", "what was not sent last time is here again"],
  discard: ["清空", "Clear"],
});

/** Milliseconds after which every field of a form that opens again is there. */
const SETTLED_MS = 50;

/** Properties. `V`: the form's values, named as the fields of the request. */
export interface ActionDrawerProps<V extends object> {
  open: boolean;
  title: string;
  /** Names form and thing, such as `return.<leg>`: the key of the draft. */
  draft: string;
  initial: Partial<V>;
  /** What the service said when it was sent before: shown at its fields at once. */
  failed?: RpcFailure;
  okText: string;
  okDanger?: boolean;
  width?: number;
  onClose: () => void;
  /** Sends it; a refusal that it throws is shown at its fields. */
  submit: (values: V) => Promise<unknown>;
  children: ReactNode | ((form: FormInstance<V>) => ReactNode);
}

/** Puts what a refusal names at its fields; what is left over goes above the form. */
export function showAtFields<V extends object>(form: FormInstance<V>, failure: RpcFailure): boolean {
  const known = new Set(form.getFieldsError().map(({ name }) => name.join(".")));
  const here = failure.fields.map(({ field, text }) => ({ name: formPath(field), text })).filter(({ name }) => known.has(name.join(".")));
  if (here.length === 0) return false;
  type Fields = Parameters<FormInstance<V>["setFields"]>[0];
  form.setFields(here.map(({ name, text }) => ({ name, errors: [text] })) as unknown as Fields);
  const first = here[0];
  if (first) form.scrollToField(first.name as never, { focus: true, block: "center" });
  return here.length === failure.fields.length;
}

/** The drawer. Its content is mounted anew each time it opens. */
export function ActionDrawer<V extends object>(props: ActionDrawerProps<V>) {
  if (!useOnceOpen(props.open)) return null;
  return (
    <Drawer open={props.open} title={props.title} onClose={props.onClose} size={props.width ?? 520} destroyOnHidden footer={null}>
      <DrawerForm {...props} />
    </Drawer>
  );
}

function DrawerForm<V extends object>({ draft, initial, failed, okText, okDanger, onClose, submit, children }: ActionDrawerProps<V>) {
  const t = useWords(words);
  const [form] = Form.useForm<V>();
  const kept = useDraft<Partial<V>>(draft);
  const [restored, setRestored] = useState(kept.initial !== undefined);
  const [failure, setFailure] = useState<RpcFailure | undefined>(failed);
  const [sending, setSending] = useState(false);

  useEffect(() => {
    const first = document.querySelector<HTMLElement>(".ant-drawer-body input:not([type=hidden]), .ant-drawer-body textarea");
    first?.focus();
    if (!failed) return;
    // Fields that stand there for what another one says come a moment later.
    const timer = setTimeout(() => showAtFields(form, failed), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);

  const send = async (values: V) => {
    setSending(true);
    setFailure(undefined);
    try {
      await submit(values);
      kept.clear();
      onClose();
    } catch (thrown) {
      const found = failureOf(thrown);
      showAtFields(form, found);
      setFailure(found);
    } finally {
      setSending(false);
    }
  };
  const clear = () => {
    kept.clear();
    form.resetFields();
    form.setFieldsValue(initial as never);
    setRestored(false);
  };
  useKeys({ "mod+enter": { label: okText, run: () => form.submit() } }, { inDialog: true });

  return (
    <Form<V>
      form={form}
      layout="vertical"
      requiredMark
      scrollToFirstError={{ focus: true }}
      initialValues={{ ...initial, ...kept.initial }}
      onValuesChange={(_, values) => kept.keep(values)}
      onFinish={(values) => void send(values)}
    >
      {restored ? (
        <p className="dim">
          {t("restored")}
          <Button type="link" onClick={clear}>
            {t("discard")}
          </Button>
        </p>
      ) : null}
      {failure ? <FailureNote failure={failure} /> : null}
      {typeof children === "function" ? children(form) : children}
      <Space>
        <Button type="primary" danger={okDanger ?? false} htmlType="submit" loading={sending}>
          {okText}
          <KeyHint chord="mod+enter" />
        </Button>
        <Button onClick={onClose}>{t("cancel")}</Button>
        {kept.savedAt ? <span className="dim">{t("kept", { at: dateTime(kept.savedAt).slice(11) })}</span> : null}
      </Space>
    </Form>
  );
}
