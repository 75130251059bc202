//! After the last answer: the platform verified by the unit's form, and closes the order or has it put right by a date.

use chrono::{DateTime, Utc};

use crate::domain::closing::again;
use crate::domain::event::Event;
use crate::domain::leg::Due;
use crate::domain::{Moment, Order, Outcome, Rules};

/// What follows a verification: closed with the unit's further explanation, or one more round by the date that was set.
pub(super) fn verified(
    order: &Order,
    fix_by: Option<DateTime<Utc>>,
    reason: &str,
    rules: &Rules<'_>,
    moment: &Moment<'_>,
) -> Vec<Event> {
    let Some(at) = fix_by else {
        let reason = reason.to_owned();
        let outcome = Outcome::Final;
        return if order.is_ended() {
            Vec::new()
        } else {
            vec![Event::Closed { outcome, reason }]
        };
    };
    let mut events = again(order, reason, rules, moment).unwrap_or_default();
    for event in &mut events {
        if let Event::LegSent(leg) = event {
            leg.due = Due::Set { at };
        }
    }
    events
}
