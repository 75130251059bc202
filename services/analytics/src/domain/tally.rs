//! Increments of totals: what several things that happened add, each cell once, in one order for everybody.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::happening::{Happening, Keys};
use super::measure::measures;

/// What totals are broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Running totals of all days, for the overview.
    Ever,
    /// The whole platform.
    All,
    /// Handling unit.
    Unit,
    /// Kind of appeal.
    Type,
    /// Channel.
    Channel,
    /// Division code.
    Division,
    /// Category code.
    Category,
}

impl Dimension {
    /// The number in the table; from 1 the contract's.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Ever => 0,
            Self::All => 1,
            Self::Unit => 2,
            Self::Type => 3,
            Self::Channel => 4,
            Self::Division => 5,
            Self::Category => 6,
        }
    }
}

/// The day under which running totals stand.
pub const EVER: NaiveDate = DateTime::UNIX_EPOCH.naive_utc().date();

/// One total.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Breakdown.
    pub dimension: Dimension,
    /// Local day.
    pub day: NaiveDate,
    /// Key of the breakdown; empty for the whole platform.
    pub key: String,
    /// What is counted.
    pub measure: String,
}

/// What is to be added, sorted by cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How much to each cell.
    pub cells: BTreeMap<Cell, i64>,
    /// When the last of it happened; nothing in an empty tally.
    pub last_at: Option<DateTime<Utc>>,
}

impl Tally {
    /// Adds what happened at `at`.
    pub fn add(&mut self, happening: &Happening, at: DateTime<Utc>) {
        let day = hotline_worktime::local_time(at).date();
        for measure in measures(happening) {
            self.increase(Dimension::Ever, EVER, "", &measure);
            self.increase(Dimension::All, day, "", &measure);
            for (dimension, key) in broken_down(&happening.keys) {
                self.increase(dimension, day, key, &measure);
            }
        }
        self.last_at = self.last_at.max(Some(at));
    }

    fn increase(&mut self, dimension: Dimension, day: NaiveDate, key: &str, measure: &str) {
        let cell = Cell {
            dimension,
            day,
            key: key.to_owned(),
            measure: measure.to_owned(),
        };
        *self.cells.entry(cell).or_default() += 1;
    }
}

/// Dimensions with a key.
fn broken_down(keys: &Keys) -> impl Iterator<Item = (Dimension, &str)> {
    let all = [
        (Dimension::Unit, keys.unit.as_deref()),
        (
            Dimension::Type,
            keys.appeal_type.map(hotline_policy::AppealType::as_str),
        ),
        (
            Dimension::Channel,
            keys.channel.map(hotline_policy::Channel::as_str),
        ),
        (Dimension::Division, keys.division.as_deref()),
        (Dimension::Category, keys.category.as_deref()),
    ];
    all.into_iter()
        .filter_map(|(dimension, key)| key.filter(|key| !key.is_empty()).map(|key| (dimension, key)))
}
