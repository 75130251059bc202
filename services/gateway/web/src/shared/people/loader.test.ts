import { expect, test, vi } from "vitest";
import { loader } from "./loader";

test("what is asked for together is fetched together, each key once and never more than the limit", async () => {
  const fetch = vi.fn(async (keys: string[]) => new Map(keys.filter((key) => key !== "u-9").map((key) => [key, key.toUpperCase()])));
  const load = loader(fetch, 2);
  const found = await Promise.all(["u-1", "u-2", "u-1", "u-9"].map(load));
  expect(found).toEqual(["U-1", "U-2", "U-1", undefined]);
  expect(fetch.mock.calls.map(([keys]) => keys)).toEqual([["u-1", "u-2"], ["u-9"]]);
});

test("a failure reaches everybody who asked, and the next question asks again", async () => {
  const fetch = vi.fn<(keys: string[]) => Promise<Map<string, string>>>().mockRejectedValueOnce(new Error("away"));
  fetch.mockResolvedValue(new Map([["u-1", "one"]]));
  const load = loader(fetch, 100);
  expect((await Promise.allSettled([load("u-1"), load("u-2")])).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await load("u-1")).toBe("one");
});
