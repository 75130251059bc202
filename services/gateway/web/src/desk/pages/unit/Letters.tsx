/** Documents of supervision that the unit has to answer, soonest due first. */
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { type SupervisionCase, type SupervisionInstrument, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useWords } from "@shared/i18n/i18n";
import { useCommand, useRpc } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";
import { useSession } from "@shared/session/session";
import { msOf } from "@shared/time/format";
import { ActionDrawer } from "@shared/ui/ActionDrawer";
import { ClockChip } from "@shared/ui/ClockChip";
import { EmptyNote, FailureNote, StateTag } from "@shared/ui/state";
import { openLetters } from "./letterList";
import { letterWords } from "./words";

/** The documents that the unit still has to answer, of its latest cases. */
export function useLetters() {
  const { unitId } = useSession();
  const may = useMay(SupervisionService.method.listCases) && unitId !== "";
  const query = useRpc(SupervisionService.method.listCases, { unitId, pageSize: 200 }, { enabled: may });
  return { may, letters: openLetters(query.data?.cases ?? [], unitId), failure: query.error ?? undefined, retry: () => void query.refetch() };
}

export function Letters({ list }: { list: ReturnType<typeof useLetters> }) {
  const t = useWords(letterWords);
  const [answering, setAnswering] = useState<{ found: SupervisionCase; letter: SupervisionInstrument }>();
  if (list.failure) return <FailureNote failure={list.failure} retry={list.retry} />;
  if (list.letters.length === 0) return <EmptyNote why={t("empty")} />;
  return (
    <div className="unit-list">
      {list.letters.map(({ found, letter }) => (
        <article key={letter.instrumentId} className="leg-card">
          <div>
            <span className="leg-title">
              {letter.name} {letter.number}
            </span>
            <div className="leg-line num">{found.orderNumber || found.number}</div>
          </div>
          <div className="leg-tags">
            <ClockChip
              face={{ name: t("reply"), standing: letter.overdue ? "breached" : "running", startedAt: msOf(letter.issuedAt) ?? 0, dueAt: msOf(letter.dueAt) ?? 0 }}
              showName
            />
            {letter.decision === "sent_back" ? <StateTag tone="bad">{t("sentBack", { why: letter.decisionReason })}</StateTag> : null}
          </div>
          <p className="pre letter-text">{letter.text}</p>
          <a href={`/papers/cases/${found.caseId}/instruments/${letter.instrumentId}`} target="_blank" rel="noopener">
            {t("print")}
          </a>
          <Button type="primary" size="large" block onClick={() => setAnswering({ found, letter })}>
            {t("answer")}
          </Button>
        </article>
      ))}
      {answering ? <Answer {...answering} onClose={() => setAnswering(undefined)} /> : null}
    </div>
  );
}

function Answer({ found, letter, onClose }: { found: SupervisionCase; letter: SupervisionInstrument; onClose: () => void }) {
  const t = useWords(letterWords);
  const command = useCommand(SupervisionService.method.replyInstrument);
  const target = { caseId: found.caseId, version: found.version, instrumentId: letter.instrumentId };
  const submit = ({ text, attachments = "" }: { text: string; attachments?: string }) =>
    command.run({ ...target, text, attachments: attachments.split("\n").map((line) => line.trim()).filter(Boolean) });
  return (
    <ActionDrawer<{ text: string; attachments?: string }> open title={`${t("answer")} ${letter.number}`} draft={`letter.${letter.instrumentId}`} initial={{}} okText={t("answer")} onClose={onClose} submit={submit}>
      <p className="pre leg-quote">{letter.text}</p>
      <Form.Item name="text" label={t("text")} rules={[{ required: true, whitespace: true, message: t("need") }]}>
        <Input.TextArea rows={6} maxLength={2000} />
      </Form.Item>
      <Form.Item name="attachments" label={t("attachments")}>
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
    </ActionDrawer>
  );
}
