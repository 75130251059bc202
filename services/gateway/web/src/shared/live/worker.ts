/** The shared worker: holds the browser's one stream and passes on to every tab what it says. */
import type { PresentHint, ToTab, ToWorker } from "./messages";
import { DeskStream } from "./stream";

/** What of a shared worker's scope is used. */
const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void };
/** Tabs and when each was last heard. Hidden tabs are slowed by the browser to one word a minute. */
const tabs = new Map<MessagePort, number>();
const FORGET_MS = 150_000;
const presence = new Map<string, PresentHint[]>();

const stream = new DeskStream(crypto.randomUUID(), (message) => {
  if (message.type === "presence") {
    for (const [orderId, people] of message.orders) {
      if (people.length === 0) presence.delete(orderId);
      else presence.set(orderId, people);
    }
  }
  for (const [port, heard] of tabs) {
    if (Date.now() - heard > FORGET_MS) tabs.delete(port);
    else port.postMessage(message);
  }
});

function welcome(port: MessagePort): void {
  const messages: ToTab[] = [
    stream.line(),
    { type: "presence", orders: [...presence] },
  ];
  for (const message of messages) port.postMessage(message);
}

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    if (data.type === "left") {
      tabs.delete(port);
      return;
    }
    const fresh = !tabs.has(port);
    tabs.set(port, Date.now());
    if (fresh) welcome(port);
    if (fresh || data.type === "retry") stream.start();
  };
  port.start();
};
