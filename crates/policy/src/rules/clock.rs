//! A clock: what is owed, within how long, by which article.

use std::sync::Arc;

use hotline_worktime::{Convention, Limit};

use crate::matter::{Condition, Matter};
use crate::problem::At;
use crate::read::{Layered, Table};
use crate::rules::origin::{Origin, Source};
use crate::vocabulary::Obligation;

/// A time limit as it applies to a matter.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockRule {
    /// What is owed.
    pub obligation: Obligation,
    /// Within how long of the start event.
    pub within: Limit,
    /// The article, or `operator` where the document is silent.
    pub article: String,
    /// Who said so.
    pub source: Source,
    /// The number of the document that the article belongs to.
    pub document: Arc<str>,
    /// How working days are counted, where this clock departs from the policy's convention.
    pub convention: Option<Convention>,
    /// How long before the due time to remind, longest first as written.
    pub remind_before: Vec<Limit>,
    /// The row's place in its file.
    pub at: At,
}

impl ClockRule {
    /// What people read as the basis: `徐政办发〔2020〕89号 12(3)`, or that the operator set it.
    #[must_use]
    pub fn cite(&self) -> String {
        match self.source {
            Source::Document => format!("{} {}", self.document, self.article),
            Source::Operator => Source::Operator.zh().to_owned(),
        }
    }

    /// The clock that `key` of another kind of row sets.
    pub(crate) fn derived(obligation: Obligation, within: Limit, origin: &Origin, key: &str) -> Self {
        Self {
            obligation,
            within,
            article: origin.article_of(key),
            source: origin.source_of(key),
            document: Arc::clone(&origin.document),
            convention: None,
            remind_before: Vec::new(),
            at: origin.at.clone(),
        }
    }
}

/// What a row says about its clock.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Run {
    Within(ClockRule),
    /// The document sets no such limit for these matters, on purpose.
    Never,
    /// The document sets one, but the number cannot be read in the text at hand and nobody filled it in.
    Lost(Lost),
}

/// A number that the document demands and the text at hand has lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// What is owed.
    pub obligation: Obligation,
    /// The name under which the number is filled in.
    pub name: String,
    /// The article that demands it.
    pub article: String,
    /// The row's place in its file.
    pub at: At,
}

/// A row of `[[clock]]`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClockRow {
    pub(crate) obligation: Obligation,
    pub(crate) when: Condition,
    pub(crate) run: Run,
    pub(crate) at: At,
    pub(crate) layered: Layered,
}

impl ClockRow {
    /// Reads a row; `None` (with problems noted) when its obligation or limit cannot be read.
    pub(crate) fn read(table: &Table<'_, '_>, layered: Layered) -> Option<Self> {
        let origin = Origin::read(table);
        let when = Condition::read(table);
        let convention = table.convention("convention");
        let remind_before = table.words("remind_before");
        let obligation = table.need_word::<Obligation>("obligation");
        let span = read_span(table);
        table.finish();
        let obligation = obligation?;
        if let Some(owner) = owner(obligation) {
            let text = format!("the limit of {obligation} belongs into {owner}");
            table.problem_at("obligation", text);
            return None;
        }
        let run = match span? {
            Span::Never => Run::Never,
            Span::Lost(name) => Run::Lost(Lost {
                obligation,
                name,
                article: origin.article.clone(),
                at: table.at(),
            }),
            Span::Within(within) => {
                let rule = ClockRule::derived(obligation, within, &origin, "within");
                Run::Within(ClockRule {
                    convention,
                    remind_before,
                    ..rule
                })
            }
        };
        Some(Self {
            obligation,
            when,
            run,
            at: table.at(),
            layered,
        })
    }

    /// The clock of this row, where it sets one.
    pub(crate) fn rule(&self) -> Option<&ClockRule> {
        match &self.run {
            Run::Within(rule) => Some(rule),
            Run::Never | Run::Lost(_) => None,
        }
    }

    pub(crate) fn matches(&self, matter: &Matter) -> bool {
        self.when.matches(matter)
    }
}

/// The obligations whose limit another kind of row sets: one number stands in one place.
pub(crate) fn owner(obligation: Obligation) -> Option<&'static str> {
    match obligation {
        Obligation::ReturnWindow | Obligation::ReturnDecision => Some("[[return]]"),
        Obligation::ExtensionWindow | Obligation::ExtensionDecision => Some("[[extension]]"),
        Obligation::Callback => Some("[[callback]]"),
        Obligation::Redo | Obligation::RedoDispatch => Some("[[redo]]"),
        _ => None,
    }
}

enum Span {
    Within(Limit),
    Never,
    Lost(String),
}

fn read_span(table: &Table<'_, '_>) -> Option<Span> {
    if table.has("lost") {
        let name = table.need_text("lost")?;
        if table.has("within") {
            table.problem_at("lost", "a lost number, but \"within\" has a value");
            return None;
        }
        return Some(match table.fill(&name) {
            Some(within) => Span::Within(within),
            None => Span::Lost(name),
        });
    }
    if !table.has("within") {
        table.problem(
            "[[clock]] needs \"within\" (a limit, or \"none\"), or lost = \"a name for the number\"",
        );
        return None;
    }
    match table.text("within")?.as_str() {
        "none" => Some(Span::Never),
        _ => table.need_word("within").map(Span::Within),
    }
}
