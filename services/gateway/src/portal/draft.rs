//! A report that somebody is writing: what they have said so far, and which page comes next. Pure.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::check::Problem;
use super::visit::Side;

/// Everything that was said so far. Sealed before it is stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Names the registration for ever.
    pub key: String,
    /// Kind, as the contract's words: `help`.
    pub kind: String,
    /// Group of categories.
    pub group: String,
    /// Category code.
    pub category: String,
    /// Title.
    pub title: String,
    /// Content.
    pub content: String,
    /// Day of the incident, 2026-09-30; may be empty.
    pub day: String,
    /// Division right below the city; empty for the whole city.
    pub area: String,
    /// Division below that one; may be empty.
    pub town: String,
    /// Place in words.
    pub place: String,
    /// Coordinates of the place (WGS 84), `34.26100,117.18500`; may be empty.
    pub spot: String,
    /// Pictures and papers.
    pub files: Vec<Attached>,
    /// Enterprise.
    pub enterprise: Enterprise,
    /// Name of the person.
    pub name: String,
    /// Telephone.
    pub telephone: String,
    /// Identity number.
    pub identity_number: String,
    /// Gives no name.
    pub anonymous: bool,
    /// The unit must not learn who it was.
    pub confidential: bool,
    /// Appeal of a similar matter that this one is to be joined to; may be empty.
    pub follow: String,
    /// Similar matters that were shown, so that the page need not name them.
    pub offered: Vec<String>,
    /// The pages that were filled in.
    pub visited: Vec<String>,
    /// What the register refused, until its page is filled in anew.
    pub refused: Vec<Problem>,
    /// It was sent, and whether it arrived is not known: it may be sent again, but not changed.
    pub sent: bool,
    /// What came of it.
    pub receipt: Option<Receipt>,
}

/// An enterprise that appeals.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Enterprise {
    /// Registered name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Size, as a label: 小型企业.
    pub size: String,
}

/// A file that was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attached {
    /// Its identifier at the gateway.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size_bytes: i64,
}

/// What somebody takes home.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// Number.
    pub number: String,
    /// Tracking code.
    pub code: String,
    /// When it was registered.
    pub at: DateTime<Utc>,
    /// It was joined to a similar matter.
    pub joined: bool,
}

/// A page of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What kind of thing.
    Kind,
    /// Which field of life.
    Group,
    /// Which matter in it.
    Topic,
    /// What happened, in words.
    Words,
    /// Where.
    Place,
    /// Pictures and papers.
    Files,
    /// Whether somebody told us already.
    Similar,
    /// For which enterprise.
    Enterprise,
    /// Who.
    Contact,
    /// All of it once more.
    Check,
}

impl Step {
    const PUBLIC: &'static [Self] = &[
        Self::Kind,
        Self::Group,
        Self::Topic,
        Self::Words,
        Self::Place,
        Self::Similar,
        Self::Files,
        Self::Contact,
        Self::Check,
    ];
    const ENTERPRISE: &'static [Self] = &[
        Self::Enterprise,
        Self::Kind,
        Self::Group,
        Self::Topic,
        Self::Words,
        Self::Place,
        Self::Files,
        Self::Contact,
        Self::Check,
    ];

    /// The pages of a portal in order.
    pub const fn all(side: Side) -> &'static [Self] {
        match side {
            Side::Public => Self::PUBLIC,
            Side::Enterprise => Self::ENTERPRISE,
        }
    }

    /// Its word in paths.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Group => "field",
            Self::Topic => "matter",
            Self::Words => "words",
            Self::Place => "place",
            Self::Files => "files",
            Self::Similar => "similar",
            Self::Enterprise => "enterprise",
            Self::Contact => "contact",
            Self::Check => "check",
        }
    }

    /// The page of this word.
    pub fn of(side: Side, path: &str) -> Option<Self> {
        Self::all(side).iter().copied().find(|step| step.path() == path)
    }

    /// The page that asks for a field of the contract.
    pub fn asking(field: &str) -> Self {
        match field {
            "type" => Self::Kind,
            "category" => Self::Group,
            "title" | "content" | "incident_time" => Self::Words,
            "division" | "incident_place" => Self::Place,
            _ if field.starts_with("appellant.enterprise") => Self::Enterprise,
            _ if field.starts_with("appellant") => Self::Contact,
            _ => Self::Check,
        }
    }
}

