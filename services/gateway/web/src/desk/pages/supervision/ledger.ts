/** The ledger as a spreadsheet: its pieces put together and given to the browser as a file. */
import { create } from "@bufbuild/protobuf";
import { CaseState, ExportLedgerRequestSchema, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { transport } from "@shared/rpc/transport";
import { serverNow } from "@shared/time/clock";
import { dateOf } from "@shared/time/format";

const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/** Milliseconds for a whole export. */
const TIMEOUT_MS = 120_000;

/** State of the filter as the contract has it. */
export function caseState(word: string): CaseState {
  return { open: CaseState.OPEN, listed: CaseState.LISTED, closed: CaseState.CLOSED }[word] ?? CaseState.UNSPECIFIED;
}

/** Fetches the ledger of these cases and saves it. */
export async function exportLedger(filter: { unit: string; state: string; class: string }): Promise<void> {
  const request = create(ExportLedgerRequestSchema, { unitId: filter.unit, class: filter.class, state: caseState(filter.state) });
  const one = async function* () {
    yield request;
  };
  const answer = await transport.stream(SupervisionService.method.exportLedger, undefined, TIMEOUT_MS, undefined, one());
  const pieces: BlobPart[] = [];
  for await (const { content } of answer.message) pieces.push(new Uint8Array(content));
  const address = URL.createObjectURL(new Blob(pieces, { type: TYPE }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `督查台账-${dateOf(serverNow())}.xlsx`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
