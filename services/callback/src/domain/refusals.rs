//! Every reason for which the call-backs' service says no.

use hotline_policy::refusal::{Code, Kind};

/// Every code of this service.
pub const ALL: &[&Code] = &[
    &ABSENT,
    &CLAIMED,
    &EVIDENCE_MISSING,
    &EXCLUSION_UNKNOWN,
    &FIX_BY_WRONG,
    &FORM_INCOMPLETE,
    &FORM_MISSING,
    &ID_INVALID,
    &JUDGE_NOT_YOURS,
    &JUDGE_REASON_MISSING,
    &NOT_DUE,
    &PAPER_NOT_YOURS,
    &POLICY_ABSENT,
    &REASON_MISSING,
    &REVIEW_ABSENT,
    &REVIEW_STATE,
    &STALE,
    &STATEMENT_MISSING,
    &STATE_WRONG,
    &TEXT_MISSING,
    &TEXT_TOO_LONG,
    &TEXT_UNPRINTABLE,
    &VALUE_UNKNOWN,
    &VERDICT_BARRED,
    &WAY_UNKNOWN,
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

/// An exclusion without its evidence.
pub static EVIDENCE_MISSING: Code = Code {
    id: "callback.evidence_missing",
    kind: Kind::Invalid,
    zh: "剔除须附佐证材料",
    en: "an exclusion needs its evidence",
    remedy_zh: "请填写录音、照片、文书等材料的编号",
    remedy_en: "give the references of recordings, pictures or documents",
};

/// A reason that the policy's list of exclusions does not have.
pub static EXCLUSION_UNKNOWN: Code = Code {
    id: "callback.exclusion_unknown",
    kind: Kind::Invalid,
    zh: "剔除理由不在办法所列情形之内",
    en: "the policy's list of exclusions has no such reason",
    remedy_zh: "请从所列情形中选择",
    remedy_en: "choose one of those listed",
};

/// A fault without a date by which it is put right.
pub static FIX_BY_WRONG: Code = Code {
    id: "callback.fix_by_wrong",
    kind: Kind::Invalid,
    zh: "责令整改须限定将来的日期",
    en: "a fault that is found needs a date to come by which it is put right",
    remedy_zh: "请填写限期",
    remedy_en: "give the date",
};

/// A paper of the unit that lacks a part.
pub static FORM_INCOMPLETE: Code = Code {
    id: "callback.form_incomplete",
    kind: Kind::Invalid,
    zh: "材料不完整",
    en: "the paper lacks a part",
    remedy_zh: "审核反馈表须有内容、主要负责人签字、单位公章和上传编号",
    remedy_en: "the form needs its text, the leader's signature, the seal and the reference of the upload",
};

/// A verification before the unit's form.
pub static FORM_MISSING: Code = Code {
    id: "callback.form_missing",
    kind: Kind::Precondition,
    zh: "承办单位尚未上传不满意诉求审核反馈表",
    en: "the unit has not filed its audit form",
    remedy_zh: "请承办单位填表签字盖章后上传",
    remedy_en: "let the unit file it, signed and sealed",
};

/// A judgement that the policy leaves to inspectors.
pub static JUDGE_NOT_YOURS: Code = Code {
    id: "callback.judge_not_yours",
    kind: Kind::Denied,
    zh: "该差评由督查人员研判",
    en: "the policy leaves this judgement to inspectors",
    remedy_zh: "请转督查人员",
    remedy_en: "hand it to an inspector",
};

/// A paper of another unit than the one that handled the matter.
pub static PAPER_NOT_YOURS: Code = Code {
    id: "callback.paper_not_yours",
    kind: Kind::Denied,
    zh: "只能由承办单位办理",
    en: "only the unit that handled the matter may do this",
    remedy_zh: "请由承办单位提交",
    remedy_en: "let that unit do it",
};

/// No review has this identifier.
pub static REVIEW_ABSENT: Code = Code {
    id: "callback.review_absent",
    kind: Kind::NotFound,
    zh: "评价不存在",
    en: "there is no such review",
    remedy_zh: "请从评价列表重新选择",
    remedy_en: "choose one from the list",
};

/// A step that the review is not at.
pub static REVIEW_STATE: Code = Code {
    id: "callback.review_state",
    kind: Kind::Precondition,
    zh: "评价当前状态不能办理此操作",
    en: "the review is in a state that does not allow this",
    remedy_zh: "请刷新后查看当前状态",
    remedy_en: "read it again to see how it stands",
};

/// An exclusion before the unit's statement.
pub static STATEMENT_MISSING: Code = Code {
    id: "callback.statement_missing",
    kind: Kind::Precondition,
    zh: "承办单位尚未作出履职情况说明",
    en: "the unit has not stated how it did its duty",
    remedy_zh: "请承办单位先提交履职情况说明",
    remedy_en: "let the unit file its statement first",
};

/// A text that is required.
pub static TEXT_MISSING: Code = Code {
    id: "callback.text_missing",
    kind: Kind::Invalid,
    zh: "须填写说明",
    en: "words are required",
    remedy_zh: "请填写",
    remedy_en: "write them",
};

/// A verdict that the stage does not allow.
pub static VERDICT_BARRED: Code = Code {
    id: "callback.verdict_barred",
    kind: Kind::Precondition,
    zh: "当前阶段不能作此结论",
    en: "this verdict is not possible at this stage",
    remedy_zh: "两次答复后仍不满意的作核查意见(合规或限期整改),此前作研判(重办、剔除、提级)",
    remedy_en: "after the form: compliant or fix; before it: redo, excluded or escalate",
};

/// A way that the policy does not leave open.
pub static WAY_UNKNOWN: Code = Code {
    id: "callback.way_unknown",
    kind: Kind::Invalid,
    zh: "办法没有这种回访方式,或不由个案选择",
    en: "the policy has no such way, or leaves no choice",
    remedy_zh: "请从所列方式中选择",
    remedy_en: "choose one of those listed",
};
