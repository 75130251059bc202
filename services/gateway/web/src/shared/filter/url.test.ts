import { expect, test } from "vitest";
import { formatQuery, parseQuery, readFilters, writeFilters } from "./url";

const defaults = { queue: "pool", type: "", label: "" };

test("the address holds only what differs", () => {
  expect(writeFilters({ queue: "pool", type: "3", label: "" }, defaults)).toEqual({ type: "3" });
  expect(writeFilters({ queue: "", type: "", label: "" }, defaults)).toEqual({ queue: "" });
});

test("what is written is read again", () => {
  const values = { queue: "returns", type: "1", label: "企业" };
  expect(readFilters(parseQuery(formatQuery(writeFilters(values, defaults))), defaults)).toEqual(values);
});

test("an address of others does no harm", () => {
  expect(readFilters({ queue: 7, __proto__: { type: "x" }, other: "y", label: "x".repeat(999) }, defaults)).toEqual({
    queue: "pool",
    type: "",
    label: "x".repeat(200),
  });
});
