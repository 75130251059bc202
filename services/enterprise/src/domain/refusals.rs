//! Every reason for which the enterprise desk hears "no", as codes with their remedies for `docs/errors.md`.

use hotline_policy::{Code, Kind};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $kind:ident, $words:expr, $remedy:expr;)+) => {
        $($(#[$doc])* pub static $name: Code = Code {
            id: $id,
            kind: Kind::$kind,
            zh: $words[0],
            en: $words[1],
            remedy_zh: $remedy[0],
            remedy_en: $remedy[1],
        };)+

        /// Every code of this service.
        pub const ALL: &[&Code] = &[$(&$name,)+];
    };
}

codes! {
    /// No enterprise leg belongs to this order.
    NOT_FOUND = "enterprise.not_found", NotFound,
        ["该工单没有企服平台环节", "the order has no enterprise leg"],
        ["请核对工单;只有带企业标签的工单才双送", "check the order; only one with the enterprise label is sent twice"];
    /// Somebody changed the leg since the caller read it.
    STALE = "enterprise.stale", Conflict,
        ["该环节已被更新", "the leg changed since you read it"],
        ["请刷新后再操作", "read it again, then repeat"];
    /// No department has the matter in hand.
    NOT_OPEN = "enterprise.not_open", Precondition,
        ["当前没有承办单位在办,无法催办", "no department has the matter in hand, so none can be pressed"],
        ["请刷新后查看当前进度", "read it again to see its progress"];
    /// The matter is over, and nothing can be added.
    ENDED = "enterprise.ended", Precondition,
        ["诉求已结案或撤回,不能再补充", "the matter is closed or withdrawn, nothing can be added"],
        ["如有新情况请重新登记诉求", "register a new appeal for what is new"];
    /// Only a settled matter is evaluated.
    NOT_SETTLED = "enterprise.not_settled", Precondition,
        ["尚未办结,不能评价", "the matter is not settled yet"],
        ["请待办结后再评价", "evaluate it once it is settled"];
    /// The desk evaluated this round of handling already.
    EVALUATED = "enterprise.evaluated", Precondition,
        ["本轮办理已评价", "this round of handling is evaluated already"],
        ["每轮办理只评价一次", "a round is evaluated once"];
    /// How content, not said.
    SATISFACTION = "enterprise.satisfaction", Invalid,
        ["满意度未给出或不在契约之内", "the satisfaction is not given or not in the contract"],
        ["请从五级满意度中选择", "give one of the five levels"];
    /// A progress that the contract does not know.
    PROGRESS = "enterprise.progress", Invalid,
        ["进度取值不在契约之内", "no leg has such a progress"],
        ["请使用契约 Progress 中的值,或不填", "use a value of Progress, or leave it out"];
    /// A version below zero.
    VERSION = "enterprise.version", Invalid,
        ["版本号不能为负", "the version is negative"],
        ["请填写读取时的版本号,或填 0", "give the version that you read, or 0 for any"];
    /// An identifier that is none.
    ID = "enterprise.id", Invalid,
        ["标识格式不正确", "the identifier is not a UUID"],
        ["请使用系统给出的标识", "use the identifier as it was given"];
    /// A filter that is too long to be a code.
    FILTER = "enterprise.filter", Invalid,
        ["筛选条件过长或含有控制字符", "the filter is too long or has a control character"],
        ["请核对单位代码或统一社会信用代码", "check the unit's code or the credit code"];
    /// Words are required.
    NOTE_REQUIRED = "enterprise.note_required", Invalid,
        ["须写明内容", "words are required"],
        ["请填写说明", "say it in words"];
    /// Too many words.
    NOTE_TOO_LONG = "enterprise.note_too_long", Invalid,
        ["内容超过长度上限", "the text is too long"],
        ["请精简后重新提交", "shorten it"];
    /// Characters that are not written.
    NOTE_CHARACTER = "enterprise.note_character", Invalid,
        ["内容含有控制字符或改变阅读方向的字符", "the text has a control character or a bidirectional mark"],
        ["请删除该字符", "remove that character"];
}
