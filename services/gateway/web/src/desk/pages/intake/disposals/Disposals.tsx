/** What becomes of an appeal that is not disposed of yet: accept, answer, refuse, refer, transfer. */
import { type Appeal, AppealState, IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useWords } from "@shared/i18n/i18n";
import { useKeys } from "@shared/keys/keys";
import { failureOf, type RpcFailure } from "@shared/rpc/errors";
import { call } from "@shared/rpc/hooks";
import { useSession } from "@shared/session/session";
import { FailureNote, KeyHint } from "@shared/ui/state";
import { roles as roleNames, useNames } from "@shared/words/enums";
import type { Said } from "../request";
import { useGuide } from "../useGuide";
import { DisposalDrawer, type DisposalKind } from "./DisposalDrawer";
import { words } from "./words";

/** Whether somebody with `roles` decides on `appeal` now: the desk, or the level that it was referred to. */
export function decides(appeal: Appeal, roles: readonly string[]): boolean {
  switch (appeal.state) {
    case AppealState.REGISTERED:
      return ["agent", "team_leader", "enterprise_desk"].some((role) => roles.includes(role));
    case AppealState.REFERRED:
    case AppealState.WITH_SPECIALIST:
      return roles.includes(appeal.decider);
    default:
      return false;
  }
}

interface DisposalsProps {
  appeal: Appeal;
  /** Opened at once, after registration. */
  begin?: DisposalKind;
  /** Preset of the refusal's code or the number to transfer to. */
  preset?: string;
  /** What was gathered for the answer before. */
  said?: Said;
  onDone?: (appeal: Appeal) => void;
}

export function Disposals({ appeal, begin, preset, said, onDone }: DisposalsProps) {
  const t = useWords(words);
  const name = useNames();
  const guide = useGuide();
  const client = useQueryClient();
  const session = useSession();
  const [open, setOpen] = useState<DisposalKind | undefined>(begin);
  const [failure, setFailure] = useState<RpcFailure>();
  const [busy, setBusy] = useState(false);
  const mine = decides(appeal, session.roles);
  const registered = appeal.state === AppealState.REGISTERED;
  const done = (changed: Appeal | undefined) => {
    void client.invalidateQueries({ queryKey: ["rpc"] });
    if (changed) onDone?.(changed);
  };
  const accept = () => {
    setBusy(true);
    setFailure(undefined);
    call(IntakeService.method.acceptAppeal, { appealId: appeal.appealId, version: appeal.version })
      .then((answer) => done(answer.appeal))
      .catch((thrown: unknown) => setFailure(failureOf(thrown)))
      .finally(() => setBusy(false));
  };
  useKeys(
    {
      "mod+enter": { label: t("accept"), run: accept },
      "alt+enter": { label: t("answer"), run: () => setOpen("answer") },
      "alt+n": { label: t("reject"), run: () => setOpen("reject") },
      "alt+t": { label: t("transfer"), run: () => setOpen("transfer") },
    },
    { enabled: mine && open === undefined },
  );
  if (!mine) {
    const waits = [AppealState.REFERRED, AppealState.WITH_SPECIALIST].includes(appeal.state);
    return waits ? <span className="dim">{t("waits", { role: name(roleNames, appeal.decider) })}</span> : null;
  }
  const acts: [DisposalKind, string, boolean][] = [
    ["answer", "alt+enter", true],
    ["reject", "alt+n", true],
    ["transfer", "alt+t", (guide?.redirects.length ?? 0) > 0],
    ["refer", "", appeal.referralLevel < (guide?.referralLevels.length ?? 0)],
    ["specialist", "", registered && (guide?.specialist ?? "") !== ""],
  ];
  return (
    <>
      {failure ? <FailureNote failure={failure} /> : null}
      <Button type="primary" loading={busy} onClick={accept}>
        {t("accept")}
        <KeyHint chord="mod+enter" />
      </Button>
      {acts.map(([kind, chord, shown]) =>
        shown ? (
          <Button key={kind} onClick={() => setOpen(kind)}>
            {t(kind)}
            {chord ? <KeyHint chord={chord} /> : null}
          </Button>
        ) : null,
      )}
      {open ? <DisposalDrawer kind={open} appeal={appeal} preset={preset ?? ""} {...(said ? { said } : {})} onClose={() => setOpen(undefined)} onDone={done} /> : null}
    </>
  );
}
