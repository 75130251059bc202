//! A regular notice of timeliness and quality: each unit's figures over a period, the worst first.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hotline_policy::rules::BulletinRule;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::why::minute;

/// What is known of one unit over a period, before it is put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Unit.
    pub unit: String,
    /// Clocks that came to their end.
    pub due: i64,
    /// Of these, kept.
    pub kept: i64,
    /// Answers that were sent back, or answered badly by the appellant.
    pub sent_back: i64,
    /// Cases opened.
    pub cases: i64,
    /// Cards issued.
    pub cards: i64,
}

/// The figures of one unit in a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFigures {
    /// Unit.
    pub unit: String,
    /// Clocks that came to their end.
    pub due: i64,
    /// Of these, kept.
    pub kept: i64,
    /// Kept of due, per cent, rounded down; 100 when none was due.
    pub rate: i64,
    /// Answers that were sent back.
    pub sent_back: i64,
    /// Cases opened.
    pub cases: i64,
    /// Cards issued.
    pub cards: i64,
    /// Below the rate that the policy sets.
    pub named: bool,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// Identifier.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// City.
    pub city: String,
    /// A code of the policy.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Article.
    pub article: String,
    /// First instant of the period.
    pub from: DateTime<Utc>,
    /// The instant after it.
    pub until: DateTime<Utc>,
    /// Units, the worst first.
    pub units: Vec<UnitFigures>,
    /// The notice as a text.
    pub text: String,
    /// Who receives the leads on named units; empty for none.
    pub recipient: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Who issued it.
    pub actor: String,
}

/// Joins partial figures by unit, and judges them by the policy's rate: the worst first.
#[must_use]
pub fn figures_of(rule: &BulletinRule, parts: Vec<Figures>) -> Vec<UnitFigures> {
    let mut by_unit: BTreeMap<String, Figures> = BTreeMap::new();
    for part in parts {
        let sum = by_unit.entry(part.unit.clone()).or_default();
        sum.unit = part.unit;
        sum.due += part.due;
        sum.kept += part.kept;
        sum.sent_back += part.sent_back;
        sum.cases += part.cases;
        sum.cards += part.cards;
    }
    let judged = |figures: Figures| {
        let rate = if figures.due == 0 {
            100
        } else {
            figures.kept * 100 / figures.due
        };
        UnitFigures {
            unit: figures.unit,
            due: figures.due,
            kept: figures.kept,
            rate,
            sent_back: figures.sent_back,
            cases: figures.cases,
            cards: figures.cards,
            named: rate < i64::from(rule.named_below),
        }
    };
    let mut units: Vec<_> = by_unit.into_values().map(judged).collect();
    units.sort_by(|a, b| (a.rate, &a.unit).cmp(&(b.rate, &b.unit)));
    units
}

/// The notice as people read it.
#[must_use]
pub fn notice(
    rule: &BulletinRule,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    units: &[UnitFigures],
    name_of: &dyn Fn(&str) -> String,
) -> String {
    let mut text = format!(
        "{}\n期间:{} 至 {}(依据:{})\n",
        rule.name,
        minute(from),
        minute(until),
        rule.origin.article
    );
    for unit in units {
        let named = if unit.named { ",予以通报" } else { "" };
        text.push_str(&format!(
            "{}:应完成{}项,按时{}项,按时率{}%;退回补充{}次;督办{}件;亮牌{}张{named}\n",
            name_of(&unit.unit),
            unit.due,
            unit.kept,
            unit.rate,
            unit.sent_back,
            unit.cases,
            unit.cards
        ));
    }
    text
}
