/** The questions in the order in which they are asked; the level by the digit keys 1 to 5. */
import { Button, Input, Radio } from "antd";
import { type ReactNode, useState } from "react";
import { type Callback, CallbackService } from "@gen/hotline/callback/v1/callback_pb";
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { useDraft } from "@shared/drafts/useDraft";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { FailureNote, KeyHint } from "@shared/ui/state";
import { satisfactions, useNames } from "@shared/words/enums";
import { type Answers, isBad, LEVELS, missing, NOTHING } from "./answers";
import { words } from "./words";

const RESULTS = ["no_answer", "busy", "switched_off", "wrong_number"] as const;

export function Questions({ callback, onSettled }: { callback: Callback; onSettled: () => void }) {
  const t = useWords(words);
  const name = useNames();
  const draft = useDraft<Answers>(`callback.${callback.callbackId}`);
  const [answers, setAnswers] = useState<Answers>({ ...NOTHING, ...draft.initial });
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<RpcFailure>();
  const complete = useCommand(CallbackService.method.completeCallback);
  const attempt = useCommand(CallbackService.method.recordAttempt);
  const title = useRpc(IntakeService.method.getAppeal, { appeal: callback.facts?.orderId ?? "" }).data?.appeal?.title ?? "";
  const target = { callbackId: callback.callbackId, version: callback.version };
  const set = (change: Partial<Answers>) => {
    const next = { ...answers, ...change };
    setAnswers(next);
    draft.keep(next);
  };
  const run = async (act: () => Promise<unknown>) => {
    setFailure(undefined);
    try {
      await act();
      draft.clear();
      onSettled();
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  const asks = (question: string) => callback.questions.includes(question);
  const lacks = missing(answers, callback.questions);
  const send = () => {
    setTried(true);
    if (lacks) return;
    void run(() =>
      complete.run({
        ...target,
        satisfaction: answers.level,
        ...(asks("resolved") ? { solved: answers.solved } : {}),
        ...(asks("contacted") ? { contacted: answers.contacted } : {}),
        untruthful: asks("truthful") && answers.truthful === false,
        reason: answers.reason.trim(),
        suggestion: asks("suggestion") ? answers.suggestion.trim() : "",
      }),
    );
  };
  useKeys({
    ...Object.fromEntries(LEVELS.map((level, at) => [String(at + 1), { label: name(satisfactions, level), run: () => set({ level }) }])),
    "mod+enter": { label: t("complete"), run: send },
  });
  const bad = isBad(answers);
  return (
    <div className="call-form">
      <h2>{t("script")}</h2>
      <p className="call-hello">{t("hello", { title })}</p>
      {asks("contacted") ? <YesNo label={t("askContacted")} value={answers.contacted} onChange={(contacted) => set({ contacted })} /> : null}
      {asks("truthful") ? <YesNo label={t("askTruthful")} value={answers.truthful} onChange={(truthful) => set({ truthful })} /> : null}
      {asks("resolved") ? <YesNo label={t("askSolved")} value={answers.solved} onChange={(solved) => set({ solved })} /> : null}
      <Ask label={t("askSatisfaction")}>
        <div className="call-levels" role="radiogroup" aria-label={t("askSatisfaction")}>
          {LEVELS.map((level, at) => (
            <button key={level} type="button" role="radio" aria-checked={answers.level === level} className={at > 2 ? "call-level call-bad" : "call-level"} onClick={() => set({ level })}>
              <span>{name(satisfactions, level)}</span>
              <KeyHint chord={String(at + 1)} />
            </button>
          ))}
        </div>
      </Ask>
      {bad ? (
        <div className="call-next">
          <label htmlFor="call-reason">{t("askReason")}</label>
          <Input.TextArea id="call-reason" rows={2} maxLength={2000} value={answers.reason} onChange={(event) => set({ reason: event.target.value })} />
          <p>{t("nextStep")}</p>
          {callback.badAnswers >= 1 ? <p>{t("nextFinal", { n: callback.badAnswers + 1 })}</p> : null}
        </div>
      ) : null}
      {asks("suggestion") ? (
        <>
          <label htmlFor="call-suggestion">{t("askSuggestion")}</label>
          <Input.TextArea id="call-suggestion" rows={2} maxLength={2000} value={answers.suggestion} onChange={(event) => set({ suggestion: event.target.value })} />
        </>
      ) : null}
      {tried && lacks ? (
        <p className="call-wrong" role="alert">
          {t(lacks)}
        </p>
      ) : null}
      {failure ? <FailureNote failure={failure} /> : null}
      <Button type="primary" size="large" block loading={complete.pending} onClick={send}>
        {t("complete")}
        <KeyHint chord="mod+enter" />
      </Button>
      <div className="call-unreached" role="group" aria-label={t("unreached")}>
        <span className="dim">{t("unreached")}</span>
        {RESULTS.map((result) => (
          <Button key={result} loading={attempt.pending} onClick={() => void run(() => attempt.run({ ...target, result }))}>
            {t(result)}
          </Button>
        ))}
      </div>
    </div>
  );
}

function Ask({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="call-ask">
      <span>{label}</span>
      {children}
    </div>
  );
}

function YesNo({ label, value, onChange }: { label: string; value: boolean | undefined; onChange: (value: boolean) => void }) {
  const t = useWords(words);
  return (
    <Ask label={label}>
      <Radio.Group value={value} aria-label={label} onChange={(event) => onChange(event.target.value as boolean)}>
        <Radio value={true}>{t("yes")}</Radio>
        <Radio value={false}>{t("no")}</Radio>
      </Radio.Group>
    </Ask>
  );
}
