/** A list by pages of tokens: forward, back, and all that match for a bulk act. Its rows never change under the pointer. */
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { concerns } from "../live/interest";
import { useHints } from "../live/live";
import type { RpcFailure } from "../rpc/errors";
import { usePrompt } from "../rpc/hooks";

/** Rows of a page unless told. */
export const PAGE_SIZE = 50;
/** Rows that are asked for together when all that match are gathered. */
const GATHER_SIZE = 200;
/** At most so many rows are gathered for a bulk act over all that match. */
export const ALL_LIMIT = 10_000;

/** How many rows match: exactly, or `count` and more. */
export interface Total {
  count: number;
  more: boolean;
}

/** One page as it was loaded. */
export interface Loaded<Row> {
  rows: readonly Row[];
  /** Token of the next page; empty at the end. */
  next: string;
}

/** Where the rows come from. */
export interface Source<Row> {
  /** Service whose changes make the list old. */
  service: string;
  name: string;
  /** Everything that `load` depends on, as text. */
  filter: string;
  load: (token: string, size: number, signal?: AbortSignal) => Promise<Loaded<Row>>;
  /** All that match, in any order; `load` unless told. */
  every?: (token: string, size: number) => Promise<Loaded<Row>>;
}

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
  /** How many match; absent where nobody counts, or not yet. */
  total: Total | undefined;
  next: () => void;
  back: () => void;
  reload: () => void;
  /** Every row that matches, `ALL_LIMIT` at most. */
  all: () => Promise<Row[]>;
}

/** The list. Another filter begins at its first page. */
export function usePages<Row>(source: Source<Row>, options: { enabled?: boolean; pageSize?: number; total?: Total | undefined } = {}): Keyset<Row> {
  const client = useQueryClient();
  const { service, name, filter } = source;
  const pageSize = options.pageSize ?? PAGE_SIZE;
  const [tokens, setTokens] = useState<{ of: string; list: readonly string[] }>({ of: filter, list: [""] });
  const list = tokens.of === filter ? tokens.list : [""];
  const token = list.at(-1) ?? "";
  const key = ["rpc", service, name, filter, pageSize, token];
  const asked = queryOptions<Loaded<Row>, RpcFailure>({
    queryKey: key,
    queryFn: ({ signal }) => source.load(token, pageSize, signal),
    enabled: options.enabled ?? true,
    staleTime: 15_000,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    meta: { quiet: true },
  });
  usePrompt(asked);
  const query = useQuery<Loaded<Row>, RpcFailure>(asked);
  const next = query.data?.next ?? "";

  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setChanged(new Set()), [query.dataUpdatedAt, filter]);
  useHints((hints) => {
    const here = hints.filter((hint) => concerns(hint, key));
    if (here.length > 0) setChanged((before) => new Set([...before, ...here.map(({ orderId, appealId }) => orderId || appealId)]));
  });

  const all = useCallback(async () => {
    const load = source.every ?? source.load;
    const rows: Row[] = [];
    for (let place = ""; ; ) {
      const page = await load(place, GATHER_SIZE);
      rows.push(...page.rows);
      place = page.next;
      if (place === "" || rows.length >= ALL_LIMIT) return rows.slice(0, ALL_LIMIT);
    }
    // The filter says everything about the source.
  }, [service, name, filter]);

  return {
    rows: useMemo(() => query.data?.rows ?? [], [query.data]),
    page: list.length,
    hasNext: next !== "",
    loading: query.data === undefined && query.error === null,
    fetching: query.isFetching,
    failure: query.error ?? undefined,
    changes: changed.size,
    total: options.total,
    next: () => next !== "" && setTokens({ of: filter, list: [...list, next] }),
    back: () => list.length > 1 && setTokens({ of: filter, list: list.slice(0, -1) }),
    reload: () => {
      setChanged(new Set());
      void client.invalidateQueries({ queryKey: key });
    },
    all,
  };
}
