// Calls as a hostile or a curious person makes them: gRPC-Web by hand, in the name of whoever is signed in.
import http from "node:http";
import { base } from "./browser.mjs";

/** What every call of our own pages carries. */
const OURS = { "x-hotline-csrf": "1" };

/** A message with strings alone: `{1: "…"}` by the number of the field. */
export function message(fields) {
  const parts = Object.entries(fields).map(([number, text]) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([varint((Number(number) << 3) | 2), varint(bytes.length), bytes]);
  });
  return Buffer.concat(parts);
}

function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/**
 * Calls a method such as "hotline.routing.v1.RoutingService/GetOrder".
 * @returns {Promise<{status: number, text: string, body: Buffer}>} the status of gRPC, its words, and all that was sent
 */
export async function rpc(context, method, fields, headers = OURS) {
  const body = message(fields);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  const answer = await context.request.post(`/rpc/${method}`, {
    headers: { "content-type": "application/grpc-web+proto", "accept-language": "zh-CN", ...headers },
    data: Buffer.concat([head, body]),
  });
  const sent = await answer.body();
  const told = { ...answer.headers(), ...trailers(sent) };
  return { status: Number(told["grpc-status"]), text: decodeURIComponent(told["grpc-message"] ?? ""), body: sent };
}

/** The trailers of a body: the frame whose first bit says so. */
function trailers(body) {
  for (let at = 0; at + 5 <= body.length; at += 5 + body.readUInt32BE(at + 1)) {
    if ((body[at] & 0x80) === 0) continue;
    const lines = body.subarray(at + 5, at + 5 + body.readUInt32BE(at + 1)).toString().trim().split("\r\n");
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()]));
  }
  return {};
}

/**
 * Asks for a path exactly as it is written; browsers and fetch would tidy it first.
 * @returns {Promise<{status: number, body: string}>}
 */
export function getRaw(path, headers = {}) {
  const { hostname, port } = new URL(base());
  return new Promise((resolve, reject) => {
    const asked = http.get({ hostname, port, path, headers }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    asked.on("error", reject);
  });
}
