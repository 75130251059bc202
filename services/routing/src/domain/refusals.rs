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
    /// The policy names another decider.
    DECIDER_NOT_YOURS = "decider.not_yours", Denied,
        "按规定由其他机构审定", "another body decides on this",
        "请由规定的审定人员办理", "let the body that the policy names decide";
    /// Another level inside the unit decides on the reply.
    LEVEL_NOT_YOURS = "inside.level_not_yours", Denied,
        "答复须由本单位上一级审核", "another level of the unit approves the reply",
        "请由该级负责人审核", "let that level decide";
    /// Nobody approves his own reply.
    OWN_REPLY = "inside.own_reply", Denied,
        "不能审核本人提交的答复", "nobody approves a reply of his own",
        "请由他人审核", "let somebody else decide";
    /// The result is not one of the policy's.
    REPLY_RESULT = "reply.result_unknown", Invalid,
        "办理结果不在规定范围内", "the policy does not know this result",
        "请按规定的办结情形选择", "choose one that the policy names";
    /// A reply says that it was handled after now.
    REPLY_TIME = "reply.handled_later", Invalid,
        "办理时间晚于当前时间", "the time of handling lies in the future",
        "请填写实际办理时间", "give the time at which it was handled";
    /// The lead feeds back for all, and a co-handler has not replied.
    CO_HANDLERS_OPEN = "reply.co_handlers_open", Precondition,
        "协办单位尚未答复,主办单位不能汇总反馈", "a co-handler has not replied, so the lead cannot feed back for all",
        "请协调协办单位先行答复", "have the co-handlers reply first";
    /// The unit stands below the level to which the platform sends.
    LEVEL_TOO_LOW = "dispatch.level_too_low", Invalid,
        "该单位层级的事项由上级政府统筹,平台不直接派发", "the platform does not send to a unit of this level",
        "请派给县级,由其转派", "send it to the level above, which passes it down";
    /// The order goes elsewhere than was found.
    AGAINST_FINDING = "dispatch.against_finding", Invalid,
        "与职责认定或会商意见不一致", "this is not the unit that was found to be in charge",
        "请按认定意见指定办理单位", "name the unit that was found";
    /// A raised matter is not passed down again.
    DELEGATION_RAISED = "delegate.raised", Precondition,
        "提级复核的事项不再向下转派", "a matter that was raised is not passed down again",
        "请由本单位复核处理", "handle it yourself";
    /// The unit does not decide whose duty a matter is.
    BODY_UNKNOWN = "duty.not_a_deciding_body", Invalid,
        "该单位不是职责认定部门", "this unit does not decide whose duty a matter is",
        "请选择编办、司法等认定部门", "choose one that does";
    /// A deciding body has been asked.
    QUESTION_OPEN = "duty.question_open", Precondition,
        "正在等待职责认定意见", "a deciding body was asked and has not answered",
        "请待其出具意见", "wait for its opinion";
    /// No deciding body has been asked.
    QUESTION_ABSENT = "duty.question_absent", Precondition,
        "尚未提请职责认定", "no deciding body was asked",
        "请先提请认定,或填写会商单位", "ask one first, or name the units of a joint meeting";
    /// A meeting of one is none.
    MEETING_TOO_SMALL = "duty.meeting_too_small", Invalid,
        "会商至少需要两个单位", "a joint meeting has at least two units",
        "请补充参加会商的单位", "name the others";
    /// No platform stands above.
    NO_PLATFORM_ABOVE = "duty.no_platform_above", Precondition,
        "没有可以退回的上级平台", "there is no platform above to give it back to",
        "请在本级范围内认定办理单位", "determine a unit here";
    /// Units still work on it.
    UNITS_WORK_ON = "duty.units_work_on", Precondition,
        "仍有单位在办理,不能退回上级", "units still work on it",
        "请先由其退回或办结", "let them return or settle it first";
    /// No unit is named.
    UNITS_MISSING = "units.missing", Invalid,
        "未指定单位", "no unit is named",
        "请至少指定一个单位", "name at least one";
    /// The unit has no part in the order.
    UNIT_NOT_IN_ORDER = "units.not_in_order", Invalid,
        "该单位没有承办此工单", "this unit has no part in the order",
        "请从主办、协办单位中选择", "choose the lead or a co-handler";
    /// Only the lead coordinates.
    NOT_THE_LEAD = "coordinate.not_the_lead", Precondition,
        "由主办单位牵头协调", "the lead coordinates",
        "请由主办单位操作", "let the lead act";
    /// The unit does not stand above.
    GUIDE_NOT_ABOVE = "guide.not_above", Denied,
        "只能指导、督促下级业务对口单位", "a unit guides those below it and those of its line of business",
        "请由其上级或业务主管单位操作", "let the unit above act";
    /// An extension is asked for too early.
    EXTENSION_TOO_EARLY = "extension.too_early", Precondition,
        "未到申请延期的时间", "it is too early to ask for an extension",
        "请在规定的期间内申请", "ask within the window of the policy";
    /// The policy has no whistle, or not for this leg.
    WHISTLE_UNKNOWN = "whistle.unknown", Precondition,
        "此环节不适用吹哨", "no whistle can be blown here",
        "由首接(主办)单位在办理中申请", "the lead may ask while it handles the order, where the policy has a whistle";
    /// The whistle was blown.
    WHISTLE_BLOWN = "whistle.blown", Precondition,
        "已吹哨", "the whistle was blown already",
        "请等待审核或召开会议", "wait for the decision, or hold the meeting";
    /// No whistle waits for this.
    WHISTLE_ABSENT = "whistle.absent", Precondition,
        "没有处于此步骤的吹哨申请", "no whistle waits for this step",
        "请刷新工单", "read the order again";
    /// The result is not ready.
    ACCEPTANCE_NOT_READY = "acceptance.not_ready", Precondition,
        "尚不能验收", "the result is not ready to be accepted",
        "待各单位答复全部认定通过后验收", "wait until every reply is approved";
    /// The policy has the desk speak with the unit first.
    UNIT_NOT_SPOKEN = "dispatch.not_spoken", Precondition,
        "须先与承办单位沟通再派单", "the desk speaks with the unit before it sends this",
        "请先联系承办单位,并写明沟通情况", "call the unit, and say what was agreed";
    /// The result may not be accepted in this way.
    ACCEPTANCE_WAY = "acceptance.way", Invalid,
        "验收方式不符合规定", "the policy does not know this way of acceptance",
        "请选择规定的验收方式", "choose one that it names";
    /// Pictures are named and none is there.
    ACCEPTANCE_EVIDENCE = "acceptance.evidence", Invalid,
        "缺少影像材料", "no picture is given",
        "请附上影像材料", "attach what was looked at";
    /// A statement is owed.
    STATEMENT_MISSING = "statement.missing", Precondition,
        "责任单位尚未提交情况说明", "a unit still owes a statement",
        "请责任单位提交后再操作", "wait until it is handed in";
    /// The unit owes no statement.
    STATEMENT_ABSENT = "statement.absent", Precondition,
        "本单位没有待提交的情况说明", "the unit owes no statement",
        "请刷新工单", "read the order again";
    /// The statement bears no seal.
    STATEMENT_SEAL = "statement.seal", Invalid,
        "情况说明未盖单位公章", "the statement bears no seal",
        "请盖章后提交", "have it sealed";
    /// No written opinion is there.
    OPINION_ABSENT = "opinion.absent", Precondition,
        "没有书面办理意见", "there is no written opinion",
        "请先登记诉求人的要求,并由主办单位出具", "record the demand, and have the lead unit issue it";
    /// A written opinion was asked for.
    OPINION_ASKED = "opinion.asked", Precondition,
        "已登记书面办理意见要求", "a written opinion was asked for already",
        "请等待主办单位出具", "wait until it is issued";
    /// The written opinion was issued.
    OPINION_ISSUED = "opinion.issued", Precondition,
        "书面办理意见已出具", "the written opinion was issued already",
        "请直接查看打印", "print it";
    /// Only the lead issues it.
    OPINION_NOT_YOURS = "opinion.not_the_lead", Precondition,
        "由主办单位出具书面办理意见", "the lead unit issues the written opinion",
        "请由主办单位操作", "let the lead act";
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
