//! The ledger as a spreadsheet: a row a case, in constant memory.
//!
//! Invariant: no cell is ever a formula, and none that is copied elsewhere becomes one.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::Lang;
use hotline_policy::rules::Colour;
use hotline_worktime::local_time;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::domain::supervision::{Case, CaseState};
use crate::ops::Sla;
use crate::store::supervision::{self as store, CaseFilter};

/// Cases read at once.
const BATCH: i64 = 500;

/// Rows of a sheet: what the format allows, the heading counted.
const ROWS_MAX: u32 = 1_048_576;

/// Characters of a cell: what the format allows, with room for the mark of a text.
const CELL_MAX: usize = 32_000;

/// The name of the sheet.
const SHEET: [&str; 2] = ["督办台账", "Supervision ledger"];

const HEADINGS: [&str; 16] = [
    "编号",
    "工单",
    "事项类别",
    "来源",
    "单位",
    "标题",
    "事由",
    "依据",
    "状态",
    "结果",
    "立项时间",
    "办结时间",
    "文书",
    "亮牌",
    "问责",
    "平台原因",
];

const HEADINGS_EN: [&str; 16] = [
    "number",
    "order",
    "class",
    "source",
    "unit",
    "title",
    "reason",
    "article",
    "state",
    "outcome",
    "opened",
    "closed",
    "documents",
    "cards",
    "accountability",
    "caused by the platform",
];

/// Beginnings by which a spreadsheet takes a text for a formula.
const RISKY: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The ledger's cases that a filter lets through, newest first, as the bytes of an xlsx file in `lang`; names and
/// texts stay in the language that they were written in.
///
/// # Errors
/// The database failed, or the file could not be made.
pub async fn export(sla: &Sla, filter: &CaseFilter, lang: Lang) -> Result<Vec<u8>, Fault> {
    let mut book = Workbook::new();
    let made = |error: XlsxError| Fault::retry(format!("the spreadsheet: {error}"));
    let sheet = book.add_worksheet_with_constant_memory().map_err(made)?;
    sheet.set_name(pick(lang, SHEET[0], SHEET[1])).map_err(made)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(pick(lang, HEADINGS, HEADINGS_EN)) {
        sheet
            .write_string_with_format(0, column, heading, &bold)
            .map_err(made)?;
    }
    let mut row = 1;
    let mut before = None;
    loop {
        let cases = store::list(sla.bus.pool(), filter, before, BATCH).await?;
        before = cases.last().map(|kept| (kept.case.opened_at, kept.case.id));
        for kept in &cases {
            if row >= ROWS_MAX {
                break;
            }
            for (column, cell) in (0..).zip(cells(&kept.case, lang, &|id| sla.unit_name(id))) {
                sheet.write_string(row, column, safe(&cell)).map_err(made)?;
            }
            row += 1;
        }
        if i64::try_from(cases.len()).unwrap_or(0) < BATCH || row >= ROWS_MAX {
            break;
        }
    }
    book.save_to_buffer()
        .context("write the spreadsheet")
        .map_err(Fault::Retry)
}

/// One of two, by language.
fn pick<T>(lang: Lang, zh: T, en: T) -> T {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn cells(case: &Case, lang: Lang, unit_name: &dyn Fn(&str) -> String) -> [String; 16] {
    let state = match case.state {
        CaseState::Open => pick(lang, "督办中", "open"),
        CaseState::Listed => pick(lang, "挂牌督办", "listed"),
        CaseState::Closed => pick(lang, "已办结", "closed"),
    };
    let joined = |words: Vec<String>| words.join("\n");
    let reply = |known: &crate::domain::supervision::Instrument| {
        let state = if known.due_at.is_none() {
            ""
        } else if known.standing_reply().is_some() {
            pick(lang, " 已反馈", " answered")
        } else if known.overdue {
            pick(lang, " 逾期未反馈", " overdue")
        } else {
            pick(lang, " 待反馈", " awaits an answer")
        };
        format!("{} {}{state}", known.name, known.number)
    };
    let accounts = case
        .causes
        .iter()
        .map(|cause| format!("{} {}", cause.article, cause.name));
    let measures = case
        .measures
        .iter()
        .map(|measure| format!("{}({})", measure.name, measure.subject));
    let spared = case.exemption.iter().map(|exemption| exemption.name.clone());
    [
        case.number.clone(),
        case.order
            .as_ref()
            .map(|order| order.number.clone())
            .unwrap_or_default(),
        case.class_name.clone(),
        case.source.clone(),
        unit_name(&case.unit),
        case.title.clone(),
        case.reason.clone(),
        case.article.clone(),
        state.to_owned(),
        case.outcome.1.clone(),
        minute(case.opened_at),
        case.closed_at.map(minute).unwrap_or_default(),
        joined(case.instruments.iter().map(reply).collect()),
        joined(
            case.cards
                .iter()
                .map(|card| card_words(&card.colour, card.series, lang))
                .collect(),
        ),
        joined(accounts.chain(measures).chain(spared).collect()),
        match &case.platform {
            None => String::new(),
            Some((true, reason)) => format!("{}{reason}", pick(lang, "是:", "yes: ")),
            Some((false, reason)) => format!("{}{reason}", pick(lang, "否:", "no: ")),
        },
    ]
}

/// A card as people read it: its colour, and which of its series it is.
fn card_words(colour: &str, series: u32, lang: Lang) -> String {
    let zh = colour.parse::<Colour>().map_or(colour, |known| known.zh());
    pick(
        lang,
        format!("{zh} 第{series}张"),
        format!("{colour} card no. {series}"),
    )
}

fn minute(at: DateTime<Utc>) -> String {
    local_time(at).format("%Y-%m-%d %H:%M").to_string()
}

/// A text that no spreadsheet takes for a formula, of a length that a cell holds.
fn safe(text: &str) -> String {
    let text: String = text.chars().take(CELL_MAX).collect();
    if text.starts_with(RISKY) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_a_text() {
        for risky in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert!(safe(risky).starts_with('\''), "{risky}");
        }
        assert_eq!(safe("市水务局"), "市水务局");
    }

    #[test]
    fn the_sheet_is_in_one_language() {
        assert!(HEADINGS.iter().all(|heading| !heading.is_ascii()));
        assert!(HEADINGS_EN.iter().all(|heading| heading.is_ascii()));
        let card = |lang| card_words("yellow", 2, lang);
        assert_eq!(
            [card(Lang::Zh), card(Lang::En)],
            ["黄灯 第2张", "yellow card no. 2"]
        );
    }
}
