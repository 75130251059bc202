//! The refusals that the runtime itself gives, as codes with their remedies for `docs/errors.md`.

use hotline_policy::refusal::{Code, Kind};

/// Every code of this crate.
pub static CODES: &[&Code] = &[
    &TOKEN_MISSING,
    &TOKEN_EXPIRED,
    &TOKEN_INVALID,
    &ROLE_MISSING,
    &METHOD_CLOSED,
    &PAGE_TOKEN_INVALID,
    &PAGE_SIZE_INVALID,
    &PAGE_IDS_INVALID,
    &REQUEST_FIELD_UNKNOWN,
    &REQUEST_MALFORMED,
];

/// No token on a method that needs one; answered UNAUTHENTICATED.
pub static TOKEN_MISSING: Code = Code {
    id: "access.token_missing",
    kind: Kind::Denied,
    zh: "请求未携带令牌",
    en: "the call carries no token",
    remedy_zh: "请先登录,或在 authorization 中携带 Bearer 令牌",
    remedy_en: "sign in, or send a bearer token in `authorization`",
};

/// A token whose time is over; answered UNAUTHENTICATED.
pub static TOKEN_EXPIRED: Code = Code {
    id: "access.token_expired",
    kind: Kind::Denied,
    zh: "令牌已过期",
    en: "the token has expired",
    remedy_zh: "请重新登录或重新签发令牌",
    remedy_en: "sign in again, or issue a new token",
};

/// A token that is none, altered or of another installation; answered UNAUTHENTICATED.
pub static TOKEN_INVALID: Code = Code {
    id: "access.token_invalid",
    kind: Kind::Denied,
    zh: "令牌无效",
    en: "the token is not valid here",
    remedy_zh: "请使用本系统签发的令牌",
    remedy_en: "use a token that this installation issued",
};

/// A caller without any of the method's roles.
pub static ROLE_MISSING: Code = Code {
    id: "access.role_missing",
    kind: Kind::Denied,
    zh: "没有办理此事的角色",
    en: "the caller holds none of the roles that may do this",
    remedy_zh: "请由具备相应角色的人员办理",
    remedy_en: "let somebody with one of the roles do it",
};

/// A method whose contract says nothing about access, or that is unknown.
pub static METHOD_CLOSED: Code = Code {
    id: "access.method_closed",
    kind: Kind::Denied,
    zh: "该方法未声明访问权限,不予开放",
    en: "the method declares no access and is closed",
    remedy_zh: "请检查方法名;新方法须在契约中声明 access",
    remedy_en: "check the method's name; a new method must declare `access` in the contract",
};

/// A page token that this installation did not give for this list.
pub static PAGE_TOKEN_INVALID: Code = Code {
    id: "page.token_invalid",
    kind: Kind::Invalid,
    zh: "翻页标记无效",
    en: "the page token is not valid for this list",
    remedy_zh: "请从第一页重新开始,并保持筛选条件不变",
    remedy_en: "start again from the first page with the same filter",
};

/// A page size below zero.
pub static PAGE_SIZE_INVALID: Code = Code {
    id: "page.size_invalid",
    kind: Kind::Invalid,
    zh: "每页条数不能为负",
    en: "the page size is negative",
    remedy_zh: "请给出 0(默认)到 200 之间的数",
    remedy_en: "give 0 (default) to 200",
};

/// No identifier where a page of them is asked for, or more than a page.
pub static PAGE_IDS_INVALID: Code = Code {
    id: "page.ids_invalid",
    kind: Kind::Invalid,
    zh: "标识个数不在范围之内",
    en: "too many identifiers, or none",
    remedy_zh: "请一次给出 1 到 100 个",
    remedy_en: "give 1 to 100 at a time",
};

/// A request with a field that the contract does not define; its place and number are the field at fault.
pub static REQUEST_FIELD_UNKNOWN: Code = Code {
    id: "request.field_unknown",
    kind: Kind::Invalid,
    zh: "请求中有契约未定义的字段",
    en: "the request holds a field that the contract does not define",
    remedy_zh: "请按本系统发布的契约重新生成客户端,或去掉该字段",
    remedy_en: "make the client anew from this installation's contract, or leave the field out",
};

/// A request whose bytes are not what the contract says of a field.
pub static REQUEST_MALFORMED: Code = Code {
    id: "request.malformed",
    kind: Kind::Invalid,
    zh: "请求内容不符合契约的编码",
    en: "the request is not encoded as the contract says",
    remedy_zh: "请用本系统发布的契约生成的客户端编码请求,文字须为 UTF-8",
    remedy_en: "encode requests by a client made from this installation's contract, texts in UTF-8",
};
