//! Every "no" that the register gives, as codes with their remedies for `docs/errors.md`.

use hotline_policy::Code;
use hotline_policy::Kind::{self, Conflict, Denied, Exhausted, Exists, Invalid, NotFound, Precondition};

/// A code, its words and its remedy, each in Chinese and English.
const fn code(id: &'static str, kind: Kind, words: [&'static str; 2], remedy: [&'static str; 2]) -> Code {
    Code {
        id,
        kind,
        zh: words[0],
        en: words[1],
        remedy_zh: remedy[0],
        remedy_en: remedy[1],
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $kind:ident, $words:expr, $remedy:expr;)+) => {
        $($(#[$doc])* pub static $name: Code = code($id, $kind, $words, $remedy);)+

        /// Every code of this service.
        pub const ALL: &[&Code] = &[$(&$name,)+];
    };
}

codes! {
    /// A text that must be there is empty.
    TEXT_REQUIRED = "text.required", Invalid,
        ["必填内容为空", "a required text is empty"], ["请填写", "fill it in"];
    /// A text has too many characters.
    TEXT_TOO_LONG = "text.too_long", Invalid,
        ["内容超过长度上限", "the text is too long"], ["请精简后重新提交", "shorten it"];
    /// A text has a control character or a mark that turns the direction of reading.
    TEXT_CHARACTER = "text.character", Invalid,
        ["内容含有控制字符或改变阅读方向的字符", "the text has a control character or a bidirectional mark"],
        ["请删除该字符", "remove that character"];
    /// An enumeration's value that the contract does not have, or none.
    ENUM = "appeal.enum", Invalid,
        ["取值未给出或不在契约之内", "the value is not given or not in the contract"],
        ["请使用契约列出的取值", "use a value that the contract lists"];
    /// A category that the city's catalogue does not have.
    CATEGORY = "appeal.category", Invalid,
        ["事项分类不存在", "the category is not in the catalogue"],
        ["请从派单目录中选择分类", "choose one from the dispatch catalogue"];
    /// A division that does not exist.
    DIVISION = "appeal.division", Invalid,
        ["行政区划代码不存在", "the division code does not exist"],
        ["请使用 GB/T 2260 的区划代码", "use a division code of GB/T 2260"];
    /// A telephone number that is none.
    TELEPHONE = "appellant.telephone", Invalid,
        ["联系电话无法识别", "the telephone number is none"], ["请核对号码", "check the number"];
    /// An identity number that is none.
    IDENTITY_NUMBER = "appellant.identity_number", Invalid,
        ["公民身份号码有误", "the identity number is none"], ["请核对号码", "check the number"];
    /// A unified social credit code that is none.
    CREDIT_CODE = "appellant.credit_code", Invalid,
        ["统一社会信用代码有误", "the unified social credit code is none"], ["请核对代码", "check the code"];
    /// An anonymous appellant with a name.
    ANONYMOUS_NAME = "appellant.anonymous_name", Invalid,
        ["匿名诉求不应填写姓名", "an anonymous appellant has no name"],
        ["请删去姓名,或取消匿名", "leave the name out, or do not mark the appeal anonymous"];
    /// A particular that the policy registers is missing.
    IDENTITY_REQUIRED = "appellant.identity_required", Precondition,
        ["实名登记信息不全", "a particular that must be registered is missing"],
        ["请补充该项登记信息", "ask for it and register it"];
    /// An appeal of a type that is not taken on without a name.
    ANONYMITY = "appellant.anonymity", Precondition,
        ["此类诉求须实名登记", "appeals of this type are not taken on without a name"],
        ["请登记姓名;可选择对承办单位保密", "register the name; it can be kept from the unit"];
    /// An incident in the future.
    INCIDENT_TIME = "appeal.incident_time", Invalid,
        ["事发时间晚于当前时间", "the incident lies in the future"], ["请核对事发时间", "check the time"];
    /// Too many labels, or one that is no word.
    LABELS = "appeal.labels", Invalid,
        ["标签过多或格式有误", "there are too many labels, or one is no word"],
        ["标签为小写字母、数字或汉字,最长32个字符,至多16个",
         "use lower-case letters, digits or Chinese characters, 32 at most, 16 labels at most"];
    /// The enterprise label without an enterprise.
    ENTERPRISE_LABEL = "appeal.enterprise_label", Invalid,
        ["企业标签须有企业信息", "the enterprise label needs an enterprise"],
        ["请填写企业名称,标签会自动加上", "name the enterprise; the label follows by itself"];
    /// A source without its reference, or the reverse, or a source that is no word.
    SOURCE = "appeal.source", Invalid,
        ["来源平台与其编号须同时填写", "a source platform and its reference go together"],
        ["请同时填写来源平台(小写代号)和编号", "give the platform's short name and its reference"];
    /// The same matter of another platform is registered already.
    SOURCE_TAKEN = "appeal.source_taken", Exists,
        ["该来源编号的诉求已登记", "an appeal with this source and reference is registered"],
        ["请查看已登记的诉求,勿重复登记", "look at the registered appeal"];
    /// The same key with other content.
    KEY_REUSED = "appeal.idempotency_key_reused", Exists,
        ["幂等键已用于另一内容的请求", "the idempotency key was used with other content"],
        ["新的请求请使用新的幂等键", "use a new key for a new request"];
    /// A version that has passed.
    STALE = "appeal.stale_version", Conflict,
        ["诉求已被他人更新", "the appeal has changed since it was read"],
        ["请重新读取后再操作", "read it again, then decide"];
    /// Nothing has this name.
    NOT_FOUND_APPEAL = "appeal.not_found", NotFound,
        ["诉求不存在", "there is no such appeal"], ["请核对编号", "check the number"];
    /// The number, the code, or both are wrong.
    NOT_TRACKED = "appeal.not_tracked", NotFound,
        ["编号或查询码不正确", "the number or the tracking code is wrong"],
        ["请核对登记时告知的编号和查询码", "check both as they were told at registration"];
    /// Too many attempts to track one number.
    TRACK_THROTTLED = "appeal.track_throttled", Exhausted,
        ["查询过于频繁", "too many attempts for this number"], ["请一分钟后再试", "try again in a minute"];
    /// Too many registrations wait.
    QUEUE_FULL = "appeal.queue_full", Exhausted,
        ["登记请求过多", "too many registrations are waiting"],
        ["请稍后用同一幂等键重试", "try again with the same idempotency key"];
    /// An emergency is to be accepted.
    EMERGENCY = "appeal.emergency", Precondition,
        ["紧急救助事项不得按普通诉求受理", "an emergency is not accepted as an ordinary appeal"],
        ["请先登记,再一键转接 110、119、120 等", "register it, then transfer it by one key"];
    /// A referred appeal and a caller who is no leader.
    LEADER_DECIDES = "appeal.leader_decides", Denied,
        ["已上报的诉求由班长决定", "a referred appeal is decided by a shift leader"],
        ["请等待班长决定", "wait for the leader's decision"];
    /// An appeal that was disposed of.
    DISPOSED = "appeal.disposed", Precondition,
        ["诉求已有处置结果", "the appeal was disposed of already"],
        ["请查看当前状态", "look at where it stands"];
    /// An appeal that is not open.
    NOT_OPEN = "appeal.not_open", Precondition,
        ["诉求已不在办理中", "the appeal is not open any more"],
        ["如有新情况请登记新的诉求", "register a new appeal for something new"];
    /// A reason that the policy does not have.
    REJECT_CODE = "appeal.reject_code", Invalid,
        ["不予受理的理由不在办法之内", "the policy has no such reason"],
        ["请选择办法列出的理由", "choose a reason of the policy"];
    /// An emergency is to be refused instead of handed over.
    HAND_OVER = "appeal.hand_over", Precondition,
        ["紧急救助事项应当转接,不得仅作不予受理", "an emergency is handed over, not merely refused"],
        ["请一键转接", "transfer it by one key"];
    /// A question of scope that nobody is above.
    LEVEL = "appeal.level", Precondition,
        ["已上报至最高一级", "the question has reached the highest level"], ["请作出决定", "decide it"];
    /// An answer of unknown origin.
    BASIS = "appeal.basis", Invalid,
        ["解答依据的来源不明", "the origin of the answer is not in the contract"],
        ["请选择知识库、政策专员或话务员", "choose knowledge, specialist or agent"];
    /// A number that the policy does not transfer to.
    TARGET = "appeal.target", Invalid,
        ["转接号码不在办法之内", "the policy does not transfer to this number"],
        ["请选择办法列出的号码", "choose a number of the policy"];
    /// An appeal joined to itself.
    MERGE_SELF = "appeal.merge_self", Invalid,
        ["诉求不能并入自身", "an appeal is not joined to itself"], ["请选择另一件诉求", "choose another appeal"];
    /// An appeal joined to a joined one, or one that others were joined to.
    MERGE_CHAIN = "appeal.merge_chain", Precondition,
        ["并案只能有一层", "merges do not chain"],
        ["请并入主诉求,或先撤销已有并案", "join it to the main appeal, or undo the other merge first"];
    /// An appeal joined to one that is not open.
    MERGE_CLOSED = "appeal.merge_closed", Precondition,
        ["目标诉求已不在办理中", "the appeal to join to is not open"],
        ["请选择在办的诉求", "choose one that is open"];
    /// An unmerge of what was not merged.
    NOT_MERGED = "appeal.not_merged", Precondition,
        ["诉求未被并案", "the appeal is not merged"], ["请查看当前状态", "look at where it stands"];
    /// A disclosure without a reason.
    REVEAL_REASON = "appellant.reveal_reason", Invalid,
        ["查看个人信息须说明理由", "showing personal data needs a reason"],
        ["请填写至少4个字的理由", "give a reason of at least 4 characters"];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn every_code_is_named_once_and_has_words_and_a_remedy() {
        let ids: BTreeSet<_> = ALL.iter().map(|code| code.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for code in ALL {
            let words = [code.zh, code.en, code.remedy_zh, code.remedy_en];
            assert!(words.iter().all(|text| !text.is_empty()), "{}", code.id);
        }
    }
}
