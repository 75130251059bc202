//! Every reason for which an order says no.

use hotline_policy::refusal::{Code, Kind};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $kind:ident, $zh:literal, $en:literal, $remedy_zh:literal, $remedy_en:literal;)+) => {
        $($(#[$doc])* pub static $name: Code = Code {
            id: $id,
            kind: Kind::$kind,
            zh: $zh,
            en: $en,
            remedy_zh: $remedy_zh,
            remedy_en: $remedy_en,
        };)+

        /// All of them, for the list of errors.
        pub static ALL: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// No order has this identifier or number.
    ORDER_NOT_FOUND = "order.not_found", NotFound,
        "没有这张工单", "there is no such order",
        "请核对工单编号", "check its number";
    /// The order has no such leg.
    LEG_NOT_FOUND = "leg.not_found", NotFound,
        "工单没有这个办理环节", "the order has no such leg",
        "请刷新工单后再操作", "read the order again";
    /// The order is another unit's.
    ORDER_NOT_YOURS = "order.not_yours", Denied,
        "工单未派发给您所在单位", "the order was not sent to your unit",
        "只能查看本单位承办的工单", "look at the orders of your own unit";
    /// The leg is another unit's.
    LEG_NOT_YOURS = "leg.not_yours", Denied,
        "该环节属于其他单位", "the leg belongs to another unit",
        "请由承办单位办理", "let the unit that has it act";
    /// Somebody changed the order since the caller read it.
    ORDER_STALE = "order.stale", Conflict,
        "工单已被他人更新", "the order changed since you read it",
        "请刷新后再操作", "read it again, then repeat";
    /// The state of the order does not allow it.
    ORDER_STATE = "order.state", Precondition,
        "工单当前状态不允许此操作", "the state of the order does not allow this",
        "请刷新工单,查看当前状态", "read the order to see its state";
    /// The state of the leg does not allow it.
    LEG_STATE = "leg.state", Precondition,
        "该环节当前状态不允许此操作", "the state of the leg does not allow this",
        "请刷新工单,查看该环节状态", "read the order to see the state of the leg";
    /// The enterprise leg is followed, not handled.
    LEG_FOLLOWED = "leg.followed_only", Precondition,
        "企服平台环节只跟踪不承办", "the enterprise leg is followed, never handled",
        "请对承办单位的环节操作", "act on the leg of the handling unit";
    /// Somebody else has claimed the order.
    ORDER_CLAIMED = "order.claimed", Precondition,
        "工单已被认领", "the order is claimed already",
        "请认领其他工单", "claim another one";
    /// Nobody has claimed the order.
    ORDER_NOT_CLAIMED = "order.not_claimed", Precondition,
        "工单尚未认领", "the order is not claimed",
        "请先认领", "claim it first";
    /// Another dispatcher has claimed the order.
    ORDER_NOT_CLAIMER = "order.not_claimer", Denied,
        "工单由其他派单员认领", "another dispatcher has claimed the order",
        "请由认领人操作,或由班长放回公共池", "let that dispatcher act, or a team leader put it back";
    /// No unit has this code.
    UNIT_UNKNOWN = "unit.unknown", Invalid,
        "没有这个成员单位", "there is no such unit",
        "请从成员单位名录中选择", "choose one from the list of units";
    /// A unit is named twice.
    UNIT_TWICE = "dispatch.unit_twice", Invalid,
        "同一单位被重复指定", "a unit is named twice",
        "主办与协办单位不得重复", "name the lead and each co-handler once";
    /// Neither the dispatcher nor the catalogue names a lead.
    CATALOGUE_SILENT = "dispatch.no_catalogue_row", Precondition,
        "派单目录没有对应条目", "no row of the catalogue fits the order",
        "请指定主办单位", "name the lead unit";
    /// The unit is not below the one that delegates.
    UNIT_NOT_BELOW = "delegate.unit_not_below", Invalid,
        "只能转办给下级单位", "a leg can only be delegated to a unit below",
        "请选择本单位的下级单位", "choose a unit below your own";
    /// The limit of a delegated leg does not lie before that of its parent.
    DUE_NOT_BEFORE = "delegate.due_not_before", Invalid,
        "转办时限须在当前时间之后、本单位时限之前", "the limit must lie after now and before your own",
        "请缩短转办时限", "set an earlier limit";
    /// The unit below has the matter already.
    DELEGATED_ALREADY = "delegate.already", Precondition,
        "已转办给该单位", "that unit has the matter already",
        "请等待其答复", "wait for its reply";
    /// Units below have not replied.
    CHILDREN_OPEN = "reply.delegated_open", Precondition,
        "转办的下级单位尚未答复", "a unit below has not replied yet",
        "请待下级单位答复后再答复", "reply once every unit below has";
    /// This leg cannot be given back.
    RETURN_BARRED = "return.barred", Precondition,
        "该环节不能退回", "the leg cannot be given back",
        "请继续办理", "go on handling it";
    /// The window for a return is over.
    RETURN_TOO_LATE = "return.too_late", Precondition,
        "已超过申请退回的时限", "the time to give it back is over",
        "请继续办理", "go on handling it";
    /// A request for return waits already.
    RETURN_PENDING = "return.pending", Precondition,
        "退回申请正在审定", "a request for return waits for a decision",
        "请等待审定结果", "wait for the decision";
    /// No request for return waits.
    RETURN_ABSENT = "return.absent", Precondition,
        "没有待审定的退回申请", "no request for return waits for a decision",
        "请刷新工单", "read the order again";
    /// These matters are not extended.
    EXTENSION_BARRED = "extension.barred", Precondition,
        "该环节不能延期", "the leg cannot be extended",
        "请在时限内办结", "settle it in time";
    /// The request comes too late.
    EXTENSION_TOO_LATE = "extension.too_late", Precondition,
        "延期须在时限届满前申请", "an extension must be requested before the limit ends",
        "请尽快办结", "settle it soon";
    /// A request for extension waits already.
    EXTENSION_PENDING = "extension.pending", Precondition,
        "延期申请正在审定", "a request for extension waits for a decision",
        "请等待审定结果", "wait for the decision";
    /// No request for extension waits.
    EXTENSION_ABSENT = "extension.absent", Precondition,
        "没有待审定的延期申请", "no request for extension waits for a decision",
        "请刷新工单", "read the order again";
    /// As many extensions as the policy allows were granted.
    EXTENSION_COUNT = "extension.count", Exhausted,
        "延期次数已用完", "no further extension is allowed",
        "请在时限内办结", "settle it in time";
    /// The extension is longer than the policy allows.
    EXTENSION_CEILING = "extension.ceiling", Exhausted,
        "延期时长超过上限", "the extension is longer than allowed",
        "请缩短延期时长", "ask for less";
    /// A required part of the reply is missing.
    REPLY_INCOMPLETE = "reply.incomplete", Invalid,
        "答复缺少必填内容", "a required part of the reply is missing",
        "请补充后再提交", "complete it";
    /// The unit above answers for a delegated reply.
    REPLY_DELEGATED = "review.delegated", Precondition,
        "转办环节的答复由上级单位认定", "the unit above answers for a delegated reply",
        "请认定主办或协办单位的答复", "review the reply of the lead or co-handler";
    /// A reply is sent back without saying what is wrong.
    FAULTS_MISSING = "review.faults_missing", Invalid,
        "发回须注明不规范、不具体或不完整", "say what is wrong: not_standard, not_concrete or not_complete",
        "请选择发回原因", "name at least one fault";
    /// All rounds are used up.
    REDO_EXHAUSTED = "redo.exhausted", Exhausted,
        "重办次数已用完", "the order was handled as often as the policy allows",
        "请结案或提级复核", "close it, or escalate it";
    /// A required text is empty.
    TEXT_MISSING = "text.missing", Invalid,
        "此项必填", "this must be given",
        "请填写", "fill it in";
    /// A text is longer than its field.
    TEXT_TOO_LONG = "text.too_long", Invalid,
        "文字超过长度上限", "the text is too long",
        "请缩短", "shorten it";
    /// A text holds control or direction characters.
    TEXT_UNPRINTABLE = "text.unprintable", Invalid,
        "文字含有控制字符或方向控制符", "the text holds control or direction characters",
        "请删除后再提交", "remove them";
    /// A value is not of its list.
    VALUE_UNKNOWN = "value.unknown", Invalid,
        "取值不在允许范围内", "the value is not one of those allowed",
        "请按接口说明填写", "see the contract for the values";
    /// An identifier is none.
    ID_INVALID = "id.invalid", Invalid,
        "标识格式不正确", "this is not an identifier",
        "请使用系统返回的标识", "use the identifier as it was given";
    /// Too many units are named.
    UNITS_TOO_MANY = "dispatch.units_too_many", Invalid,
        "协办单位过多", "too many co-handlers",
        "请减少协办单位", "name fewer";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_its_words() {
        let ids: BTreeSet<_> = ALL.iter().map(|code| code.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for code in ALL {
            assert!(
                !code.remedy_zh.is_empty() && !code.remedy_en.is_empty(),
                "{}",
                code.id
            );
            assert!(!code.zh.ends_with('。') && !code.en.ends_with('.'), "{}", code.id);
        }
    }
}
