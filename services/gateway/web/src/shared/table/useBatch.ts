/** Runs batches of commands: held for eight seconds like every command, then told as they go. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { failureOf } from "../rpc/errors";
import { useUndo } from "../ui/undo";
import { runBatch, type Tally } from "./batch";

/** A batch that runs or has run. */
export interface Running<T> {
  label: string;
  tally: Tally<T>;
}

interface Batch<T> {
  label: string;
  items: readonly T[];
  act: (item: T) => Promise<unknown>;
  /** Everything was tried, or the batch was taken back: the rows are shown again where they belong. */
  after?: () => void;
}

/** `start(batch)`, and what the report shows. */
export function useBatch<T>() {
  const later = useUndo();
  const client = useQueryClient();
  const [running, setRunning] = useState<Running<T>>();
  const stop = useRef(false);
  const start = ({ label, items, act, after }: Batch<T>) => {
    later({
      label,
      commit: async () => {
        stop.current = false;
        const tell = (tally: Tally<T>) => setRunning({ label, tally });
        await runBatch(items, act, (thrown) => failureOf(thrown).message, tell, () => stop.current);
        await client.invalidateQueries({ queryKey: ["rpc"] });
        after?.();
      },
      restore: () => after?.(),
    });
  };
  return { start, running, stop: () => void (stop.current = true), clear: () => setRunning(undefined) };
}
