// A line to the platform that can be cut: every connection through it ends, and none is taken until it is mended.
import { connect, createServer } from "node:net";
import { base } from "./browser.mjs";

/** Opens it. `origin`: where pages find the platform through it. */
export async function openLine() {
  const { hostname, port } = new URL(base());
  const held = new Set();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const [socket, other] of [[near, far], [far, near]]) {
      held.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => held.delete(socket) && other.destroy());
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    whole = false;
    for (const socket of held) socket.destroy();
  };
  const mend = () => (whole = true);
  const close = () => {
    cut();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, cut, mend, close };
}