impl Draft {
    /// The page after `step`; the last one stays.
    pub fn after(&self, side: Side, step: Step) -> Step {
        let all = Step::all(side);
        let place = all.iter().position(|other| *other == step).unwrap_or(0);
        let next = all[place + 1..].iter().copied().find(|next| self.asks(*next));
        next.unwrap_or(Step::Check)
    }

    /// The page before `step`, if there is one.
    pub fn before(&self, side: Side, step: Step) -> Option<Step> {
        let all = Step::all(side);
        let place = all.iter().position(|other| *other == step)?;
        all[..place]
            .iter()
            .rev()
            .copied()
            .find(|before| self.asks(*before))
    }

    /// The first page that is still to be filled in.
    pub fn open(&self, side: Side) -> Step {
        let mut all = Step::all(side).iter().copied();
        let open = |step: &Step| self.asks(*step) && *step != Step::Similar && !self.filled(*step);
        all.find(open).unwrap_or(Step::Check)
    }

    /// Which of how many pages `step` is, from 1.
    pub fn place(&self, side: Side, step: Step) -> (usize, usize) {
        let asked: Vec<Step> = Step::all(side)
            .iter()
            .copied()
            .filter(|step| self.asks(*step))
            .collect();
        let place = asked.iter().position(|other| *other == step).unwrap_or(0);
        (place + 1, asked.len())
    }

    /// Notes that a page was filled in: what was refused on it is past.
    pub fn fill(&mut self, step: Step) {
        let path = step.path();
        if !self.filled(step) {
            self.visited.push(path.to_owned());
        }
        self.refused.retain(|problem| problem.page != path);
    }

    /// Whether a page was filled in.
    pub fn filled(&self, step: Step) -> bool {
        self.visited.iter().any(|path| path == step.path())
    }

    /// Whether a page has anything to ask: a group without matters in it is chosen at once.
    fn asks(&self, step: Step) -> bool {
        match step {
            Step::Topic => self.group.is_empty() || self.category != self.group,
            Step::Similar => !self.offered.is_empty(),
            _ => true,
        }
    }

    /// The narrowest division that was told; empty for the whole city.
    pub fn division(&self) -> &str {
        if self.town.is_empty() {
            &self.area
        } else {
            &self.town
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_follow_each_other_and_lead_back_the_same_way() {
        for side in Side::ALL {
            let draft = Draft {
                offered: vec!["a".into()],
                ..Draft::default()
            };
            let mut step = Step::all(side)[0];
            let mut seen = vec![step];
            while step != Step::Check {
                let next = draft.after(side, step);
                assert_eq!(draft.before(side, next), Some(step));
                step = next;
                seen.push(step);
            }
            assert_eq!(seen, Step::all(side));
        }
    }

    #[test]
    fn a_page_without_a_question_is_left_out() {
        let draft = Draft {
            group: "other".into(),
            category: "other".into(),
            ..Draft::default()
        };
        assert_eq!(draft.after(Side::Public, Step::Group), Step::Words);
        assert_eq!(draft.after(Side::Public, Step::Place), Step::Files);
        assert_eq!(draft.place(Side::Public, Step::Check), (7, 7));
    }

    #[test]
    fn the_first_open_page_is_found_after_any_was_filled_in() {
        let mut draft = Draft::default();
        assert_eq!(draft.open(Side::Public), Step::Kind);
        draft.fill(Step::Kind);
        draft.fill(Step::Words);
        assert_eq!(draft.open(Side::Public), Step::Group);
        for step in Step::PUBLIC {
            draft.fill(*step);
        }
        assert_eq!(draft.open(Side::Public), Step::Check);
    }

    #[test]
    fn every_field_of_a_refusal_has_a_page_that_asks_for_it() {
        for (field, step) in [
            ("appellant.telephone", Step::Contact),
            ("appellant.enterprise.credit_code", Step::Enterprise),
            ("category", Step::Group),
            ("title", Step::Words),
            ("division", Step::Place),
            ("idempotency_key", Step::Check),
        ] {
            assert_eq!(Step::asking(field), step, "{field}");
        }
    }
}
