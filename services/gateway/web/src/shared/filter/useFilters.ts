/** The filter of a list, held in the address: a reload, a bookmark and a colleague see the same list. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { type Filters, readFilters, writeFilters } from "./url";

/** Values, and a way to change some of them. `defaults` must not change between renders. */
export function useFilters<F extends Filters>(defaults: F): [F, (change: Partial<F>) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const values = useMemo(() => readFilters(search, defaults), [search, defaults]);
  const change = useCallback(
    (next: Partial<F>) => {
      void navigate({ to: ".", search: writeFilters({ ...values, ...next }, defaults) as never, replace: true });
    },
    [navigate, values, defaults],
  );
  return [values, change];
}
