import "fake-indexeddb/auto";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { beforeEach, expect, test } from "vitest";
import { LegState, OrderSchema } from "@gen/hotline/routing/v1/routing_pb";
import { RpcFailure } from "../rpc/errors";
import { legDone } from "./legDone";
import { sendAll, type World } from "./send";
import { dropWaiting, listWaiting, putWaiting, type Waiting } from "./store";

const one = (id: string, more: Partial<Waiting> = {}): Waiting => ({
  id,
  account: "a",
  service: "hotline.routing.v1.RoutingService",
  method: "SignLeg",
  input: {},
  label: id,
  orderId: "o",
  legId: id,
  at: Number(id.replace(/\D/g, "")),
  state: "waiting",
  why: "",
  ...more,
});
const failed = (code: Code, words = "") => new RpcFailure(code, "", words, "", "", [], "");
const world = (send: World["send"], done = false): World => ({
  list: () => listWaiting("a"),
  put: putWaiting,
  drop: dropWaiting,
  send,
  done: () => Promise.resolve(done),
});

beforeEach(async () => {
  for (const account of ["a", "b"]) for (const { id } of await listWaiting(account)) await dropWaiting(id);
});

test("what waits is kept, in its order, apart by account", async () => {
  await putWaiting(one("k2"));
  await putWaiting(one("k1"));
  await putWaiting(one("k3", { account: "b" }));
  expect((await listWaiting("a")).map(({ id }) => id)).toEqual(["k1", "k2"]);
});

test("everything is sent once and in order", async () => {
  const seen: string[] = [];
  await putWaiting(one("k2"));
  await putWaiting(one("k1"));
  const round = await sendAll(world(async ({ id }) => void seen.push(id)));
  expect(round).toEqual({ sent: 2, cut: false });
  expect(seen).toEqual(["k1", "k2"]);
  expect(await listWaiting("a")).toEqual([]);
});

test("a cut line keeps all that is left, unchanged", async () => {
  await putWaiting(one("k1"));
  await putWaiting(one("k2"));
  const round = await sendAll(world(() => Promise.reject(failed(Code.Unavailable))));
  expect(round).toEqual({ sent: 0, cut: true });
  expect((await listWaiting("a")).map(({ state }) => state)).toEqual(["waiting", "waiting"]);
});

test("a changed order is a conflict, and what follows on its leg waits for the person", async () => {
  await putWaiting(one("k1", { legId: "l" }));
  await putWaiting(one("k2", { legId: "l", method: "ReplyLeg" }));
  await putWaiting(one("k3", { legId: "m" }));
  const round = await sendAll(world((entry) => (entry.id === "k1" ? Promise.reject(failed(Code.Aborted, "moved")) : Promise.resolve())));
  expect(round.sent).toBe(1);
  expect((await listWaiting("a")).map(({ id, state, why }) => [id, state, why])).toEqual([
    ["k1", "conflict", "moved"],
    ["k2", "waiting", ""],
  ]);
});

test("a command whose answer was lost is not a conflict", async () => {
  await putWaiting(one("k1"));
  expect((await sendAll(world(() => Promise.reject(failed(Code.Aborted)), true))).sent).toBe(1);
  expect(await listWaiting("a")).toEqual([]);
});

test("the order itself says what was taken", () => {
  const order = (state: LegState, more = {}) => create(OrderSchema, { legs: [{ facts: { legId: "l" }, state, ...more }] });
  const sign = one("k1", { legId: "l" });
  expect(legDone(sign, order(LegState.SIGNED))).toBe(true);
  expect(legDone(sign, order(LegState.TO_SIGN))).toBe(false);
  expect(legDone(sign, order(LegState.RETURNED))).toBe(false);
  const contact = one("k1", { legId: "l", method: "RecordContact", at: 5000 });
  expect(legDone(contact, order(LegState.SIGNED, { contactedAt: timestampFromMs(4000) }))).toBe(false);
  expect(legDone(contact, order(LegState.SIGNED, { contactedAt: timestampFromMs(6000) }))).toBe(true);
  const reply = one("k1", { legId: "l", method: "ReplyLeg", input: { reply: { publicText: "x", action: "y" } } });
  expect(legDone(reply, order(LegState.REPLIED, { reply: { publicText: "x", action: "y" } }))).toBe(true);
  expect(legDone(reply, order(LegState.SENT_BACK, { reply: { publicText: "x", action: "y" } }))).toBe(false);
});
