//! One line of a timeline, in words.

use chrono::{DateTime, Utc};

/// What is written on a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Protobuf full name of the event behind it.
    pub kind: String,
    /// What happened, for staff, Chinese.
    pub text: String,
    /// The same in English.
    pub text_en: String,
    /// What the appellant reads, Chinese and English; `None` for a line of the staff alone.
    pub public: Option<[String; 2]>,
    /// Who did it: a subject, a unit or a service.
    pub actor: String,
    /// Article that the step rests on; may be empty.
    pub article: String,
}

/// A line with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub line: Line,
}
