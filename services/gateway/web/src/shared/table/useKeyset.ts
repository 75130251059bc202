/** A list by pages of tokens: forward, back, and all that match for a bulk act. Its rows never change under the pointer. */
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useHints } from "../live/live";
import { concerns } from "../live/interest";
import { call, keyOf, useRpc } from "../rpc/hooks";
import type { RpcFailure } from "../rpc/errors";

/** Rows of a page unless told. */
export const PAGE_SIZE = 50;
/** At most so many rows are gathered for a bulk act over all that match. */
export const ALL_LIMIT = 2000;

/** A list as a table takes it. */
export interface Keyset<Row> {
  rows: readonly Row[];
  /** Number of the page, from 1. */
  page: number;
  hasNext: boolean;
  /** Nothing was loaded yet: show skeletons. */
  loading: boolean;
  fetching: boolean;
  failure: RpcFailure | undefined;
  /** Things that changed since the page was loaded. */
  changes: number;
  next: () => void;
  back: () => void;
  reload: () => void;
  /** Every row that matches, `ALL_LIMIT` at most. */
  all: () => Promise<Row[]>;
}

/** Lists `input` by `method`; `pick` takes the rows out of an answer. Another filter begins at its first page. */
export function useKeyset<I extends DescMessage, O extends DescMessage, Row>(
  method: DescMethodUnary<I, O>,
  input: MessageInitShape<I>,
  pick: (answer: MessageShape<O>) => readonly Row[],
  options: { enabled?: boolean; pageSize?: number } = {},
): Keyset<Row> {
  const client = useQueryClient();
  const pageSize = options.pageSize ?? PAGE_SIZE;
  const filter = String(keyOf(method, input)[3]);
  const [tokens, setTokens] = useState<{ of: string; list: readonly string[] }>({ of: filter, list: [""] });
  const list = tokens.of === filter ? tokens.list : [""];
  const at = (pageToken: string, size = pageSize) => ({ ...input, pageSize: size, pageToken }) as MessageInitShape<I>;
  const present = at(list.at(-1) ?? "");
  const query = useRpc(method, present, { enabled: options.enabled ?? true, keepPrevious: true, list: true });
  const next = query.data ? tokenOf(query.data) : "";
  const presentKey = keyOf(method, present);

  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setChanged(new Set()), [query.dataUpdatedAt, filter]);
  useHints((hints) => {
    const here = hints.filter((hint) => concerns(hint, presentKey));
    if (here.length > 0) setChanged((before) => new Set([...before, ...here.map(({ orderId, appealId }) => orderId || appealId)]));
  });

  const all = useCallback(async () => {
    const rows: Row[] = [];
    for (let token = ""; ; ) {
      const answer = await call(method, at(token, 200));
      rows.push(...pick(answer));
      token = tokenOf(answer);
      if (token === "" || rows.length >= ALL_LIMIT) return rows.slice(0, ALL_LIMIT);
    }
    // The filter says everything about the input.
  }, [filter]);

  return {
    rows: useMemo(() => (query.data ? pick(query.data) : []), [query.data]),
    page: list.length,
    hasNext: next !== "",
    loading: query.data === undefined && query.error === null,
    fetching: query.isFetching,
    failure: query.error ?? undefined,
    changes: changed.size,
    next: () => next !== "" && setTokens({ of: filter, list: [...list, next] }),
    back: () => list.length > 1 && setTokens({ of: filter, list: list.slice(0, -1) }),
    reload: () => {
      setChanged(new Set());
      void client.invalidateQueries({ queryKey: presentKey });
    },
    all,
  };
}

function tokenOf(answer: object): string {
  return (answer as { nextPageToken?: string }).nextPageToken ?? "";
}
