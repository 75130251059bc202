//! What appellants answer, what units file about it, and what it leads to.

use chrono::{DateTime, Utc};
use hotline_policy::rules::{Satisfaction, Way};
use serde::{Deserialize, Serialize};

/// What the appellant answered: content, solved and suggestions are asked apart (Nanchang art. 14(7)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// How content.
    pub satisfaction: Satisfaction,
    /// The matter is solved; `None` where nobody asked.
    pub solved: Option<bool>,
    /// The unit had spoken with the appellant; `None` where nobody asked.
    pub contacted: Option<bool>,
    /// The reply is not true.
    pub untruthful: bool,
    /// Reason for a bad answer.
    pub reason: String,
    /// What the appellant suggests.
    pub suggestion: String,
}

/// An answer by a way after which another was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Way.
    pub way: Way,
    /// The answer.
    pub answer: Answer,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a bad answer leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The unit's fault: handled once more.
    Redo,
    /// Nothing more can lawfully be done.
    Excluded,
    /// Reviewed one level up.
    Escalate,
    /// Verified after the form: the handling was right.
    Compliant,
    /// Verified after the form: faulty, to be put right by a date.
    Fix,
}

/// A judgement with its grounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Code of the exclusion; empty otherwise.
    pub exclusion: String,
    /// References to what proves it.
    pub evidence: Vec<String>,
    /// By when a fault is put right.
    pub fix_by: Option<DateTime<Utc>>,
    /// What it rests on in the policy; of a judgement that is still asked for, nothing.
    pub grounds: Grounds,
}

/// What a judgement rests on in the policy that it was made under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grounds {
    /// The article; empty where the operator decides.
    pub article: String,
    /// Name of the exclusion, Chinese; empty where the policy lists none.
    pub exclusion: String,
    /// The same in English.
    pub exclusion_en: String,
}

/// Which paper of the unit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// The form on an enterprise that stays dissatisfied (Yicheng 3(4)2).
    AuditForm,
    /// How the unit did its duty (Nanchang art. 44).
    DutyStatement,
}

/// A unit's paper on a bad answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Kind.
    pub kind: PaperKind,
    /// In words.
    pub text: String,
    /// Who signed it.
    pub signed_by: String,
    /// It bears the seal.
    pub sealed: bool,
    /// Reference of the uploaded document.
    pub reference: String,
    /// Who filed it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Judgement {
    /// A judgement without more grounds than words.
    #[must_use]
    pub fn plain(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self {
            verdict,
            reason: reason.into(),
            exclusion: String::new(),
            evidence: Vec::new(),
            fix_by: None,
            grounds: Grounds::default(),
        }
    }

    /// Whether the answer counts against the unit.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.verdict != Verdict::Excluded
    }
}

impl Verdict {
    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Redo => "redo",
            Self::Excluded => "excluded",
            Self::Escalate => "escalate",
            Self::Compliant => "compliant",
            Self::Fix => "fix",
        }
    }
}

impl PaperKind {
    /// The word in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuditForm => "audit_form",
            Self::DutyStatement => "duty_statement",
        }
    }
}
