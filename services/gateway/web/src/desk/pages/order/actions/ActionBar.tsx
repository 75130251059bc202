/** What the reader may do with the matter: buttons with their keys. */
import { OrderState } from "@gen/hotline/routing/v1/routing_pb";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { type Keymap, useKeys } from "@shared/keys/keys";
import { useCommands } from "@shared/palette/commands";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useSession } from "@shared/session/session";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { FailureNote, KeyHint } from "@shared/ui/state";
import { useUndo } from "@shared/ui/undo";
import { useHeld } from "@shared/ui/useHeld";
import { Disposals } from "../../intake/disposals/Disposals";
import type { Matter } from "../useOrder";
import { type Act, type ActValues, appealActs, opinionActs, orderActs } from "./acts";
import { useMarkEditing } from "./editing";
import { ActFields } from "./fields";
import { UnitActs } from "./UnitActs";
import { words } from "./words";

// What few readers of an order press comes when it is pressed.
const DispatchDrawer = lazy(() => import("../../dispatch/DispatchDrawer").then(({ DispatchDrawer: drawer }) => ({ default: drawer })));

export function ActionBar({ matter }: { matter: Matter }) {
  const t = useWords(words);
  const session = useSession();
  const client = useQueryClient();
  const later = useUndo();
  const hold = useHeld();
  const [failed, setFailed] = useState<RpcFailure>();
  const [open, setOpen] = useState("");
  const [busy, setBusy] = useState("");
  const [failure, setFailure] = useState<RpcFailure>();
  useMarkEditing(open !== "");

  const has = (...roles: string[]) => roles.some((role) => session.roles.includes(role));
  const acts = [...orderActs(matter, has, t), ...opinionActs(matter, session.unitId, has, t), ...appealActs(matter, has, t)];
  const canDispatch = matter.order?.state === OrderState.PRE_REVIEW && has("dispatcher");
  const reload = () => void client.invalidateQueries({ queryKey: ["rpc"] });

  const draftOf = (act: Act) => `${act.key}.${matter.id}`;
  const sendNow = async (act: Act, values: ActValues) => {
    try {
      await act.send(values);
    } finally {
      // Also when it was refused: the record may have changed since it was read.
      reload();
    }
  };
  const press = (act: Act) => {
    setFailure(undefined);
    if (act.fields) {
      setFailed(undefined);
      setOpen(act.key);
      return;
    }
    if (act.undo) {
      later({ label: t("later", { act: act.label, number: matter.number }), commit: () => sendNow(act, {}) });
      return;
    }
    setBusy(act.key);
    sendNow(act, {})
      .catch((thrown: unknown) => setFailure(failureOf(thrown)))
      .finally(() => setBusy(""));
  };
  const submit = async (act: Act, values: ActValues) => {
    if (!act.undo) return sendNow(act, values);
    const reopen = (refusal?: RpcFailure) => {
      setFailed(refusal);
      setOpen(act.key);
    };
    hold({ label: t("later", { act: act.label, number: matter.number }), draft: draftOf(act), values, run: () => sendNow(act, values), reopen });
  };

  const keys: Keymap = Object.fromEntries(acts.filter(({ chord }) => chord).map((act) => [act.chord, { label: act.label, run: () => press(act) }]));
  if (canDispatch) keys.a = { label: t("dispatch"), run: () => setOpen("dispatch") };
  useKeys(keys);
  useCommands([
    ...(canDispatch ? [{ id: "act:dispatch", label: t("dispatch"), group: t("group"), chord: "a", run: () => setOpen("dispatch") }] : []),
    ...acts.map((act) => ({ id: `act:${act.key}`, label: act.label, group: t("group"), ...(act.chord ? { chord: act.chord } : {}), run: () => press(act) })),
  ]);

  return (
    <>
      {failure ? <FailureNote failure={failure} /> : null}
      <div className="actions">
        {canDispatch && matter.order ? (
          <>
            <Button type="primary" onClick={() => setOpen("dispatch")}>
              {t("dispatch")}
              <KeyHint chord="a" />
            </Button>
            {open === "dispatch" ? (
              <Suspense>
                <DispatchDrawer order={matter.order} open onClose={() => setOpen("")} onRestore={() => setOpen("dispatch")} />
              </Suspense>
            ) : null}
          </>
        ) : null}
        <UnitActs matter={matter} />
        {matter.appeal ? <Disposals appeal={matter.appeal} /> : null}
        {acts.map((act) => (
          <span key={act.key}>
            <Button type={act.primary ? "primary" : "default"} danger={act.danger ?? false} loading={busy === act.key} onClick={() => press(act)}>
              {act.label}
              {act.chord ? <KeyHint chord={act.chord} /> : null}
            </Button>
            {act.fields ? (
              <ActionDrawer<ActValues>
                open={open === act.key}
                title={`${act.label} · ${matter.number}`}
                draft={draftOf(act)}
                {...(failed ? { failed } : {})}
                initial={(act.initial ?? {}) as Partial<ActValues>}
                okText={act.label}
                okDanger={act.danger ?? false}
                onClose={() => setOpen("")}
                submit={(values) => submit(act, values)}
              >
                <ActFields fields={act.fields} />
              </ActionDrawer>
            ) : null}
          </span>
        ))}
      </div>
    </>
  );
}
