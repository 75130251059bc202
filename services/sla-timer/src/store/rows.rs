//! The row of a clock, and its translation.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sqlx::error::BoxDynError;
use uuid::Uuid;

use crate::domain::{Clock, Leg, LegKind, Reminder, Sorts, State};

/// Every column that a clock is read from.
macro_rules! columns {
    () => {
        "order_id, id, leg_id, parent_leg_id, leg_kind, state, generation, calendar, provisional, started_at, \
         due_at, stopped_at, unit_id, obligation, within, article, reminders, \
         platform_caused, appeal_type, enterprise, division, facts"
    };
}
pub(super) use columns;

/// Between reminders, and between a reminder's instant (microseconds) and its words.
const BETWEEN: char = ';';
const WITHIN: char = ' ';

#[derive(FromRow)]
pub(super) struct ClockRow {
    order_id: Uuid,
    id: Uuid,
    leg_id: Option<Uuid>,
    parent_leg_id: Option<Uuid>,
    leg_kind: Option<i16>,
    state: i16,
    generation: i32,
    calendar: i32,
    provisional: bool,
    started_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    stopped_at: Option<DateTime<Utc>>,
    unit_id: String,
    obligation: String,
    within: String,
    article: String,
    reminders: String,
    platform_caused: bool,
    appeal_type: Option<String>,
    enterprise: bool,
    division: String,
    facts: Vec<u8>,
}

impl ClockRow {
    fn into_clock(self) -> Result<Clock, BoxDynError> {
        let leg = match (self.leg_id, self.leg_kind) {
            (Some(id), Some(kind)) => Some(Leg {
                id,
                kind: kind_from(kind)?,
                parent: self.parent_leg_id,
            }),
            _ => None,
        };
        Ok(Clock {
            id: self.id,
            order: self.order_id,
            leg,
            unit: self.unit_id,
            obligation: self.obligation.parse()?,
            state: state_from(self.state, self.stopped_at, &self.reminders)?,
            generation: self.generation,
            started_at: self.started_at,
            due_at: self.due_at,
            basis: self.within.parse()?,
            article: self.article,
            provisional: self.provisional,
            calendar: self.calendar,
            platform_caused: self.platform_caused,
            sorts: Sorts {
                appeal_type: self.appeal_type.as_deref().map(str::parse).transpose()?,
                enterprise: self.enterprise,
                division: self.division,
            },
            facts: Arc::from(self.facts),
        })
    }
}

/// The clocks of rows.
pub(super) fn clocks(rows: Vec<ClockRow>) -> Result<Vec<Clock>, sqlx::Error> {
    rows.into_iter()
        .map(|row| row.into_clock().map_err(sqlx::Error::Decode))
        .collect()
}

/// The number of a state.
pub(super) fn state_number(state: &State) -> i16 {
    match state {
        State::Armed(_) => 1,
        State::Met(_) => 2,
        State::Breached => 3,
        State::Late(_) => 4,
        State::Cancelled(_) => 5,
    }
}

fn state_from(number: i16, stopped_at: Option<DateTime<Utc>>, reminders: &str) -> Result<State, BoxDynError> {
    Ok(match (number, stopped_at) {
        (1, None) => State::Armed(reminders_from(reminders)?),
        (2, Some(at)) => State::Met(at),
        (3, None) => State::Breached,
        (4, Some(at)) => State::Late(at),
        (5, Some(at)) => State::Cancelled(at),
        (number, at) => return Err(format!("no clock is in state {number}, stopped at {at:?}").into()),
    })
}

/// The number of a kind of leg, as in the contract.
pub(super) fn kind_number(kind: LegKind) -> i16 {
    match kind {
        LegKind::Lead => 1,
        LegKind::CoHandle => 2,
        LegKind::Delegated => 3,
        LegKind::Enterprise => 4,
    }
}

fn kind_from(number: i16) -> Result<LegKind, BoxDynError> {
    Ok(match number {
        1 => LegKind::Lead,
        2 => LegKind::CoHandle,
        3 => LegKind::Delegated,
        4 => LegKind::Enterprise,
        other => return Err(format!("no leg is of kind {other}").into()),
    })
}

/// The reminders to come, as text.
pub(super) fn reminders_text(state: &State) -> String {
    let State::Armed(reminders) = state else {
        return String::new();
    };
    let mut text = String::new();
    for reminder in reminders {
        if !text.is_empty() {
            text.push(BETWEEN);
        }
        text.push_str(&reminder.at.timestamp_micros().to_string());
        text.push(WITHIN);
        text.push_str(&reminder.before.to_string());
    }
    text
}

fn reminders_from(text: &str) -> Result<Vec<Reminder>, BoxDynError> {
    let words = text.split(BETWEEN).filter(|words| !words.is_empty());
    words.map(reminder_from).collect()
}

fn reminder_from(words: &str) -> Result<Reminder, BoxDynError> {
    let (at, before) = words
        .split_once(WITHIN)
        .ok_or_else(|| format!("\"{words}\" is no reminder"))?;
    let at = DateTime::from_timestamp_micros(at.parse()?).ok_or_else(|| format!("\"{at}\" is no instant"))?;
    Ok(Reminder {
        at,
        before: before.parse()?,
    })
}
