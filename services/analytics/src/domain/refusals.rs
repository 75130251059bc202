//! Every reason for which a question about figures is refused, as codes with their remedies for `docs/errors.md`.

use hotline_policy::{Code, Kind};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $words:expr, $remedy:expr;)+) => {
        $($(#[$doc])* pub static $name: Code = Code {
            id: $id,
            kind: Kind::Invalid,
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
    /// No breakdown, or one that the contract does not know.
    DIMENSION = "totals.dimension",
        ["统计维度未给出或不在契约之内", "the dimension is not given or not in the contract"],
        ["请使用契约 Dimension 中的值", "use a value of Dimension"];
    /// A day that is none.
    DAY = "totals.day",
        ["日期格式不正确", "this is not a day"],
        ["请按 2026-09-30 的格式填写,或不填", "write it as 2026-09-30, or leave it out"];
    /// The last day lies before the first.
    RANGE = "totals.range",
        ["结束日期早于开始日期", "the last day lies before the first"],
        ["请核对起止日期", "check both days"];
    /// A name that no measure has.
    MEASURE = "totals.measure",
        ["指标名称不正确", "no measure has such a name"],
        ["请使用小写字母、数字和下划线组成的指标名,见 docs/events.md",
         "use lower-case letters, digits and underscores; docs/events.md lists the measures"];
    /// A number of rows below zero.
    ROWS = "totals.page_size",
        ["每页条数不能为负", "the page size is negative"],
        ["请给出 0(默认)到 1000 之间的数", "give 0 (default) to 1000"];
}
