//! A file of an appeal, as the register knows it; the bytes are at the gateway.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Most characters of a file's name.
pub const FILE_NAME_MAX: usize = 120;
/// Most files of one appeal.
pub const FILES_MAX: usize = 50;

/// A file of an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealFile {
    /// Identifier.
    pub id: Uuid,
    /// Name, masked.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size in bytes.
    pub size_bytes: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// The appellant sent it.
    pub from_appellant: bool,
    /// Who put it there.
    pub attached_by: String,
    /// When.
    pub attached_at: DateTime<Utc>,
}

/// The group of media that people speak of: Chinese and English.
#[must_use]
pub fn media_words(media_type: &str) -> [&'static str; 2] {
    match media_type.split('/').next() {
        Some("image") => ["图片", "picture"],
        Some("audio") => ["录音", "sound"],
        Some("video") => ["视频", "video"],
        _ => ["文档", "document"],
    }
}

/// A size as people read it: whole kilobytes, megabytes with one digit.
#[must_use]
pub fn size_words(bytes: i64) -> String {
    const KILO: i64 = 1024;
    let tenths = bytes.max(0).saturating_mul(10) / (KILO * KILO);
    if tenths >= 10 {
        format!("{}.{} MB", tenths / 10, tenths % 10)
    } else {
        format!("{} kB", (bytes.max(0) / KILO).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_reads_as_people_say_it() {
        let read = [0, 2_048, 1_048_576, 5_662_310].map(size_words);
        assert_eq!(read, ["1 kB", "2 kB", "1.0 MB", "5.3 MB"]);
        assert_eq!(media_words("image/png")[0], "图片");
    }
}
