/** What a call that failed says: code, words, remedy, article and the fields at fault, as the services sent them. */
import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, LocalizedMessageSchema } from "@gen/google/rpc/error_details_pb";
import { type Lang, lang } from "../i18n/i18n";

/** One field at fault. */
export interface FieldFault {
  /** Name in the contract: `appellant.identity_number`. */
  field: string;
  /** What is wrong, in the reader's language. */
  text: string;
}

/** A call that failed, in the reader's words. */
export class RpcFailure extends Error {
  override readonly name = "RpcFailure";
  constructor(
    readonly code: Code,
    /** Code of the refusal such as `appeal.category`; empty for a fault. */
    readonly reason: string,
    message: string,
    /** What to do about it; may be empty. */
    readonly remedy: string,
    /** Article that it rests on; may be empty. */
    readonly article: string,
    readonly fields: readonly FieldFault[],
    /** Identifier of the request for whoever is asked for help; may be empty. */
    readonly requestId: string,
  ) {
    super(message);
  }

  /** Nobody is signed in any more. */
  get signedOut(): boolean {
    return this.code === Code.Unauthenticated;
  }

  /** Somebody else changed the record in between. */
  get stale(): boolean {
    return this.code === Code.Aborted;
  }

  /** Nothing was heard: the same request may be sent again. */
  get unreachable(): boolean {
    return this.code === Code.Unavailable || this.code === Code.DeadlineExceeded;
  }
}

const PLAIN: Partial<Record<Code, readonly [string, string]>> = {
  [Code.Unavailable]: ["服务暂不可用，请稍后重试", "unavailable, try again later"],
  [Code.DeadlineExceeded]: ["服务未及时答复，请重试", "no answer in time, try again"],
  [Code.Unauthenticated]: ["登录已失效，请重新登录", "the session is over, sign in again"],
  [Code.PermissionDenied]: ["没有办理此事的权限", "you may not do this"],
  [Code.NotFound]: ["没有找到", "not found"],
  [Code.ResourceExhausted]: ["请求过于频繁，请稍后再试", "too many requests, try again later"],
  [Code.Internal]: ["内部错误，请稍后重试", "internal error, try again later"],
  [Code.Unimplemented]: ["本系统未提供此功能", "not provided here"],
};

/** Whatever was thrown, as a failure that can be shown. */
export function failureOf(thrown: unknown, language: Lang = lang()): RpcFailure {
  if (thrown instanceof RpcFailure) return thrown;
  const error = ConnectError.from(thrown);
  // connect-web reports a connection that could not be made as Unknown with the browser's own words.
  const code = error.code === Code.Unknown && error.cause instanceof TypeError ? Code.Unavailable : error.code;
  const info = error.findDetails(ErrorInfoSchema)[0];
  const words = error.findDetails(LocalizedMessageSchema)[0]?.message;
  const plain = PLAIN[code]?.[language === "zh" ? 0 : 1];
  const fields = error
    .findDetails(BadRequestSchema)
    .flatMap((detail) => detail.fieldViolations)
    .map(({ field, description }) => ({ field, text: description }));
  return new RpcFailure(
    code,
    info?.reason ?? "",
    words ?? plain ?? error.rawMessage,
    info?.metadata.remedy ?? "",
    info?.metadata.article ?? "",
    fields,
    error.metadata.get("x-request-id") ?? "",
  );
}

/** `appellant.identity_number` as the path of a form: `["appellant", "identityNumber"]`; `labels[2]` as `["labels", 2]`. */
export function formPath(field: string): (string | number)[] {
  return field
    .split(/[.[\]]+/)
    .filter((part) => part !== "")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())));
}
