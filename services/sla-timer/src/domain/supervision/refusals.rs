//! Every reason for which supervision says no.

use hotline_policy::refusal::{Code, Kind};

/// There is no such case.
pub static CASE_ABSENT: Code = Code {
    id: "supervision.absent",
    kind: Kind::NotFound,
    zh: "督办事项不存在",
    en: "there is no such case",
    remedy_zh: "请从督办台账重新选择",
    remedy_en: "choose one from the ledger",
};

/// The case is closed.
pub static CASE_CLOSED: Code = Code {
    id: "supervision.closed",
    kind: Kind::Precondition,
    zh: "督办事项已办结",
    en: "the case is closed",
    remedy_zh: "如需继续督办,请另立事项",
    remedy_en: "open another case to go on",
};

/// Something in the case is not finished.
pub static CASE_OPEN_DUTY: Code = Code {
    id: "supervision.open_duty",
    kind: Kind::Precondition,
    zh: "督办事项尚有未了事项",
    en: "something in the case is not finished",
    remedy_zh: "请先完成所列事项",
    remedy_en: "finish what is named first",
};

/// Somebody changed the case meanwhile.
pub static CASE_STALE: Code = Code {
    id: "supervision.stale",
    kind: Kind::Conflict,
    zh: "督办事项已被他人更新",
    en: "somebody changed the case meanwhile",
    remedy_zh: "请刷新后重试",
    remedy_en: "read it again and retry",
};

/// The idempotency key was used for something else.
pub static CASE_DUPLICATE: Code = Code {
    id: "supervision.duplicate",
    kind: Kind::Exists,
    zh: "同一请求标识已用于其他内容",
    en: "the idempotency key was used for something else",
    remedy_zh: "请更换请求标识",
    remedy_en: "use another key",
};

/// There is no such order, or it has no clock yet.
pub static ORDER_UNKNOWN: Code = Code {
    id: "supervision.order_unknown",
    kind: Kind::NotFound,
    zh: "工单不存在或尚未派单",
    en: "there is no such order, or it has no clock yet",
    remedy_zh: "请核对工单标识",
    remedy_en: "check the order's identifier",
};

/// There is no such city or policy.
pub static POLICY_UNKNOWN: Code = Code {
    id: "supervision.policy_unknown",
    kind: Kind::NotFound,
    zh: "没有这个城市或政策",
    en: "there is no such city or policy",
    remedy_zh: "请使用 hotline policy list 所列的名称",
    remedy_en: "use a name that `hotline policy list` shows",
};

/// The city's policy has no such value.
pub static VALUE_UNKNOWN: Code = Code {
    id: "supervision.value_unknown",
    kind: Kind::Invalid,
    zh: "取值不在该市政策所列范围内",
    en: "the city's policy has no such value",
    remedy_zh: "请从所列取值中选择",
    remedy_en: "choose one of those named",
};

/// Something that is needed was not given.
pub static TEXT_MISSING: Code = Code {
    id: "supervision.text_missing",
    kind: Kind::Invalid,
    zh: "缺少必填内容",
    en: "something that is needed was not given",
    remedy_zh: "请补充所指内容",
    remedy_en: "give what is named",
};

/// The text is too long.
pub static TEXT_TOO_LONG: Code = Code {
    id: "supervision.text_too_long",
    kind: Kind::Invalid,
    zh: "内容过长",
    en: "the text is too long",
    remedy_zh: "请精简内容",
    remedy_en: "shorten it",
};

/// The identifier is not a UUID.
pub static SUPERVISION_ID_INVALID: Code = Code {
    id: "supervision.id_invalid",
    kind: Kind::Invalid,
    zh: "标识格式不正确",
    en: "the identifier is not a UUID",
    remedy_zh: "请使用系统给出的标识",
    remedy_en: "use an identifier that the system gave",
};

/// The body does not have this right.
pub static RIGHT_MISSING: Code = Code {
    id: "supervision.right_missing",
    kind: Kind::Denied,
    zh: "该机构没有此项职权",
    en: "the body does not have this right",
    remedy_zh: "请由有此职权的机构办理",
    remedy_en: "let a body do it that has the right",
};

/// The case has no such document.
pub static INSTRUMENT_ABSENT: Code = Code {
    id: "supervision.instrument_absent",
    kind: Kind::NotFound,
    zh: "督办事项中没有这份文书",
    en: "the case has no such document",
    remedy_zh: "请从该事项的文书中选择",
    remedy_en: "choose a document of the case",
};

