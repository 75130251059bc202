//! The reject file: the lines that did not go in, with the reason; fixed, it can be imported itself.
//!
//! Invariant: no cell is one that a spreadsheet takes for a formula; the mark before it is taken off when it is read.

use std::path::{Path, PathBuf};

use anyhow::Context;
use csv::StringRecord;

use super::sheet::Line;
use crate::export::safe;

/// A line that did not go in.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// The line.
    pub line: Line,
    /// Why.
    pub reason: String,
}

/// Where the rejected lines of `file` go.
pub fn path_of(file: &Path) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(".rej.csv");
    file.with_file_name(name)
}

/// Writes the rejected lines in the file's order, or removes what an earlier import left when there are none.
///
/// # Errors
/// The folder cannot be written.
pub fn write(path: &Path, header: &StringRecord, rejected: &mut [Rejected]) -> anyhow::Result<()> {
    if rejected.is_empty() {
        if path.exists() {
            std::fs::remove_file(path).with_context(|| format!("remove {}", path.display()))?;
        }
        return Ok(());
    }
    rejected.sort_by_key(|rejected| rejected.line.number);
    let mut writer = csv::Writer::from_path(path).with_context(|| format!("write {}", path.display()))?;
    let columns = header
        .iter()
        .filter(|name| !is_ours(name))
        .chain(["reject_line", "reject_reason"]);
    writer.write_record(columns)?;
    for Rejected { line, reason } in rejected.iter() {
        let own = header.iter().enumerate().filter(|(_, name)| !is_ours(name));
        let own = own.map(|(column, _)| safe(line.fields.get(column).unwrap_or_default()));
        writer.write_record(own.chain([line.number.to_string(), safe(reason)]))?;
    }
    writer
        .flush()
        .with_context(|| format!("write {}", path.display()))
}

/// Columns that an earlier reject file added.
pub(super) fn is_ours(name: &str) -> bool {
    matches!(name, "reject_line" | "reject_reason")
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Sheet;
    use super::*;

    #[test]
    fn a_rejected_line_stands_with_its_reason_and_reads_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = path_of(&dir.path().join("old.csv"));
        let sheet = Sheet::parse("id,title\n1,\"a\nb\"\n2,=1+1\n".as_bytes(), "utf-8").expect("reads");
        let reject = |line: &Line| Rejected {
            line: line.clone(),
            reason: "标题为空,请补".into(),
        };
        let mut rejected: Vec<_> = sheet.lines.iter().rev().map(reject).collect();
        write(&path, &sheet.header, &mut rejected).expect("writes");
        let written = std::fs::read_to_string(&path).expect("is there");
        assert!(written.contains("2,'=1+1,"), "{written}");
        let again = Sheet::read(&path, "utf-8").expect("reads");
        assert_eq!(&again.lines[1].fields[1], "=1+1", "as it was");
        assert_eq!(again.header, vec!["id", "title", "reject_line", "reject_reason"]);
        assert_eq!(again.lines[0].fields, vec!["1", "a\nb", "2", "标题为空,请补"]);
        write(&path, &again.header, &mut [reject(&again.lines[1])]).expect("writes");
        assert_eq!(Sheet::read(&path, "utf-8").expect("reads").header.len(), 4);
        write(&path, &sheet.header, &mut []).expect("removes");
        assert!(!path.exists());
    }
}
