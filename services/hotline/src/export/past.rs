//! Past orders out of the journals, in the form that `hotline policy replay` reads.
//!
//! A line is a lead leg of an order's first round: what its unit did, and when. The duties of a leg that was given back
//! or withdrawn end when it did. Bad answers stand on the last line of their order. Later rounds have no lines of their
//! own: a replay judges them by the count of bad answers.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use hotline_proto::bus::v1::Entry;
use hotline_proto::callback::v1::{BadAnswerJudged, CallbackCompleted, Verdict};
use hotline_proto::common::v1::{AppealType, Channel, Desk, LegFacts, LegKind, OrderFacts, Urgency};
use hotline_proto::routing::v1::{
    AppellantContacted, DepartmentLegDispatched, LegReplied, LegSigned, OrderSettled, OrderWithdrawn,
    ReturnDecided, ReturnRequested,
};
use prost::{Message, Name};

use super::safe;
use crate::render;

/// The columns of a file of past orders; the first five are needed.
pub const COLUMNS: &[&str] = &[
    "number",
    "type",
    "category",
    "division",
    "dispatched_at",
    "desk",
    "channel",
    "urgency",
    "labels",
    "source",
    "signed_at",
    "contacted_at",
    "replied_at",
    "settled_at",
    "return_asked_at",
    "bad_answers",
];

/// What became of one lead leg.
#[derive(Debug, Clone, PartialEq)]
struct Past {
    facts: OrderFacts,
    leg: String,
    dispatched: DateTime<Utc>,
    signed: Option<DateTime<Utc>>,
    contacted: Option<DateTime<Utc>>,
    replied: Option<DateTime<Utc>>,
    settled: Option<DateTime<Utc>>,
    return_asked: Option<DateTime<Utc>>,
    ended: Option<DateTime<Utc>>,
}

/// The orders that were sent out within a span of time, by their root.
#[derive(Debug)]
pub struct PastOrders {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    legs: HashMap<String, Vec<Past>>,
    bad: HashMap<String, i64>,
}

impl PastOrders {
    /// None yet, of a span that begins at `from` and ends before `until`.
    #[must_use]
    pub fn between(from: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self {
            from,
            until,
            legs: HashMap::new(),
            bad: HashMap::new(),
        }
    }

