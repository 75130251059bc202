import { create } from "@bufbuild/protobuf";
import { AppealType, Channel } from "@gen/hotline/common/v1/common_pb";
import { GetIntakeGuideResponseSchema } from "@gen/hotline/intake/v1/intake_pb";
import { expect, test } from "vitest";
import { neededFields, realNames, scopeOf } from "./scope";

const guide = create(GetIntakeGuideResponseSchema, {
  accepts: [
    { code: "urban", name: "城建", categories: ["urban"] },
    { code: "praise", name: "表扬", types: [AppealType.PRAISE], channels: [Channel.TELEPHONE] },
  ],
  realNames: [{ name: "举报", types: [AppealType.REPORT], requires: ["name", "id_number"] }],
});
const matter = (more = {}) => ({ type: AppealType.HELP, channel: Channel.TELEPHONE, category: "urban.road_lamp", labels: [], ...more });

test("a group covers its members and nothing beside", () => {
  expect(scopeOf(guide, matter())).toMatchObject({ kind: "inside", item: { code: "urban" } });
  expect(scopeOf(guide, matter({ category: "urbanity" }))).toEqual({ kind: "outside" });
});

test("a channel that is not listed is outside", () => {
  const praise = { type: AppealType.PRAISE, category: "work.style" };
  expect(scopeOf(guide, matter(praise)).kind).toBe("inside");
  expect(scopeOf(guide, matter({ ...praise, channel: Channel.WEB })).kind).toBe("outside");
});

test("without a list everything is taken on, and without a category nothing is said", () => {
  expect(scopeOf(create(GetIntakeGuideResponseSchema), matter()).kind).toBe("everything");
  expect(scopeOf(guide, matter({ category: undefined })).kind).toBe("unknown");
});

test("a report needs a name and an identity number", () => {
  expect(neededFields(realNames(guide, matter()))).toEqual(new Set());
  expect(neededFields(realNames(guide, matter({ type: AppealType.REPORT })))).toEqual(new Set(["name", "id_number"]));
});
