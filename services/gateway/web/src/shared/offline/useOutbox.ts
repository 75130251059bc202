/** The queue of a page: commands go at once while there is a network, and wait in the browser while there is none. */
import { create, type DescMessage, type DescMethodUnary, fromJson, type JsonValue, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { useLine } from "../live/live";
import { failureOf } from "../rpc/errors";
import { call } from "../rpc/hooks";
import { newIdempotencyKey } from "../rpc/transport";
import { useSession } from "../session/session";
import { legDone } from "./legDone";
import { sendAll } from "./send";
import { dropWaiting, listWaiting, putWaiting, type Waiting } from "./store";

/** Milliseconds between two tries while something waits. */
const AGAIN_MS = 15_000;

/** What a command is about, for the list of what waits. */
export interface About {
  label: string;
  orderId: string;
  legId: string;
}

/** The methods that may wait. */
const METHODS = Object.values(RoutingService.method).filter(
  ({ name }) => ["SignLeg", "RecordContact", "ReplyLeg", "RequestReturn", "RequestExtension", "DecideReplyInUnit"].includes(name),
) as DescMethodUnary[];

async function sendOne(one: Waiting): Promise<void> {
  const method = METHODS.find(({ name }) => name === one.method);
  if (!method) throw new Error(`no method ${one.method}`);
  await call(method, fromJson(method.input, one.input as JsonValue) as MessageInitShape<DescMessage>);
}

async function isDone(one: Waiting): Promise<boolean> {
  return legDone(one, (await call(RoutingService.method.getOrder, { order: one.orderId })).order);
}

/** The queue of whoever is signed in. */
export function useOutbox() {
  const { accountId } = useSession();
  const client = useQueryClient();
  const line = useLine();
  const [waiting, setWaiting] = useState<Waiting[]>([]);
  const [sending, setSending] = useState(false);
  const busy = useRef(false);

  const look = useCallback(async () => setWaiting(await listWaiting(accountId)), [accountId]);

  const flush = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    setSending(true);
    try {
      // One tab sends; another one that tries meanwhile finds the queue empty.
      const round = await navigator.locks.request("hotline-outbox", () =>
        sendAll({ list: () => listWaiting(accountId), put: putWaiting, drop: dropWaiting, send: sendOne, done: isDone }),
      );
      if (round.sent > 0) void client.invalidateQueries({ queryKey: ["rpc", RoutingService.typeName] });
    } finally {
      busy.current = false;
      setSending(false);
      await look();
    }
  }, [accountId, client, look]);

  useEffect(() => void look(), [look]);
  const some = waiting.some(({ state }) => state === "waiting");
  useEffect(() => {
    if (!some) return;
    const now = () => void flush();
    const timer = setInterval(now, AGAIN_MS);
    window.addEventListener("online", now);
    if (navigator.onLine && line.state === "live") now();
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", now);
    };
  }, [some, flush, line.state]);

  /** Sends at once; true when it was taken, false when it waits. Throws what the service refused. */
  const submit = useCallback(
    async <I extends DescMessage>(method: DescMethodUnary<I, DescMessage>, input: MessageInitShape<I>, about: About): Promise<boolean> => {
      const before = (await listWaiting(accountId)).some(({ legId }) => legId === about.legId);
      if (navigator.onLine && !before) {
        try {
          await call(method, input);
          void client.invalidateQueries({ queryKey: ["rpc", RoutingService.typeName] });
          void client.invalidateQueries({ queryKey: ["rpc", "hotline.sla.v1.SlaTimerService"] });
          return true;
        } catch (thrown) {
          const failure = failureOf(thrown);
          if (!failure.unreachable) throw failure;
        }
      }
      // The version is left out of what follows another waiting command: that one will have moved it.
      const json = toJson(method.input, create(method.input, (before ? { ...input, version: 0n } : input) as MessageInitShape<I>));
      await putWaiting({
        id: newIdempotencyKey(),
        account: accountId,
        service: method.parent.typeName,
        method: method.name,
        input: json,
        at: Date.now(),
        state: "waiting",
        why: "",
        ...about,
      });
      await look();
      return false;
    },
    [accountId, client, look],
  );

  const drop = useCallback(
    async (id: string) => {
      await dropWaiting(id);
      await look();
    },
    [look],
  );

  /** Sends it once more as the order stands now. */
  const again = useCallback(
    async (one: Waiting) => {
      await putWaiting({ ...one, input: { ...(one.input as object), version: "0" }, state: "waiting", why: "" });
      await look();
      await flush();
    },
    [flush, look],
  );

  return { waiting, sending, submit, flush, drop, again };
}

/** The queue as components take it. */
export type Outbox = ReturnType<typeof useOutbox>;
