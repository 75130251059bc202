/**
 * Orders by time left, worst first. The clocks' service knows what is due, the orders' service what an order is: a page is
 * what is due next, and of it what the desk's filter lets through; behind the last of them come, newest first, the orders
 * that pass the filter and have no such duty. So nothing that waits is missing. Pure but for the calls, for tests.
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ListOrdersRequestSchema, Order } from "@gen/hotline/routing/v1/routing_pb";
import { type Clock, ClockState, type ListDueClocksRequestSchema } from "@gen/hotline/sla/v1/sla_pb";
import { byOrder, isDuty } from "./nearest";

/** A list of the orders' service. */
export type OrderList = Omit<MessageInitShape<typeof ListOrdersRequestSchema>, "$typeName" | "orderIds" | "pageSize" | "pageToken">;
/** What counts as due. */
export type DueList = Omit<MessageInitShape<typeof ListDueClocksRequestSchema>, "$typeName" | "pageSize" | "pageToken">;

/** What to list. */
export interface DueInput {
  due: DueList;
  /** An order is shown when one of these has it. */
  lists: readonly OrderList[];
  /** Leaves out orders without a duty: for lists that are about duties, not about orders. */
  onlyDue?: boolean;
}

/** An order with the clock by which it stands where it does; without one in the rest. */
export interface DueRow {
  order: Order;
  clock: Clock | undefined;
}

/** The calls. */
export interface DueCalls {
  due: (input: DueList, size: number, token: string) => Promise<{ clocks: Clock[]; next: string }>;
  orders: (list: OrderList, size: number, token: string) => Promise<{ orders: Order[]; next: string }>;
  named: (list: OrderList, orderIds: readonly string[]) => Promise<Order[]>;
  open: (orderIds: readonly string[]) => Promise<Clock[]>;
}

/** Calls of one kind for one page at most: a filter that lets almost nothing through gives a short page, and the next one. */
const ROUNDS = 12;
/** Share of its rows with which a page of what is due is shown: what is still missing would cost a round of calls each time. */
const ENOUGH = 0.5;
/** Orders of the rest that are looked at together. */
const REST = 100;

const idOf = (order: Order) => order.facts?.orderId ?? "";

/** One page of about `size` rows; `token` as the page before gave it, empty for the first. */
export async function duePage(input: DueInput, calls: DueCalls, size: number, token: string): Promise<{ rows: DueRow[]; next: string }> {
  const rows: DueRow[] = [];
  let place = token === "" ? "d" : token;
  const full = () => rows.length >= (place.startsWith("d") ? size * ENOUGH : size);
  for (let round = 0; round < ROUNDS && !full() && place !== ""; round++) {
    const found = place.startsWith("d") ? await dueRows(input, calls, size - rows.length, place.slice(1)) : await restRows(input, calls, place);
    rows.push(...found.rows);
    place = found.next;
  }
  return { rows, next: place };
}

async function dueRows({ due, lists, onlyDue }: DueInput, calls: DueCalls, size: number, token: string) {
  // A clock more or less: rows that the filter drops are made up for in the next round.
  const page = await calls.due(due, Math.min(REST, Math.max(size, 10)), token);
  const known = await anyOf(lists, calls, page.clocks.map((clock) => clock.order?.orderId ?? ""));
  const rows = page.clocks.flatMap((clock): DueRow[] => {
    const order = known.get(clock.order?.orderId ?? "");
    return order ? [{ order, clock }] : [];
  });
  return { rows, next: page.next === "" ? (onlyDue ? "" : "r0:") : `d${page.next}` };
}

async function restRows({ due, lists }: DueInput, calls: DueCalls, place: string) {
  const cut = place.indexOf(":");
  const at = Number(place.slice(1, cut));
  const list = lists[at];
  if (!list) return { rows: [], next: "" };
  const page = await calls.orders(list, REST, place.slice(cut + 1));
  const ids = page.orders.map(idOf);
  const clocks = byOrder(ids.length > 0 ? await calls.open(ids) : []);
  const earlier = await anyOf(lists.slice(0, at), calls, ids);
  const rows = page.orders
    .filter((order) => !earlier.has(idOf(order)) && !(clocks.get(idOf(order)) ?? []).some((clock) => counts(due, clock)))
    .map((order): DueRow => ({ order, clock: undefined }));
  const next = page.next !== "" ? `r${at}:${page.next}` : at + 1 < lists.length ? `r${at + 1}:` : "";
  return { rows, next };
}

/** Orders of these that one of the lists has. */
async function anyOf(lists: readonly OrderList[], calls: DueCalls, orderIds: readonly string[]): Promise<Map<string, Order>> {
  if (orderIds.length === 0) return new Map();
  const found = await Promise.all(lists.map((list) => calls.named(list, orderIds)));
  return new Map(found.flat().map((order) => [idOf(order), order]));
}

/** Whether the clocks' service would have listed the clock. */
export function counts(due: DueList, clock: Clock): boolean {
  const facts = clock.facts;
  const wanted = due.obligations ?? [];
  return (
    isDuty(clock) &&
    (wanted.length === 0 || wanted.includes(facts?.obligation ?? "")) &&
    (!due.platform || facts?.unitId === "") &&
    (!due.unitId || facts?.unitId === due.unitId) &&
    ((due.state ?? ClockState.UNSPECIFIED) === ClockState.UNSPECIFIED || clock.state === due.state)
  );
}
