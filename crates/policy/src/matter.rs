//! A matter, as the rules see it, and the condition that a row of rules puts on it.
//!
//! Invariant: an absent key of a condition matches everything; a present one matches any of its values.

use std::collections::BTreeSet;

use crate::read::Table;
use crate::vocabulary::{AppealType, Channel, Desk, Level, Urgency};

/// What the rules may look at in an order or an appeal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// What the appellant wants.
    pub appeal_type: AppealType,
    /// The side of the platform that sends the order.
    pub desk: Desk,
    /// The way it came in.
    pub channel: Channel,
    /// How soon somebody must move.
    pub urgency: Urgency,
    /// Category code, dotted (`urban.property`).
    pub category: String,
    /// Adcode of the place (GB/T 2260, six digits, or nine for a street).
    pub division: String,
    /// The level that the matter is dispatched to, once it is known.
    pub level: Option<Level>,
    /// Labels (`enterprise`).
    pub labels: BTreeSet<String>,
    /// 1 for the first handling, 2 after the first redo.
    pub round: u32,
    /// The source platform's name, for orders that came from another platform.
    pub source: Option<String>,
}

impl Matter {
    /// An ordinary matter of this type at this desk: by telephone, not urgent, first round.
    #[must_use]
    pub fn new(appeal_type: AppealType, desk: Desk, category: &str, division: &str) -> Self {
        Self {
            appeal_type,
            desk,
            channel: Channel::Telephone,
            urgency: Urgency::Normal,
            category: category.to_owned(),
            division: division.to_owned(),
            level: None,
            labels: BTreeSet::new(),
            round: 1,
            source: None,
        }
    }
}

/// The `when = { … }` of a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// Any of these types; empty means all.
    pub types: Vec<AppealType>,
    /// Any of these desks.
    pub desks: Vec<Desk>,
    /// Any of these channels.
    pub channels: Vec<Channel>,
    /// Any of these urgencies.
    pub urgencies: Vec<Urgency>,
    /// Any of these categories, or one below it.
    pub categories: Vec<String>,
    /// Any of these divisions, or one inside it.
    pub divisions: Vec<String>,
    /// Any of these levels; a matter whose level is not known yet matches none.
    pub levels: Vec<Level>,
    /// At least one of these labels.
    pub labels: Vec<String>,
    /// Any of these source platforms; a matter of our own matches none.
    pub sources: Vec<String>,
    /// This round or a later one.
    pub round_from: Option<u32>,
}

impl Condition {
    /// Reads the `when` of a row; absent means everything.
    pub(crate) fn read(row: &Table<'_, '_>) -> Self {
        let Some(when) = row.table("when") else {
            return Self::default();
        };
        let condition = Self {
            types: when.words("type"),
            desks: when.words("desk"),
            channels: when.words("channel"),
            urgencies: when.words("urgency"),
            categories: when.words("category"),
            divisions: when.words("division"),
            levels: when.words("level"),
            labels: when.words("label"),
            sources: when.words("source"),
            round_from: when.count("round_from"),
        };
        when.names(&condition.categories, &condition.divisions);
        when.finish();
        condition
    }

    /// True when the condition holds for `matter`.
    #[must_use]
    pub fn matches(&self, matter: &Matter) -> bool {
        any(&self.types, |value| *value == matter.appeal_type)
            && any(&self.desks, |value| *value == matter.desk)
            && any(&self.channels, |value| *value == matter.channel)
            && any(&self.urgencies, |value| *value == matter.urgency)
            && any(&self.categories, |value| category_within(&matter.category, value))
            && any(&self.divisions, |value| division_within(&matter.division, value))
            && any(&self.levels, |value| matter.level == Some(*value))
            && any(&self.labels, |value| matter.labels.contains(value))
            && any(&self.sources, |value| matter.source.as_ref() == Some(value))
            && self.round_from.is_none_or(|from| matter.round >= from)
    }
}

fn any<T>(values: &[T], holds: impl Fn(&T) -> bool) -> bool {
    values.is_empty() || values.iter().any(holds)
}

/// True when `code` is `tree` or below it (`urban.property` is within `urban`).
#[must_use]
pub fn category_within(code: &str, tree: &str) -> bool {
    code.strip_prefix(tree)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// True when `code` is the division `area` or lies in it (`320302001` in `320302`, `320300`, `320000`).
#[must_use]
pub fn division_within(code: &str, area: &str) -> bool {
    code.starts_with(significant(area))
}

/// An adcode without the pairs of noughts that say "all of it".
fn significant(area: &str) -> &str {
    let mut area = area;
    while area.len() <= 6 && area.len() > 2 && area.len().is_multiple_of(2) && area.ends_with("00") {
        area = &area[..area.len() - 2];
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_lies_in_its_county_city_and_province() {
        for area in ["320302001", "320302", "320300", "320000"] {
            assert!(division_within("320302001", area), "{area}");
        }
        assert!(!division_within("320303001", "320302"));
        assert!(!division_within("320682", "320300"));
        assert!(!division_within("320302", "320302001"));
    }

    #[test]
    fn a_category_lies_below_its_group_and_not_beside_it() {
        assert!(category_within("urban.property", "urban"));
        assert!(category_within("urban", "urban"));
        assert!(!category_within("urbane.property", "urban"));
        assert!(!category_within("urban", "urban.property"));
    }

    #[test]
    fn an_empty_condition_matches_everything() {
        let matter = Matter::new(AppealType::Help, Desk::Hotline, "urban.property", "320302");
        assert!(Condition::default().matches(&matter));
        let later = Condition {
            round_from: Some(2),
            ..Condition::default()
        };
        assert!(!later.matches(&matter));
    }
}
