/** 受理台: one screen for a call: the form, what the guide says of it, and what became of it. */
import type { RegisterAppealResponse } from "@gen/hotline/intake/v1/intake_pb";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { useCommands } from "@shared/palette/commands";
import { KeyHint } from "@shared/ui/state";
import type { DisposalKind } from "./disposals/DisposalDrawer";
import { IntakeForm } from "./IntakeForm";
import { Registered } from "./Registered";
import { type IntakeValues, type Said, withWords } from "./request";
import { Rail } from "./rail/Rail";
import { SeatBox } from "./SeatBox";
import { words } from "./words";
import "./intake.css";

/** What was registered, and what should be opened at once. */
export interface Outcome {
  answer: RegisterAppealResponse;
  begin?: DisposalKind;
  preset?: string;
  /** What was gathered for the answer. */
  said?: Said;
}

export default function IntakePage() {
  const t = useWords(words);
  const navigate = useNavigate();
  const { call } = useSearch({ strict: false }) as { call?: string };
  const [outcome, setOutcome] = useState<Outcome>();
  const [round, setRound] = useState(0);
  const [values, setValues] = useState<IntakeValues>({});
  const [wish, setWish] = useState<{ kind: DisposalKind; preset: string }>();
  const [copied, setCopied] = useState<{ words: string; from: string }>();

  const fresh = () => {
    setOutcome(undefined);
    setWish(undefined);
    setCopied(undefined);
    setValues({});
    setRound(round + 1);
    void navigate({ to: "/intake" as never, search: {} as never });
  };
  useKeys({ f2: { label: t("fresh"), run: fresh } });
  useCommands([{ id: "intake:new", label: t("fresh"), group: t("title"), chord: "f2", run: fresh }]);

  return (
    <>
      <div className="page-head">
        <h1>{t("title")}</h1>
        <SeatBox />
        <span className="grow" />
        <Button onClick={fresh}>
          {t("fresh")}
          <KeyHint chord="f2" />
        </Button>
      </div>
      <div className="intake">
        <div className="intake-main">
          {outcome ? (
            <Registered outcome={outcome} onNext={fresh} />
          ) : (
            <IntakeForm
              key={`${round}.${call ?? ""}`}
              callId={call ?? ""}
              wish={wish}
              copied={copied}
              onValues={setValues}
              onDone={(answer, more) => setOutcome({ answer, ...more })}
            />
          )}
        </div>
        <Rail
          values={values}
          registered={outcome !== undefined}
          onWish={(kind, preset) => setWish({ kind, preset })}
          onCopy={(said, from) => (outcome ? setOutcome({ ...outcome, said: withWords(outcome.said, said, from) }) : setCopied({ words: said, from }))}
        />
      </div>
    </>
  );
}
