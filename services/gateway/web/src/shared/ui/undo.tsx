/** Eight seconds to take a command back, instead of "are you sure": the command is sent when they are over. */
import { Button } from "antd";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";
import { defineWords, useWords } from "../i18n/i18n";
import { useKeys } from "../keys/keys";
import { failureOf } from "../rpc/errors";
import { FailureNote, KeyHint } from "./state";
import type { RpcFailure } from "../rpc/errors";
import "./undo.css";

/** Milliseconds in which a command can be taken back. */
export const UNDO_MS = 8000;

const words = defineWords({
  undo: ["撤销", "Undo"],
  now: ["立即执行", "Send now"],
  seconds: ["{n} 秒后执行", "in {n} s"],
  failed: ["“{label}”没有成功", "“{label}” did not succeed"],
  close: ["知道了", "Close"],
});

/** A command that waits. */
export interface Pending {
  /** What it does, shown in the bar: 派单 32030026… → 城管局. */
  label: string;
  /** Sends it. */
  commit: () => Promise<unknown>;
  /** Called when it was taken back, or failed: shows the row again. */
  restore?: () => void;
}

interface Held extends Pending {
  id: number;
  until: number;
}

const UndoContext = createContext<(pending: Pending) => void>(() => undefined);

/** `const later = useUndo(); later({ label, commit })`. */
export function useUndo(): (pending: Pending) => void {
  return useContext(UndoContext);
}

/** Holds the waiting commands and shows their bar at the foot of the page. */
export function UndoProvider({ children }: { children: ReactNode }) {
  const t = useWords(words);
  const [held, setHeld] = useState<Held[]>([]);
  const [failed, setFailed] = useState<{ label: string; failure: RpcFailure }>();
  const all = useRef<Held[]>([]);
  all.current = held;
  const next = useRef(1);

  const send = useCallback((one: Held) => {
    setHeld((list) => list.filter(({ id }) => id !== one.id));
    one.commit().catch((thrown: unknown) => {
      one.restore?.();
      setFailed({ label: one.label, failure: failureOf(thrown) });
    });
  }, []);

  const add = useCallback((pending: Pending) => {
    setFailed(undefined);
    setHeld((list) => [...list, { ...pending, id: next.current++, until: Date.now() + UNDO_MS }]);
  }, []);

  const undo = useCallback((one: Held) => {
    setHeld((list) => list.filter(({ id }) => id !== one.id));
    one.restore?.();
  }, []);

  // Whoever closes the page meant what they did: the commands go at once.
  useEffect(() => {
    const leave = () => all.current.forEach(send);
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, [send]);

  const last = held.at(-1);
  useKeys({ z: { label: t("undo"), run: () => last && undo(last) } }, { enabled: last !== undefined });

  return (
    <UndoContext.Provider value={add}>
      {children}
      <div className="undo-stack" role="status">
        {held.map((one) => (
          <UndoBar key={one.id} one={one} onUndo={undo} onSend={send} />
        ))}
        {failed ? (
          <div className="undo-failed">
            <strong>{t("failed", { label: failed.label })}</strong>
            <FailureNote failure={failed.failure} />
            <Button onClick={() => setFailed(undefined)}>{t("close")}</Button>
          </div>
        ) : null}
      </div>
    </UndoContext.Provider>
  );
}

function UndoBar({ one, onUndo, onSend }: { one: Held; onUndo: (one: Held) => void; onSend: (one: Held) => void }) {
  const t = useWords(words);
  const [left, setLeft] = useState(UNDO_MS);
  useEffect(() => {
    const timer = setInterval(() => {
      const rest = one.until - Date.now();
      if (rest > 0) {
        setLeft(rest);
        return;
      }
      clearInterval(timer);
      onSend(one);
    }, 250);
    return () => clearInterval(timer);
  }, [one, onSend]);
  return (
    <div className="undo-bar">
      <span className="undo-label">{one.label}</span>
      <span className="undo-left num" aria-hidden="true">
        {t("seconds", { n: Math.ceil(left / 1000) })}
      </span>
      <Button onClick={() => onUndo(one)}>
        {t("undo")}
        <KeyHint chord="z" />
      </Button>
      <Button type="text" className="undo-now" onClick={() => onSend(one)}>
        {t("now")}
      </Button>
    </div>
  );
}
