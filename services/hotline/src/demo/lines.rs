//! What the demo's people say, from `replies.toml`: each table by the key of a row, or taken in turn.

use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, Utc};
use hotline_policy::{AppealType, category_within};
use hotline_proto::common::v1::Satisfaction;
use hotline_proto::routing::v1 as routing;
use serde::Deserialize;

use super::sheet::Row;

/// Everything that is said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    reply: Vec<Reply>,
    answer: Vec<Answer>,
    reject: Vec<Reject>,
    transfer: Vec<Note>,
    refer: Vec<Refer>,
    r#return: Vec<Return>,
    extension: Vec<Extension>,
    send_back: Vec<SendBack>,
    delegate: Vec<Delegate>,
    cohandle: Vec<CoHandle>,
    redo: Vec<Redo>,
    escalate: Vec<Escalate>,
    withdraw: Vec<Reason>,
    urge: Vec<Note>,
    unreached: Vec<Unreached>,
    merge: Vec<Reason>,
    contact: Vec<Contact>,
    callback: Vec<Callback>,
    enterprise: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    types: Vec<AppealType>,
    #[serde(default)]
    categories: Vec<String>,
    action: String,
    office: String,
    handler: String,
    result: String,
    legal_basis: String,
    told: String,
    internal_text: String,
    public_text: String,
}

macro_rules! keyed {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            key: String,
            $($(#[$field_doc])* pub $field: $type,)*
        }
        impl Keyed for $name {
            fn key(&self) -> &str {
                &self.key
            }
        }
    )*};
}

trait Keyed {
    fn key(&self) -> &str;
}

keyed! {
    /// An answer given at once.
    Answer {
        /// `knowledge` or `specialist`.
        basis: String,
        /// The answer.
        text: String,
    }
    /// A refusal.
    Reject {
        /// What is explained.
        explanation: String,
        /// Where to go.
        guidance: String,
    }
    /// A note.
    Note {
        /// The note.
        note: String,
    }
    /// A reason.
    Reason {
        /// The reason.
        reason: String,
    }
    /// A question of scope.
    Refer {
        /// The question.
        question: String,
        /// What the leader decides; only `accept` so far.
        decision: String,
        /// Why.
        reason: String,
    }
    /// A request to give a leg back.
    Return {
        /// Unit that is proposed.
        proposed_unit: String,
        /// Basis.
        basis: String,
        /// Handling suggestion.
        suggestion: String,
        /// What the platform decides.
        agreed: bool,
        /// Why.
        reason: String,
    }
    /// A request for more time.
    Extension {
        /// Why.
        reason: String,
        /// How much.
        amount: String,
        /// What the platform decides.
        granted: bool,
        /// Why.
        answer: String,
    }
    /// A reply that does not pass, and why.
    SendBack {
        /// Public text of the first reply.
        first_reply: String,
        /// What is wrong with it.
        faults: Vec<String>,
        /// In words.
        reason: String,
    }
    /// A unit below.
    Delegate {
        /// The unit.
        unit: String,
        /// What it is asked to do.
        note: String,
    }
    /// More units.
    CoHandle {
        /// The units.
        units: Vec<String>,
        /// Who does what.
        note: String,
    }
    /// A bad answer and what follows.
    Redo {
        /// The appellant's words.
        dissatisfied: String,
        /// The verdict.
        verdict: String,
        /// What must be done.
        requirement: String,
        /// Public text of the second reply.
        second_public: String,
    }
    /// Two bad answers and the review.
    Escalate {
        /// The appellant's words, in turn.
        dissatisfied: Vec<String>,
        /// What must be done.
        requirement: String,
        /// Public text of the second reply.
        second_public: String,
        /// Public text of the review.
        review: String,
    }
    /// Attempts that reach nobody.
    Unreached {
        /// What happened, in turn.
        attempts: Vec<String>,
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contact {
    note: String,
    kind: Option<String>,
}

/// A good answer at the call-back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    satisfaction: String,
    /// The matter is solved.
    pub solved: bool,
    /// The appellant's words.
    pub words: String,
    kind: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    step: String,
    note: String,
}

impl Callback {
    /// How content the appellant is.
    pub fn satisfaction(&self) -> Satisfaction {
        match self.satisfaction.as_str() {
            "very_satisfied" => Satisfaction::VerySatisfied,
            "satisfied" => Satisfaction::Satisfied,
            _ => Satisfaction::Fair,
        }
    }
}

/// The line of a row in a keyed table.
macro_rules! by_key {
    ($($(#[$doc:meta])* $table:ident: $type:ty;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// The table has no line for the row.
        pub fn $table(&self, row: &Row) -> anyhow::Result<&$type> {
            find(&self.$table, row, stringify!($table))
        }
    )*};
}

fn find<'t, T: Keyed>(table: &'t [T], row: &Row, name: &str) -> anyhow::Result<&'t T> {
    let line = table.iter().find(|line| line.key() == row.key);
    line.with_context(|| format!("replies.toml: [[{name}]] has no line for {}", row.key))
}

