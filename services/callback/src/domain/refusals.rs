//! Every reason for which the call-backs' service says no.

use hotline_policy::refusal::{Code, Kind};

/// Every code of this service.
pub const ALL: &[&Code] = &[
    &ABSENT,
    &CLAIMED,
    &ID_INVALID,
    &JUDGE_REASON_MISSING,
    &NOT_DUE,
    &POLICY_ABSENT,
    &REASON_MISSING,
    &STALE,
    &STATE_WRONG,
    &TEXT_TOO_LONG,
    &TEXT_UNPRINTABLE,
    &VALUE_UNKNOWN,
];

/// Nothing has this identifier.
pub static ABSENT: Code = Code {
    id: "callback.absent",
    kind: Kind::NotFound,
    zh: "回访不存在",
    en: "there is no such call-back",
    remedy_zh: "请从回访列表重新选择",
    remedy_en: "choose one from the list",
};

/// Somebody else makes the call.
pub static CLAIMED: Code = Code {
    id: "callback.claimed",
    kind: Kind::Conflict,
    zh: "该回访已由他人领取",
    en: "somebody else makes this call-back",
    remedy_zh: "请另选一条;领取满30分钟未完成的可再领取",
    remedy_en: "take another one; a claim that is 30 minutes old may be taken over",
};

/// An identifier that is none.
pub static ID_INVALID: Code = Code {
    id: "callback.id_invalid",
    kind: Kind::Invalid,
    zh: "标识格式不正确",
    en: "the identifier is not a UUID",
    remedy_zh: "请使用系统给出的标识",
    remedy_en: "use an identifier that the system gave",
};

/// A judgement without its reason.
pub static JUDGE_REASON_MISSING: Code = Code {
    id: "callback.judge_reason_missing",
    kind: Kind::Invalid,
    zh: "研判结论须说明理由",
    en: "a judgement needs its reason",
    remedy_zh: "请写明理由和佐证",
    remedy_en: "write why, with the evidence",
};

/// An attempt before its time.
pub static NOT_DUE: Code = Code {
    id: "callback.not_due",
    kind: Kind::Precondition,
    zh: "尚未到回访时间",
    en: "the call-back is not due yet",
    remedy_zh: "请在所示时间之后回访",
    remedy_en: "call after the time that is shown",
};

/// The order's policy has no rule for call-backs, or is not known here.
pub static POLICY_ABSENT: Code = Code {
    id: "callback.policy_absent",
    kind: Kind::Precondition,
    zh: "该工单适用的办法没有回访规则,或不在本系统",
    en: "the order's policy has no rule for call-backs, or is not known here",
    remedy_zh: "请管理员恢复受理时所用的办法文件",
    remedy_en: "let an administrator restore the policy that the order was opened under",
};

/// A bad answer without its reason.
pub static REASON_MISSING: Code = Code {
    id: "callback.reason_missing",
    kind: Kind::Invalid,
    zh: "回访不满意的须了解并填写原因",
    en: "a bad answer needs its reason",
    remedy_zh: "请询问并填写不满意的原因",
    remedy_en: "ask for the reason and write it down",
};

/// A version that is no longer the newest.
pub static STALE: Code = Code {
    id: "callback.stale",
    kind: Kind::Conflict,
    zh: "回访已被更新",
    en: "the call-back has changed since it was read",
    remedy_zh: "请刷新后重试",
    remedy_en: "read it again and retry",
};

/// A command in the wrong state.
pub static STATE_WRONG: Code = Code {
    id: "callback.state_wrong",
    kind: Kind::Precondition,
    zh: "回访当前状态不能办理此操作",
    en: "the call-back is in a state that does not allow this",
    remedy_zh: "请刷新后查看当前状态",
    remedy_en: "read it again to see how it stands",
};

/// A text that is too long.
pub static TEXT_TOO_LONG: Code = Code {
    id: "callback.text_too_long",
    kind: Kind::Invalid,
    zh: "文字过长",
    en: "the text is too long",
    remedy_zh: "请压缩到所示字数以内",
    remedy_en: "shorten it to the number of characters shown",
};

/// A text with control or direction characters.
pub static TEXT_UNPRINTABLE: Code = Code {
    id: "callback.text_unprintable",
    kind: Kind::Invalid,
    zh: "文字含有控制字符或方向控制符",
    en: "the text holds control or direction characters",
    remedy_zh: "请删除不可见字符",
    remedy_en: "remove the invisible characters",
};

/// A value that the list does not have, or that is required and was not given.
pub static VALUE_UNKNOWN: Code = Code {
    id: "callback.value_unknown",
    kind: Kind::Invalid,
    zh: "取值未填写或不在可选范围",
    en: "the value is missing or not one of those allowed",
    remedy_zh: "请从所列的值中选择",
    remedy_en: "choose one of the values allowed",
};
