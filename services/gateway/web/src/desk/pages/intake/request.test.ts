import { timestampMs } from "@bufbuild/protobuf/wkt";
import { AppealType, Channel } from "@gen/hotline/common/v1/common_pb";
import { expect, test } from "vitest";
import { FRESH, requestOf, withWords } from "./request";

test("a time is China's, whatever the browser's zone", () => {
  const request = requestOf({ ...FRESH, category: "urban.road_lamp", division: "320302", incidentTime: "2026-11-22T16:30" }, "k", true);
  expect(request).toMatchObject({ idempotencyKey: "k", accept: true, category: "urban.road_lamp", division: "320302", type: AppealType.HELP, channel: Channel.TELEPHONE });
  expect(request.incidentTime && timestampMs(request.incidentTime as never)).toBe(Date.UTC(2026, 10, 22, 8, 30));
});

test("whoever stays anonymous leaves no name behind in the form", () => {
  const request = requestOf({ ...FRESH, appellant: { anonymous: true, name: "张三", identityNumber: "x", telephone: "138" } }, "k", false);
  expect(request.appellant).toMatchObject({ anonymous: true, name: "", identityNumber: "", telephone: "138" });
});

test("an enterprise counts only while its switch is on", () => {
  const appellant = { enterprise: { name: " 某厂 ", creditCode: "" } };
  expect(requestOf({ ...FRESH, appellant }, "k", false).appellant?.enterprise).toBeUndefined();
  expect(requestOf({ ...FRESH, forEnterprise: true, appellant }, "k", false).appellant?.enterprise).toEqual({ name: "某厂", creditCode: "" });
});

test("words that are copied follow what stands there, with where they came from", () => {
  const once = withWords(undefined, "请拨打 119", "119 消防救援");
  expect(withWords(once, "三个工作日内答复", "答复时限")).toEqual({ answer: "请拨打 119\n三个工作日内答复", reference: "119 消防救援；答复时限" });
  expect(withWords({ reference: "长".repeat(190) }, "x", "另一条知识很长很长很长很长").reference).toHaveLength(200);
});
