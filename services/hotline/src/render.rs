//! How results are printed: lines, tables, times; and how a failed command ends.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use comfy_table::{ContentArrangement, Table, presets};
use hotline_worktime::local_time;
use prost_types::Timestamp;

/// Prints a line to standard output.
///
/// # Errors
/// Nobody reads it any more.
pub fn out(text: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()
}

/// Prints a value as JSON to standard output.
///
/// # Errors
/// Nobody reads it any more.
pub fn out_json(value: &serde_json::Value) -> io::Result<()> {
    out(format_args!("{value:#}"))
}

/// Tells a person something beside the result, on standard error; what nobody reads is no failure.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether a person watches standard error.
pub fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Ends a failed command: the error with its causes; quietly where the reader of a pipe went away.
pub fn failed(error: &anyhow::Error) -> ExitCode {
    let broken = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(broken) {
        return ExitCode::SUCCESS;
    }
    note(format_args!("错误 / error: {error:#}"));
    ExitCode::FAILURE
}

/// A table with a header.
pub fn table<'a>(header: &[&str], rows: impl IntoIterator<Item = &'a [String]>) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row.to_vec());
    }
    table
}

/// An instant as local time to the minute; `-` where there is none.
pub fn when(at: Option<&Timestamp>) -> String {
    at.and_then(instant).map_or_else(|| "-".to_owned(), minute)
}

/// An instant as local time to the millisecond.
pub fn when_exactly(at: Option<&Timestamp>) -> String {
    let at = at.and_then(instant);
    at.map_or_else(
        || "-".to_owned(),
        |at| local_time(at).format("%m-%d %H:%M:%S%.3f").to_string(),
    )
}

/// An instant as local time to the minute.
pub fn minute(at: DateTime<Utc>) -> String {
    local_time(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Protobuf's instant as chrono's; nothing for one that is out of range.
pub fn instant(at: &Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}

/// Chrono's instant as protobuf's.
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0);
    Timestamp {
        seconds: at.timestamp(),
        nanos,
    }
}

/// A text cut to `max` characters, with an ellipsis where something is missing.
pub fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(max.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_characters_not_bytes() {
        assert_eq!(cut("路灯不亮", 4), "路灯不亮");
        assert_eq!(cut("路灯不亮了", 4), "路灯不…");
    }

    #[test]
    fn an_instant_reads_as_local_time_and_back() {
        let at = DateTime::from_timestamp(1_790_000_000, 0).expect("a valid instant");
        assert_eq!(instant(&timestamp(at)), Some(at));
        assert_eq!(when(Some(&timestamp(at))), "2026-09-21 22:13");
        assert_eq!(when(None), "-");
    }
}
