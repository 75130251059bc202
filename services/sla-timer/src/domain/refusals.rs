//! Every reason for which the clocks' service says no.

use hotline_policy::refusal::{Code, Kind};

use super::supervision::refusals as supervision;

/// Every code of this service.
pub const ALL: &[&Code] = &[
    &CALENDAR_INVALID,
    &ID_INVALID,
    &STATE_INVALID,
    &VALUE_UNKNOWN,
    &UNIT_DENIED,
    &UNIT_MISSING,
    &ORDER_MISSING,
    &supervision::CASE_ABSENT,
    &supervision::CASE_CLOSED,
    &supervision::CASE_OPEN_DUTY,
    &supervision::CASE_STALE,
    &supervision::CASE_DUPLICATE,
    &supervision::ORDER_UNKNOWN,
    &supervision::POLICY_UNKNOWN,
    &supervision::VALUE_UNKNOWN,
    &supervision::TEXT_MISSING,
    &supervision::TEXT_TOO_LONG,
    &supervision::SUPERVISION_ID_INVALID,
    &supervision::RIGHT_MISSING,
    &supervision::INSTRUMENT_ABSENT,
    &supervision::REPLY_NOT_ASKED,
    &supervision::REPLY_STANDS,
    &supervision::REPLY_ABSENT,
    &supervision::UNIT_OTHER,
    &supervision::VERIFICATION_ABSENT,
    &supervision::CAUSE_MISSING,
    &supervision::CAUSE_STANDS,
    &supervision::MEASURES_APART,
    &supervision::MEASURES_STAND,
    &supervision::EXEMPTED,
    &supervision::BEARER_WRONG,
    &supervision::CONDITION_MISSING,
    &supervision::PERIOD_INVALID,
];

/// The text of a year's arrangement cannot be taken.
pub static CALENDAR_INVALID: Code = Code {
    id: "calendar.invalid",
    kind: Kind::Invalid,
    zh: "放假安排有误",
    en: "the arrangement of the year is not valid",
    remedy_zh: "请按 deploy/calendars 的格式对照通知原文更正后再导入",
    remedy_en: "correct it against the notice, in the form of deploy/calendars, and import it again",
};

/// An identifier that is none.
pub static ID_INVALID: Code = Code {
    id: "clock.id_invalid",
    kind: Kind::Invalid,
    zh: "标识格式不正确",
    en: "the identifier is not a UUID",
    remedy_zh: "请使用系统给出的标识",
    remedy_en: "use an identifier that the system gave",
};

/// No order was named.
pub static ORDER_MISSING: Code = Code {
    id: "clock.order_missing",
    kind: Kind::Invalid,
    zh: "未指明工单",
    en: "no order is named",
    remedy_zh: "请填写 order_id",
    remedy_en: "give order_id",
};

/// A state that the contract does not know.
pub static STATE_INVALID: Code = Code {
    id: "clock.state_invalid",
    kind: Kind::Invalid,
    zh: "时限状态不存在",
    en: "no clock has such a state",
    remedy_zh: "请使用契约 ClockState 中的值,或不填",
    remedy_en: "use a value of ClockState, or leave it out",
};

/// A filter's value that the contract does not know.
pub static VALUE_UNKNOWN: Code = Code {
    id: "clock.value_unknown",
    kind: Kind::Invalid,
    zh: "筛选条件的取值不存在",
    en: "the filter has no such value",
    remedy_zh: "请使用契约所列的取值,区划只写代码数字",
    remedy_en: "use a value that the contract names; a division is digits alone",
};

/// A unit's staff asked for another unit's clocks.
pub static UNIT_DENIED: Code = Code {
    id: "clock.unit_denied",
    kind: Kind::Denied,
    zh: "只能查看本单位的时限",
    en: "a unit's staff see the clocks of their own unit",
    remedy_zh: "请不填 unit_id,或填写本单位代码",
    remedy_en: "leave unit_id out, or give your own unit",
};

/// A unit's staff whose account names no unit.
pub static UNIT_MISSING: Code = Code {
    id: "clock.unit_missing",
    kind: Kind::Denied,
    zh: "账号未关联承办单位",
    en: "the account belongs to no unit",
    remedy_zh: "请管理员为账号指定承办单位",
    remedy_en: "let an administrator bind the account to its unit",
};
