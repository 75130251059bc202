//! The CSV file as lines with numbers: decoded as a whole, so that a wrong encoding is refused before anything is sent.

use std::path::Path;

use anyhow::{Context, bail};
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{DecoderResult, Encoding, GBK, UTF_8};

use super::reject::is_ours;
use crate::export::plain;

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Number of the line on which the record begins, from 1.
    pub number: u64,
    /// Its fields.
    pub fields: StringRecord,
}

/// A CSV file, decoded.
#[derive(Debug)]
pub struct Sheet {
    /// Names of the columns.
    pub header: StringRecord,
    /// The lines after the header.
    pub lines: Vec<Line>,
}

impl Sheet {
    /// Reads a file in `encoding` (`utf-8`, `gbk` and their kin).
    ///
    /// # Errors
    /// A file that cannot be read, is in another encoding (with line and byte), or whose quotes never close.
    pub fn read(path: &Path, encoding: &str) -> anyhow::Result<Self> {
        let bytes =
            std::fs::read(path).with_context(|| format!("无法读取 {0} / cannot read {0}", path.display()))?;
        Self::parse(&bytes, encoding).with_context(|| path.display().to_string())
    }

    /// Reads the content of a file.
    ///
    /// # Errors
    /// As [`Sheet::read`].
    pub fn parse(bytes: &[u8], encoding: &str) -> anyhow::Result<Self> {
        let text = decode(bytes, encoding)?;
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader
            .headers()
            .context("首行应为列名 / the first line must name the columns")?
            .clone();
        if header.iter().all(|name| name.trim().is_empty()) {
            bail!("首行应为列名 / the first line must name the columns");
        }
        let rejected = header.iter().any(is_ours);
        let mut lines = Vec::new();
        for record in reader.into_records() {
            let fields = record.context("不是 CSV / not CSV")?;
            let number = fields.position().map_or(0, csv::Position::line);
            // What an import wrote itself carries the marks against formulas.
            let fields = if rejected {
                fields.iter().map(plain).collect()
            } else {
                fields
            };
            lines.push(Line { number, fields });
        }
        Ok(Self { header, lines })
    }
}

/// The text of `bytes`, strictly in `encoding`, without a byte order mark.
fn decode(bytes: &[u8], encoding: &str) -> anyhow::Result<String> {
    let named = Encoding::for_label(encoding.trim().as_bytes());
    let named = named.filter(|named| [UTF_8, GBK, encoding_rs::GB18030].contains(named));
    let named = named.with_context(|| {
        format!("不支持编码 {encoding},可用 utf-8、gbk / unknown encoding {encoding}; use utf-8 or gbk")
    })?;
    let mut decoder = named.new_decoder_with_bom_removal();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(room.context("the file is too large")?);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::Malformed(length, after) => {
            let at = read.saturating_sub(usize::from(length) + usize::from(after));
            Err(wrong_encoding(bytes, at, named))
        }
        DecoderResult::InputEmpty | DecoderResult::OutputFull => Ok(text),
    }
}

fn wrong_encoding(bytes: &[u8], at: usize, named: &'static Encoding) -> anyhow::Error {
    let before = &bytes[..at.min(bytes.len())];
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    let column = 1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count();
    let byte = bytes.get(at).copied().unwrap_or_default();
    let name = named.name();
    let hint = if named == UTF_8 {
        ";若为 GBK 文件请加 --encoding gbk"
    } else {
        ""
    };
    let hint_en = if named == UTF_8 {
        "; for a GBK file give --encoding gbk"
    } else {
        ""
    };
    anyhow::anyhow!(
        "第 {line} 行第 {column} 字节(0x{byte:02X})不是 {name}{hint} / \
         line {line}, byte {column} (0x{byte:02X}) is not {name}{hint_en}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_knows_the_line_it_begins_on() {
        let sheet = Sheet::parse("\u{feff}id,title\n1,\"a\nb\"\n2,c\n".as_bytes(), "utf-8").expect("reads");
        assert_eq!(sheet.header, vec!["id", "title"]);
        let numbers: Vec<_> = sheet.lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [2, 4]);
        assert_eq!(&sheet.lines[0].fields[1], "a\nb");
    }

    #[test]
    fn a_wrong_encoding_is_refused_with_line_and_byte() {
        let (gbk, _, _) = GBK.encode("id,title\n1,路灯不亮\n");
        let error = Sheet::parse(&gbk, "utf-8").expect_err("refused").to_string();
        assert!(
            error.contains("第 2 行第 5 字节") && error.contains("--encoding gbk"),
            "{error}"
        );
        let sheet = Sheet::parse(&gbk, "gbk").expect("reads");
        assert_eq!(&sheet.lines[0].fields[1], "路灯不亮");
        assert!(Sheet::parse(b"id\n1\n", "latin1").is_err());
    }
}
