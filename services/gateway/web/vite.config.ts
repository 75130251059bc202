import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = import.meta.dirname;
const gateway = process.env.HOTLINE_GATEWAY ?? "http://127.0.0.1:12300";

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: { "@shared": resolve(here, "src/shared"), "@gen": resolve(here, "src/gen") },
  },
  worker: { format: "es" },
  build: {
    target: "es2022",
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: { desk: resolve(here, "desk.html"), screen: resolve(here, "screen.html") },
    },
  },
  server: {
    port: 12399,
    proxy: Object.fromEntries(
      ["/rpc", "/files", "/sign-in", "/sign-out", "/link"].map((path) => [path, { target: gateway, changeOrigin: true }]),
    ),
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
