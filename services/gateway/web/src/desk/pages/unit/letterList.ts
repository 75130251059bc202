/** Which documents of supervision wait for the unit's answer. Pure, for tests. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { CaseState, type SupervisionCase, type SupervisionInstrument } from "@gen/hotline/sla/v1/supervision_pb";

/** A document with the case that it belongs to. */
export interface OpenLetter {
  found: SupervisionCase;
  letter: SupervisionInstrument;
}

/** Documents to the unit that ask for an answer and have none, or had it sent back; soonest due first. */
export function openLetters(cases: readonly SupervisionCase[], unitId: string): OpenLetter[] {
  const waits = (letter: SupervisionInstrument) => letter.unitId === unitId && letter.dueAt !== undefined && (letter.reply === "" || letter.decision === "sent_back");
  return cases
    .filter(({ state }) => state !== CaseState.CLOSED)
    .flatMap((found) => found.instruments.filter(waits).map((letter) => ({ found, letter })))
    .sort((a, b) => due(a.letter) - due(b.letter));
}

function due({ dueAt }: SupervisionInstrument): number {
  return dueAt ? timestampMs(dueAt) : Number.POSITIVE_INFINITY;
}
