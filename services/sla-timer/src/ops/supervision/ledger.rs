//! The ledger as a spreadsheet: a row a case, in constant memory.
//!
//! Invariant: no cell is ever a formula, and none that is copied elsewhere becomes one.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use hotline_bus::Fault;
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

/// Beginnings by which a spreadsheet takes a text for a formula.
const RISKY: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The ledger's cases that a filter lets through, newest first, as the bytes of an xlsx file.
///
/// # Errors
/// The database failed, or the file could not be made.
pub async fn export(sla: &Sla, filter: &CaseFilter) -> Result<Vec<u8>, Fault> {
    let mut book = Workbook::new();
    let made = |error: XlsxError| Fault::retry(format!("the spreadsheet: {error}"));
    let sheet = book.add_worksheet_with_constant_memory().map_err(made)?;
    sheet.set_name("督办台账").map_err(made)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(HEADINGS) {
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
            for (column, cell) in (0..).zip(cells(&kept.case, &|id| sla.unit_name(id))) {
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

fn cells(case: &Case, unit_name: &dyn Fn(&str) -> String) -> [String; 16] {
    let state = match case.state {
        CaseState::Open => "督办中",
        CaseState::Listed => "挂牌督办",
        CaseState::Closed => "已办结",
    };
    let joined = |words: Vec<String>| words.join("\n");
    let reply = |known: &crate::domain::supervision::Instrument| {
        let state = if known.due_at.is_none() {
            ""
        } else if known.standing_reply().is_some() {
            " 已反馈"
        } else if known.overdue {
            " 逾期未反馈"
        } else {
            " 待反馈"
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
                .map(|card| format!("{} 第{}张", card.colour, card.series))
                .collect(),
        ),
        joined(accounts.chain(measures).chain(spared).collect()),
        match &case.platform {
            None => String::new(),
            Some((caused, reason)) => format!("{}:{reason}", if *caused { "是" } else { "否" }),
        },
    ]
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
}
