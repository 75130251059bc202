import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { antdStyles } from "./scripts/antdStyles.ts";

const here = import.meta.dirname;
const gateway = process.env.HOTLINE_GATEWAY ?? "http://127.0.0.1:12300";

/** Code of so many pages is in one file with the rest of it: a file of its own costs every page a round through the browser. */
const SHARED_BY = 3;

/** Two builds, since what they share would otherwise be cut in pieces: the desks, and with `--mode screen` the command screen. */
export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === "screen" ? [] : [antdStyles()])],
  resolve: {
    alias: { "@shared": resolve(here, "src/shared"), "@gen": resolve(here, "src/gen") },
  },
  worker: { format: "es" },
  build: {
    target: "es2022",
    manifest: `.vite/${mode === "screen" ? "screen" : "desk"}.json`,
    emptyOutDir: mode !== "screen",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      input: resolve(here, mode === "screen" ? "screen.html" : "desk.html"),
      output: {
        codeSplitting:
          mode === "screen"
            ? false
            : {
                groups: [
                  { name: "frame", tags: ["$initial"], priority: 2 },
                  { name: "lists", minShareCount: SHARED_BY, priority: 1 },
                ],
              },
      },
    },
  },
  server: {
    port: 12399,
    proxy: Object.fromEntries(
      ["/rpc", "/files", "/sign-in", "/sign-out", "/link"].map((path) => [path, { target: gateway, changeOrigin: true }]),
    ),
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
}));