/// The document asks for no answer.
pub static REPLY_NOT_ASKED: Code = Code {
    id: "supervision.reply_not_asked",
    kind: Kind::Precondition,
    zh: "该文书不要求反馈",
    en: "the document asks for no answer",
    remedy_zh: "无需反馈",
    remedy_en: "there is nothing to answer",
};

/// The document is answered already.
pub static REPLY_STANDS: Code = Code {
    id: "supervision.reply_stands",
    kind: Kind::Precondition,
    zh: "该文书已有反馈",
    en: "the document is answered already",
    remedy_zh: "请等待审核",
    remedy_en: "wait for the decision",
};

/// No answer waits for a decision.
pub static REPLY_ABSENT: Code = Code {
    id: "supervision.reply_absent",
    kind: Kind::Precondition,
    zh: "没有待审核的反馈",
    en: "no answer waits for a decision",
    remedy_zh: "请等待单位反馈",
    remedy_en: "wait for the unit's answer",
};

/// The document went to another unit.
pub static UNIT_OTHER: Code = Code {
    id: "supervision.unit_other",
    kind: Kind::Denied,
    zh: "该文书不是发给本单位的",
    en: "the document went to another unit",
    remedy_zh: "请核对文书所发单位",
    remedy_en: "check which unit it went to",
};

/// No verification is due.
pub static VERIFICATION_ABSENT: Code = Code {
    id: "supervision.verification_absent",
    kind: Kind::Precondition,
    zh: "没有待办的回访复核",
    en: "no verification is due",
    remedy_zh: "请先提起回访复核",
    remedy_en: "make one due first",
};

/// No type of accountability was raised.
pub static CAUSE_MISSING: Code = Code {
    id: "supervision.cause_missing",
    kind: Kind::Precondition,
    zh: "尚未确定问责情形",
    en: "no type of accountability was raised",
    remedy_zh: "请先按条款确定问责情形",
    remedy_en: "raise one by article first",
};

/// This measure cannot stand beside others.
pub static MEASURES_APART: Code = Code {
    id: "supervision.measures_apart",
    kind: Kind::Precondition,
    zh: "该问责方式不得与其他方式合并使用",
    en: "this measure cannot stand beside others",
    remedy_zh: "请单独使用",
    remedy_en: "use it alone",
};

/// Accountability of this type was raised already.
pub static CAUSE_STANDS: Code = Code {
    id: "supervision.cause_stands",
    kind: Kind::Precondition,
    zh: "该类问责情形已提出",
    en: "accountability of this type was raised already",
    remedy_zh: "请直接作出问责或容错认定",
    remedy_en: "decide on measures or an exemption",
};

/// Measures were decided already.
pub static MEASURES_STAND: Code = Code {
    id: "supervision.measures_stand",
    kind: Kind::Precondition,
    zh: "已作出问责决定",
    en: "measures were decided already",
    remedy_zh: "容错认定应在问责决定之前",
    remedy_en: "find it before measures are decided",
};

/// A finding spares accountability.
pub static EXEMPTED: Code = Code {
    id: "supervision.exempted",
    kind: Kind::Precondition,
    zh: "已认定容错,不予问责",
    en: "a finding spares accountability",
    remedy_zh: "如认定有误,请另立事项",
    remedy_en: "open another case if the finding is wrong",
};

/// The measure is not for such a bearer.
pub static BEARER_WRONG: Code = Code {
    id: "supervision.bearer_wrong",
    kind: Kind::Invalid,
    zh: "该问责方式不适用于此对象",
    en: "the measure is not for such a bearer",
    remedy_zh: "请选择适用的问责方式",
    remedy_en: "choose a measure that fits",
};

/// A condition of the exemption was not found.
pub static CONDITION_MISSING: Code = Code {
    id: "supervision.condition_missing",
    kind: Kind::Precondition,
    zh: "容错条件不齐",
    en: "a condition of the exemption was not found",
    remedy_zh: "所列条件须逐项认定",
    remedy_en: "each condition named must be found",
};

/// The period is not valid.
pub static PERIOD_INVALID: Code = Code {
    id: "supervision.period_invalid",
    kind: Kind::Invalid,
    zh: "期间无效",
    en: "the period is not valid",
    remedy_zh: "期间的结束时间不得晚于现在",
    remedy_en: "the period must not end in the future",
};