    /// Takes an entry of a journal, in its order; routing's before the call-back's.
    ///
    /// # Errors
    /// A payload that is not of its type.
    pub fn take(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let Some(at) = entry.occurred_at.as_ref().and_then(render::instant) else {
            return Ok(());
        };
        match entry.r#type.as_str() {
            kind if kind == DepartmentLegDispatched::full_name() => self.sent(entry, at)?,
            kind if kind == LegSigned::full_name() => {
                let leg = LegSigned::decode(entry.payload.as_slice())?.leg;
                self.leg(entry, leg, |past| past.signed = past.signed.or(Some(at)));
            }
            kind if kind == AppellantContacted::full_name() => {
                let leg = AppellantContacted::decode(entry.payload.as_slice())?.leg;
                self.leg(entry, leg, |past| past.contacted = past.contacted.or(Some(at)));
            }
            kind if kind == LegReplied::full_name() => {
                let leg = LegReplied::decode(entry.payload.as_slice())?.leg;
                self.leg(entry, leg, |past| past.replied = Some(at));
            }
            kind if kind == ReturnRequested::full_name() => {
                let leg = ReturnRequested::decode(entry.payload.as_slice())?.leg;
                self.leg(entry, leg, |past| past.return_asked = Some(at));
            }
            kind if kind == ReturnDecided::full_name() => {
                let event = ReturnDecided::decode(entry.payload.as_slice())?;
                if event.agreed {
                    self.leg(entry, event.leg, |past| past.ended = Some(at));
                }
            }
            kind if kind == OrderSettled::full_name() => {
                let facts = OrderSettled::decode(entry.payload.as_slice())?.facts;
                if facts.is_some_and(|facts| facts.round <= 1) {
                    self.last(entry, |past| past.settled = Some(at));
                }
            }
            kind if kind == OrderWithdrawn::full_name() => {
                self.last(entry, |past| past.ended = Some(at));
            }
            kind if kind == CallbackCompleted::full_name() => {
                let bad = CallbackCompleted::decode(entry.payload.as_slice())?.bad;
                self.count(entry, i64::from(bad));
            }
            kind if kind == BadAnswerJudged::full_name() => {
                let verdict = BadAnswerJudged::decode(entry.payload.as_slice())?.verdict();
                self.count(entry, -i64::from(verdict == Verdict::Excluded));
            }
            _ => {}
        }
        Ok(())
    }

    /// The lines, by number and time, each with a cell for every column.
    #[must_use]
    pub fn lines(&self) -> Vec<[String; COLUMNS.len()]> {
        let mut orders: Vec<_> = self.legs.iter().collect();
        orders.sort_by_key(|(_, legs)| legs.first().map(|past| past.facts.number.clone()));
        let mut lines = Vec::new();
        for (root, legs) in orders {
            let bad = self.bad.get(root).copied().unwrap_or(0).max(0);
            let last = legs.len().saturating_sub(1);
            let counted = |place: usize| if place == last { bad } else { 0 };
            lines.extend(
                legs.iter()
                    .enumerate()
                    .map(|(place, past)| past.line(counted(place))),
            );
        }
        lines
    }

    fn sent(&mut self, entry: &Entry, at: DateTime<Utc>) -> anyhow::Result<()> {
        let event = DepartmentLegDispatched::decode(entry.payload.as_slice())?;
        let (Some(facts), Some(leg)) = (event.facts, event.leg) else {
            return Ok(());
        };
        let within = self.from <= at && at < self.until;
        if leg.kind() != LegKind::Lead || leg.round > 1 || !within {
            return Ok(());
        }
        self.legs.entry(entry.root.clone()).or_default().push(Past {
            facts,
            leg: leg.leg_id,
            dispatched: at,
            signed: None,
            contacted: None,
            replied: None,
            settled: None,
            return_asked: None,
            ended: None,
        });
        Ok(())
    }

    fn leg(&mut self, entry: &Entry, leg: Option<LegFacts>, change: impl Fn(&mut Past)) {
        let legs = self.legs.get_mut(&entry.root).into_iter().flatten();
        let of = leg.map(|leg| leg.leg_id).unwrap_or_default();
        legs.filter(|past| past.leg == of).for_each(change);
    }

    fn last(&mut self, entry: &Entry, change: impl Fn(&mut Past)) {
        let last = self.legs.get_mut(&entry.root).and_then(|legs| legs.last_mut());
        last.filter(|past| past.ended.is_none())
            .into_iter()
            .for_each(change);
    }

    fn count(&mut self, entry: &Entry, more: i64) {
        if self.legs.contains_key(&entry.root) && more != 0 {
            *self.bad.entry(entry.root.clone()).or_insert(0) += more;
        }
    }
}

impl Past {
    fn line(&self, bad: i64) -> [String; COLUMNS.len()] {
        let facts = &self.facts;
        let done = |at: Option<DateTime<Utc>>| at.or(self.ended).map(instant).unwrap_or_default();
        [
            facts.number.clone(),
            word(
                facts.r#type().as_str_name(),
                AppealType::Unspecified.as_str_name(),
            ),
            facts.category.clone(),
            facts.division.clone(),
            instant(self.dispatched),
            word(facts.desk().as_str_name(), Desk::Unspecified.as_str_name()),
            word(facts.channel().as_str_name(), Channel::Unspecified.as_str_name()),
            word(facts.urgency().as_str_name(), Urgency::Unspecified.as_str_name()),
            facts.labels.join(" "),
            facts.source.clone(),
            done(self.signed),
            done(self.contacted),
            done(self.replied),
            done(self.settled),
            self.return_asked.map(instant).unwrap_or_default(),
            bad.to_string(),
        ]
        .map(|cell| safe(&cell))
    }
}

fn instant(at: DateTime<Utc>) -> String {
    hotline_worktime::local_time(at)
        .format("%Y-%m-%dT%H:%M:%S%.6f+08:00")
        .to_string()
}