impl Lines {
    /// Reads the file.
    ///
    /// # Errors
    /// A file that cannot be read, or is of another form.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("无法读取 {0} / cannot read {0}", path.display()))?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    by_key! {
        /// What the agent answers at once.
        answer: Answer;
        /// What the agent explains.
        reject: Reject;
        /// What is handed over.
        transfer: Note;
        /// What the agent asks the leader.
        refer: Refer;
        /// What the unit asks, and the platform decides.
        r#return: Return;
        /// What the unit asks, and the platform decides.
        extension: Extension;
        /// What does not pass.
        send_back: SendBack;
        /// Who is below.
        delegate: Delegate;
        /// Who takes part.
        cohandle: CoHandle;
        /// What the appellant complains of.
        redo: Redo;
        /// What the appellant complains of, twice.
        escalate: Escalate;
        /// Why the appellant withdraws.
        withdraw: Reason;
        /// What the appellant presses for.
        urge: Note;
        /// How nobody is reached.
        unreached: Unreached;
        /// Why two are one matter.
        merge: Reason;
    }

    /// The unit's reply to a row: the line that names it, else the first that fits its type and category.
    ///
    /// # Errors
    /// No line fits.
    pub fn reply(&self, row: &Row, now: DateTime<Utc>) -> anyhow::Result<routing::Reply> {
        let named = self.reply.iter().find(|line| line.keys.contains(&row.key));
        let fitting = || self.reply.iter().find(|line| line.fits(row));
        let line = named
            .or_else(fitting)
            .with_context(|| format!("replies.toml: no [[reply]] fits {}", row.key))?;
        Ok(routing::Reply {
            reply_id: String::new(),
            action: line.action.clone(),
            office: line.office.clone(),
            handler: line.handler.clone(),
            result: line.result.clone(),
            legal_basis: line.legal_basis.clone(),
            told: line.told.clone(),
            internal_text: line.internal_text.clone(),
            public_text: line.public_text.clone(),
            handled_at: Some(crate::render::timestamp(now)),
            contact: format!("{}值班电话", line.office),
            told_by: "telephone".to_owned(),
            ..routing::Reply::default()
        })
    }

    /// What the unit and the appellant said, by turn.
    pub fn contact(&self, row: &Row, turn: usize) -> &str {
        let kind = kind_of(row);
        let fitting: Vec<_> = self
            .contact
            .iter()
            .filter(|line| line.kind.as_deref() == kind)
            .collect();
        fitting
            .get(turn % fitting.len().max(1))
            .map_or("已联系诉求人", |line| line.note.as_str())
    }

    /// A good answer at the call-back, by turn.
    ///
    /// # Errors
    /// The file has none.
    pub fn callback(&self, row: &Row, turn: usize) -> anyhow::Result<&Callback> {
        let kind = row.is_enterprise().then_some("enterprise");
        let fitting: Vec<_> = self
            .callback
            .iter()
            .filter(|line| line.kind.as_deref() == kind)
            .collect();
        fitting
            .get(turn % fitting.len().max(1))
            .copied()
            .context("replies.toml: no [[callback]] fits")
    }

    /// What the enterprise desk writes at a step.
    pub fn enterprise(&self, step: &str) -> &str {
        self.enterprise
            .iter()
            .find(|line| line.step == step)
            .map_or("已跟进", |line| line.note.as_str())
    }
}

fn kind_of(row: &Row) -> Option<&'static str> {
    match (row.anonymous, row.is_enterprise()) {
        (true, _) => Some("anonymous"),
        (false, true) => Some("enterprise"),
        (false, false) => None,
    }
}

impl Reply {
    fn fits(&self, row: &Row) -> bool {
        let for_keys_alone = !self.keys.is_empty() && self.types.is_empty() && self.categories.is_empty();
        let type_fits = self.types.is_empty() || self.types.contains(&row.appeal_type);
        let within = |tree: &String| category_within(&row.category, tree);
        let category_fits = self.categories.is_empty() || self.categories.iter().any(within);
        !for_keys_alone && type_fits && category_fits
    }
}
