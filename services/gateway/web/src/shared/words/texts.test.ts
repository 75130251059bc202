import { expect, test } from "vitest";
import { limitsIn, withoutPlace } from "./texts";

test("a limit within a text is said in Chinese", () => {
  expect(limitsIn("派前审核时限2 working hours,11:00前")).toBe("派前审核时限 2 个工作小时,11:00前");
});

test("the place in a file is left out, other brackets stay", () => {
  expect(withoutPlace("城乡建设:按主管部门 (deploy/cities/xuzhou/catalogue.toml:889)")).toBe("城乡建设:按主管部门");
  expect(withoutPlace("派送市城管局(主办)")).toBe("派送市城管局(主办)");
});