/// `APPEAL_TYPE_HELP` as the policy writes it; `none` tells how long the beginning is.
fn word(name: &str, none: &str) -> String {
    let beginning = none.trim_end_matches("UNSPECIFIED");
    name.strip_prefix(beginning).unwrap_or(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use hotline_proto::common::v1::Satisfaction;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_414_400 + minute * 60, 0).expect("an instant")
    }

    fn entry<E: Name>(minute: i64, event: &E) -> Entry {
        Entry {
            r#type: E::full_name(),
            root: "root-1".into(),
            occurred_at: Some(render::timestamp(at(minute))),
            payload: event.encode_to_vec(),
            ..Entry::default()
        }
    }

    fn facts(round: i32) -> Option<OrderFacts> {
        Some(OrderFacts {
            number: "320300260302010000017".into(),
            r#type: AppealType::Help.into(),
            desk: Desk::Hotline.into(),
            channel: Channel::MiniProgram.into(),
            urgency: Urgency::Normal.into(),
            category: "utilities.water".into(),
            division: "320302".into(),
            labels: vec!["enterprise".into(), "media".into()],
            source: "=HYPERLINK(1)".into(),
            round,
            ..OrderFacts::default()
        })
    }

    fn leg(id: &str) -> Option<LegFacts> {
        Some(LegFacts {
            leg_id: id.into(),
            kind: LegKind::Lead.into(),
            round: 1,
            ..LegFacts::default()
        })
    }

    fn sent(minute: i64, id: &str) -> Entry {
        let (facts, leg) = (facts(1), leg(id));
        entry(
            minute,
            &DepartmentLegDispatched {
                facts,
                leg,
                ..Default::default()
            },
        )
    }

    fn orders(entries: &[Entry]) -> Vec<[String; COLUMNS.len()]> {
        let mut orders = PastOrders::between(at(0), at(1_000));
        for entry in entries {
            orders.take(entry).expect("it is read");
        }
        orders.lines()
    }

    fn cell<'l>(line: &'l [String; COLUMNS.len()], name: &str) -> &'l str {
        let place = COLUMNS.iter().position(|column| *column == name);
        &line[place.expect("a column")]
    }

    #[test]
    fn a_leg_that_was_given_back_has_its_own_line_and_its_duties_end_with_it() {
        let (first, second) = (leg("a"), leg("b"));
        let asked = ReturnRequested {
            leg: first.clone(),
            ..Default::default()
        };
        let agreed = ReturnDecided {
            leg: first,
            agreed: true,
            ..Default::default()
        };
        let signed = LegSigned {
            leg: second.clone(),
            ..Default::default()
        };
        let replied = LegReplied {
            leg: second,
            ..Default::default()
        };
        let settled = OrderSettled {
            facts: facts(1),
            ..Default::default()
        };
        let again = OrderSettled {
            facts: facts(2),
            ..Default::default()
        };
        let answered = |bad| CallbackCompleted {
            bad,
            satisfaction: Satisfaction::Dissatisfied.into(),
            ..Default::default()
        };
        let excluded = BadAnswerJudged {
            verdict: Verdict::Excluded.into(),
            ..Default::default()
        };
        let lines = orders(&[
            sent(0, "a"),
            entry(10, &asked),
            entry(20, &agreed),
            sent(30, "b"),
            entry(40, &signed),
            entry(50, &replied),
            entry(60, &settled),
            entry(90, &again),
            entry(70, &answered(true)),
            entry(80, &answered(true)),
            entry(81, &excluded),
        ]);
        assert_eq!(lines.len(), 2);
        let ended = instant(at(20));
        for name in ["signed_at", "contacted_at", "replied_at", "settled_at"] {
            assert_eq!(cell(&lines[0], name), ended, "{name}");
        }
        assert_eq!(cell(&lines[0], "return_asked_at"), instant(at(10)));
        assert_eq!(
            (cell(&lines[0], "bad_answers"), cell(&lines[1], "bad_answers")),
            ("0", "1")
        );
        assert_eq!(cell(&lines[1], "dispatched_at"), instant(at(30)));
        assert_eq!(cell(&lines[1], "signed_at"), instant(at(40)));
        assert_eq!(cell(&lines[1], "contacted_at"), "");
        assert_eq!(cell(&lines[1], "settled_at"), instant(at(60)));
        assert_eq!(cell(&lines[1], "channel"), "mini_program");
        assert_eq!(cell(&lines[1], "labels"), "enterprise media");
        assert_eq!(cell(&lines[1], "source"), "'=HYPERLINK(1)");
    }

    #[test]
    fn what_was_sent_outside_the_span_is_left_out() {
        assert!(orders(&[sent(-1, "a"), sent(1_000, "b")]).is_empty());
        assert_eq!(orders(&[sent(999, "a")]).len(), 1);
    }
}
