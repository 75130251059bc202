//! The rows of `appeals.csv`: what is asked, by whom, and the path that each appeal takes.

use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, bail};
use hotline_policy::{AppealType, Channel, Urgency};
use serde::Deserialize;

/// One appeal of the demo.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Name of the row.
    pub key: String,
    /// Kind.
    #[serde(rename = "type")]
    pub appeal_type: AppealType,
    /// Channel.
    pub channel: Channel,
    /// Category code.
    pub category: String,
    /// Division code.
    pub division: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Title.
    pub title: String,
    /// Content.
    pub content: String,
    /// Place.
    pub incident_place: String,
    /// Who speaks.
    pub appellant_kind: Kind,
    /// Name; empty when anonymous.
    pub appellant_name: String,
    /// Telephone; empty when anonymous.
    pub telephone: String,
    /// Registered name of the enterprise.
    pub enterprise_name: String,
    /// Its credit code.
    pub credit_code: String,
    /// Gives no name.
    pub anonymous: bool,
    /// The path through life.
    pub script: Script,
}

impl Row {
    /// Whether an enterprise speaks.
    pub fn is_enterprise(&self) -> bool {
        self.appellant_kind == Kind::Enterprise
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A private person.
    Person,
    /// Somebody for an enterprise.
    Enterprise,
}

/// The path of an appeal through life.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Script {
    /// Straight through.
    Plain,
    /// Answered while registering.
    AnswerAtOnce,
    /// Refused with this code.
    Reject(String),
    /// The question of scope is handed up.
    Refer,
    /// Handed to this number.
    Transfer(String),
    /// Joined to the appeal of this row.
    Merge(String),
    /// The unit asks to give it back.
    Return,
    /// The unit asks for more time.
    Extend,
    /// The first reply does not pass the review.
    SendBack,
    /// The unit passes it down.
    Delegate,
    /// More units take part.
    CoHandle,
    /// A bad answer at the call-back, handled once more.
    Redo,
    /// Two bad answers, reviewed one level up.
    Escalate,
    /// The appellant presses.
    Urge,
    /// The appellant withdraws.
    Withdraw,
    /// Nobody answers the call-back.
    Unreached,
}

impl Script {
    /// Whether the register accepts the appeal in the step that registers it.
    pub fn is_accepted_at_once(&self) -> bool {
        !matches!(
            self,
            Self::AnswerAtOnce | Self::Reject(_) | Self::Refer | Self::Transfer(_) | Self::Merge(_)
        )
    }
}

impl FromStr for Script {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, rest) = text.split_once(':').unwrap_or((text, ""));
        let rest = rest.to_owned();
        Ok(match (word, rest.is_empty()) {
            ("plain", true) => Self::Plain,
            ("answer_at_once", true) => Self::AnswerAtOnce,
            ("reject", false) => Self::Reject(rest),
            ("refer", true) => Self::Refer,
            ("transfer", false) => Self::Transfer(rest),
            ("merge", false) => Self::Merge(rest),
            ("return", true) => Self::Return,
            ("extend", true) => Self::Extend,
            ("send_back", true) => Self::SendBack,
            ("delegate", true) => Self::Delegate,
            ("cohandle", true) => Self::CoHandle,
            ("redo", true) => Self::Redo,
            ("escalate", true) => Self::Escalate,
            ("urge", true) => Self::Urge,
            ("withdraw", true) => Self::Withdraw,
            ("unreached", true) => Self::Unreached,
            _ => return Err(format!("{text:?} is no script")),
        })
    }
}

impl TryFrom<String> for Script {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Reads the rows.
///
/// # Errors
/// A file that cannot be read, a row that is none, or a `merge:` into a row that is not there.
pub fn read(path: &Path) -> anyhow::Result<Vec<Row>> {
    let mut reader = csv::Reader::from_path(path)
        .with_context(|| format!("无法读取 {0} / cannot read {0}", path.display()))?;
    let rows: Result<Vec<Row>, _> = reader.deserialize().collect();
    let rows = rows.with_context(|| path.display().to_string())?;
    for row in &rows {
        if let Script::Merge(into) = &row.script
            && !rows.iter().any(|other| other.key == *into)
        {
            bail!(
                "{}: {} merges into {into}, which is not there",
                path.display(),
                row.key
            );
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_with_its_argument() {
        assert_eq!("reject:other".parse(), Ok(Script::Reject("other".into())));
        assert_eq!("merge:D02".parse(), Ok(Script::Merge("D02".into())));
        for bad in ["", "reject", "plain:x", "dance"] {
            assert!(bad.parse::<Script>().is_err(), "{bad}");
        }
    }
}
