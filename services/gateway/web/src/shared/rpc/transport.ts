/** The one way to the services: gRPC-Web through the gateway, same origin. */
import type { Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { lang } from "../i18n/i18n";

/** Milliseconds after which a unary call counts as unanswered. */
export const UNARY_TIMEOUT_MS = 20_000;

const headers: Interceptor = (next) => (request) => {
  request.header.set("x-hotline-csrf", "1");
  request.header.set("accept-language", lang() === "zh" ? "zh-CN" : "en");
  return next(request);
};

/** Carries every call of a page or a worker. */
export const transport = createGrpcWebTransport({
  baseUrl: "/rpc",
  interceptors: [headers],
});

/** The same for the last word of a page: the browser sends it although the page is gone. */
export const leavingTransport = createGrpcWebTransport({
  baseUrl: "/rpc",
  interceptors: [headers],
  fetch: (input, init) => fetch(input, { ...init, keepalive: true }),
});

/** A name for a request that may be sent twice: the same key gives the same answer. */
export function newIdempotencyKey(): string {
  return `web-${crypto.randomUUID()}`;
}
