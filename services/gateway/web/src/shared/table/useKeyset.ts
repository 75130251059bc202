/** A list of one method of the contract, by pages. */
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { call, keyOf } from "../rpc/hooks";
import { type Keyset, type Total, usePages } from "./usePages";

export type { Keyset } from "./usePages";

/** Lists `input` by `method`; `pick` takes the rows out of an answer. */
export function useKeyset<I extends DescMessage, O extends DescMessage, Row>(
  method: DescMethodUnary<I, O>,
  input: MessageInitShape<I>,
  pick: (answer: MessageShape<O>) => readonly Row[],
  options: { enabled?: boolean; pageSize?: number; total?: Total | undefined } = {},
): Keyset<Row> {
  return usePages<Row>(
    {
      service: method.parent.typeName,
      name: method.name,
      filter: String(keyOf(method, input)[3]),
      load: async (pageToken, pageSize, signal) => {
        const answer = await call(method, { ...input, pageSize, pageToken } as MessageInitShape<I>, signal);
        return { rows: pick(answer), next: tokenOf(answer) };
      },
    },
    options,
  );
}

function tokenOf(answer: object): string {
  return (answer as { nextPageToken?: string }).nextPageToken ?? "";
}
