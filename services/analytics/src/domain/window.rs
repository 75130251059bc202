//! Checks of what is asked for: days, measure, rows.

use chrono::NaiveDate;
use hotline_policy::Refusal;

use super::refusals;
use super::tally::EVER;

/// Rows of a page when the caller asks for none.
pub const ROWS_DEFAULT: usize = 200;
/// Most rows of a page; more are cut to it, as the contract says.
pub const ROWS_MAX: usize = 1_000;
/// Most characters of a measure's name.
const MEASURE_MAX: usize = 64;
/// The end of the last year that a day is written with.
const LAST_YEAR: i32 = 9_999;

/// Days from the first to the last, both among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Window {
    /// The window between two days as the contract writes them; empty for the beginning and the end.
    ///
    /// # Errors
    /// `totals.day`, `totals.range`.
    pub fn parse(from: &str, to: &str) -> Result<Self, Refusal> {
        let from = day("from", from)?.unwrap_or(EVER);
        let to = day("to", to)?
            .or_else(|| NaiveDate::from_ymd_opt(LAST_YEAR, 12, 31))
            .unwrap_or(NaiveDate::MAX);
        if to < from {
            return Err(Refusal::new(&refusals::RANGE)
                .field("to")
                .detail(format!("{from} to {to}")));
        }
        Ok(Self { from, to })
    }
}

/// A day written `2026-09-30`; nothing when empty.
///
/// # Errors
/// `totals.day`, with `field`.
pub fn day(field: &str, text: &str) -> Result<Option<NaiveDate>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let is_written_so =
        text.len() == "2026-09-30".len() && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-'));
    let parsed = is_written_so.then(|| text.parse().ok()).flatten();
    parsed
        .map(Some)
        .ok_or_else(|| Refusal::new(&refusals::DAY).field(field))
}

/// The name of a measure; nothing when empty.
///
/// # Errors
/// `totals.measure`.
pub fn measure_name(text: &str) -> Result<Option<&str>, Refusal> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if text.len() > MEASURE_MAX || !text.bytes().all(fits) {
        return Err(Refusal::new(&refusals::MEASURE).field("measure"));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// Rows of a page when the caller asks for `requested`.
///
/// # Errors
/// `totals.page_size`: a negative number.
pub fn rows(requested: i32) -> Result<usize, Refusal> {
    match usize::try_from(requested) {
        Ok(0) => Ok(ROWS_DEFAULT),
        Ok(rows) => Ok(rows.min(ROWS_MAX)),
        Err(_) => Err(Refusal::new(&refusals::ROWS).field("page_size")),
    }
}
