import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { BadRequestSchema, ErrorInfoSchema, LocalizedMessageSchema } from "@gen/google/rpc/error_details_pb";
import { failureOf, formPath } from "./errors";

test("a refusal keeps code, words, remedy, article and fields", () => {
  const error = new ConnectError("appeal.category: x", Code.InvalidArgument, new Headers({ "x-request-id": "r1" }), [
    { desc: ErrorInfoSchema, value: create(ErrorInfoSchema, { reason: "appeal.category", metadata: { remedy: "改", article: "12(3)" } }) },
    { desc: BadRequestSchema, value: create(BadRequestSchema, { fieldViolations: [{ field: "category", description: "不存在" }] }) },
    { desc: LocalizedMessageSchema, value: create(LocalizedMessageSchema, { locale: "zh-CN", message: "事项分类不存在" }) },
  ]);
  const failure = failureOf(error, "zh");
  expect(failure).toMatchObject({ reason: "appeal.category", message: "事项分类不存在", remedy: "改", article: "12(3)", requestId: "r1" });
  expect(failure.fields).toEqual([{ field: "category", text: "不存在" }]);
});

test("a connection that fails is unreachable, not unknown", () => {
  const failure = failureOf(new ConnectError("failed to fetch", Code.Unknown, undefined, undefined, new TypeError("x")), "zh");
  expect(failure.unreachable).toBe(true);
  expect(failure.message).toBe("服务暂不可用，请稍后重试");
});

test("a field of the contract becomes a path of the form", () => {
  expect(formPath("appellant.identity_number")).toEqual(["appellant", "identityNumber"]);
  expect(formPath("labels[2]")).toEqual(["labels", 2]);
  expect(formPath("co_handler_unit_ids")).toEqual(["coHandlerUnitIds"]);
});
