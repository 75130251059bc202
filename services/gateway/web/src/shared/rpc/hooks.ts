/** Calls as hooks: `useRpc(RoutingService.method.getOrder, { order })`, and commands that tell what they changed. */
import { create, type DescMessage, type DescMethodUnary, type MessageInitShape, type MessageShape, toJsonString } from "@bufbuild/protobuf";
import { keepPreviousData, type QueryKey, queryOptions, type UseQueryOptions, type UseQueryResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { noteSignedOut } from "../session/signedOut";
import { failureOf, type RpcFailure } from "./errors";
import { leavingTransport, transport, UNARY_TIMEOUT_MS } from "./transport";

/** Calls once; throws an `RpcFailure`. */
export async function call<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  input: MessageInitShape<I>,
  signal?: AbortSignal,
): Promise<MessageShape<O>> {
  try {
    return (await transport.unary(method, signal, UNARY_TIMEOUT_MS, undefined, input)).message;
  } catch (thrown) {
    const failure = failureOf(thrown);
    if (failure.signedOut) noteSignedOut();
    throw failure;
  }
}

/** Calls as the page is left; nobody is there to hear the answer. */
export function callLeaving<I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>, input: MessageInitShape<I>): void {
  leavingTransport.unary(method, undefined, undefined, undefined, input).catch(() => undefined);
}

/** Key of a call in the cache: `["rpc", service, method, input as JSON]`, free of bigint. */
export function keyOf<I extends DescMessage>(method: DescMethodUnary<I, DescMessage>, input: MessageInitShape<I>): QueryKey {
  return ["rpc", method.parent.typeName, method.name, toJsonString(method.input, create(method.input, input))];
}

/** What may be said about a query. */
export interface RpcOptions {
  enabled?: boolean;
  /** Shows the last answer while the next one comes: for lists whose filter changes. */
  keepPrevious?: boolean;
  /** A list whose rows must not move under the pointer: a hint shows a chip, and the reader loads it. */
  list?: boolean;
  /** Milliseconds for which an answer is taken as fresh; 15 s unless told. */
  staleTime?: number;
  /** Milliseconds between two looks; none unless told: live hints reload what changed. */
  refetchInterval?: number;
}

/** The call as a query. */
export function rpcQuery<I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>, input: MessageInitShape<I>, options: RpcOptions = {}) {
  return queryOptions<MessageShape<O>, RpcFailure>({
    queryKey: keyOf(method, input),
    queryFn: ({ signal }) => call(method, input, signal),
    enabled: options.enabled ?? true,
    staleTime: options.staleTime ?? 15_000,
    refetchInterval: options.refetchInterval ?? false,
    placeholderData: options.keepPrevious ? keepPreviousData : undefined,
    structuralSharing: false,
    meta: { quiet: options.list === true },
  });
}

/** Asks as soon as the page is drawn for the first time, not when it stands on the screen. */
export function usePrompt<T>(asked: UseQueryOptions<T, RpcFailure>): void {
  const client = useQueryClient();
  if (asked.enabled === true && client.getQueryState(asked.queryKey) === undefined) void client.prefetchQuery(asked);
}

/** The answer of a call, kept in the cache and loaded again when a live hint concerns its service. */
export function useRpc<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  input: MessageInitShape<I>,
  options: RpcOptions = {},
): UseQueryResult<MessageShape<O>, RpcFailure> {
  const asked = rpcQuery(method, input, options);
  usePrompt(asked);
  return useQuery<MessageShape<O>, RpcFailure>(asked);
}

/** Services whose answers a command of this service changes, too. */
const TOUCHES: Record<string, readonly string[]> = {
  "hotline.intake.v1.IntakeService": ["hotline.routing.v1.RoutingService"],
  "hotline.routing.v1.RoutingService": ["hotline.intake.v1.IntakeService", "hotline.sla.v1.SlaTimerService"],
  "hotline.callback.v1.CallbackService": ["hotline.routing.v1.RoutingService", "hotline.intake.v1.IntakeService"],
};

/** A command. `run(input)` resolves with the answer or throws an `RpcFailure`; what it touched is loaded again. */
export function useCommand<I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>) {
  const client = useQueryClient();
  const mutation = useMutation<MessageShape<O>, RpcFailure, MessageInitShape<I>>({
    mutationFn: (input) => call(method, input),
    onSettled: () => {
      const own = method.parent.typeName;
      for (const service of [own, ...(TOUCHES[own] ?? [])]) void client.invalidateQueries({ queryKey: ["rpc", service] });
    },
  });
  return { run: mutation.mutateAsync, pending: mutation.isPending, failure: mutation.error };
}
