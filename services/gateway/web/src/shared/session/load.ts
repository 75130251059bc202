/** Asks who is signed in. */
import { SessionService } from "@gen/hotline/gateway/v1/session_pb";
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { rpcQuery, useRpc } from "../rpc/hooks";
import type { RpcFailure } from "../rpc/errors";
import { learnServerTime } from "../time/clock";
import { msOf } from "../time/format";
import { ownDrafts } from "../drafts/useDraft";
import type { Session } from "./session";

const asked = [SessionService.method.getSession, {}, { staleTime: Number.POSITIVE_INFINITY }] as const;

/** Asks before anything is drawn. */
export function beginSession(client: QueryClient): void {
  void client.prefetchQuery(rpcQuery(...asked));
}

/** The session, or why there is none. */
export function useLoadSession(): { session: Session | undefined; failure: RpcFailure | undefined; retry: () => void } {
  const query = useRpc(...asked);
  const told = query.data;
  useEffect(() => {
    const serverMs = msOf(told?.serverTime);
    if (serverMs !== undefined) learnServerTime(serverMs);
    // Drafts of whoever sat here before are not for this person.
    if (told) ownDrafts(told.accountId);
  }, [told]);
  const session = useMemo<Session | undefined>(() => {
    if (!told) return undefined;
    const { accountId, name, roles, unitId, unitName, division, cityName, features } = told;
    return { accountId, name, roles, unitId, unitName, division, cityName, features };
  }, [told]);
  return { session, failure: query.error ?? undefined, retry: () => void query.refetch() };
}
