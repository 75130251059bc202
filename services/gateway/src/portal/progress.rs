//! Where a matter stands, in five plain steps: who holds it, and what comes next. Pure.

use chrono::{DateTime, Utc};
use hotline_proto::callback::v1::{Callback, CallbackState};
use hotline_proto::common::v1::LegKind;
use hotline_proto::enterprise::v1::EnterpriseLeg;
use hotline_proto::intake::v1::{AppealState, TimelineEntry, TrackAppealResponse};
use hotline_proto::routing::v1::{Leg, LegState, Order, OrderState};
use hotline_proto::sla::v1::{Clock, ClockState};

use crate::page::instant;

/// Everything that is known of a matter; what did not answer is absent.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What the register tells its appellant.
    pub appeal: TrackAppealResponse,
    /// The order.
    pub order: Option<Order>,
    /// Clocks of the order.
    pub clocks: Vec<Clock>,
    /// Call-backs of the order.
    pub callbacks: Vec<Callback>,
    /// The second send.
    pub leg: Option<EnterpriseLeg>,
}

/// The five steps, by the end of the event that completes each.
const STEPS: [(&str, [&str; 2]); 5] = [
    ("AppealRegistered", ["已登记", "Registered"]),
    ("AppealAccepted", ["已受理", "Accepted"]),
    ("OrderDispatched", ["办理中", "Being handled"]),
    ("OrderSettled", ["已答复", "Answered"]),
    ("OrderClosed", ["已结案", "Closed"]),
];

/// One of the five steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its words in both languages.
    pub words: [&'static str; 2],
    /// When it was reached; `None` while it was not, or where nobody noted it.
    pub at: Option<DateTime<Utc>>,
    /// How it stands.
    pub state: StepState,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// The matter is here.
    Here,
    /// Still to come.
    Ahead,
}

/// What is expected next, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Obligation's word: sign, contact, answer, settle.
    pub obligation: String,
    /// When it is due.
    pub due: DateTime<Utc>,
    /// The calendar of that year is not published yet.
    pub provisional: bool,
    /// It ran out.
    pub late: bool,
}

/// Who holds a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The hotline's own desk.
    Platform,
    /// A unit, by its name.
    Unit(String),
    /// Nobody any more.
    Nobody,
}

impl Known {
    /// Whether the matter went the ordinary way; others end at once.
    pub fn ordinary(&self) -> bool {
        !matches!(
            self.appeal.state(),
            AppealState::Rejected | AppealState::Answered | AppealState::Transferred | AppealState::Withdrawn
        )
    }

    /// Whether something can still be said to those who handle it.
    pub fn is_open(&self) -> bool {
        matches!(
            self.appeal.state(),
            AppealState::Registered
                | AppealState::Referred
                | AppealState::WithSpecialist
                | AppealState::Accepted
                | AppealState::InProgress
                | AppealState::Settled
                | AppealState::Merged
        )
    }

    /// Whether there is a written opinion on this very matter; one joined to another's has none of its own.
    pub fn has_opinion(&self) -> bool {
        let own = |order: &&Order| {
            let facts = order.facts.as_ref();
            facts.is_some_and(|facts| facts.number == self.appeal.number)
        };
        let order = self.order.as_ref().filter(own);
        order.is_some_and(|order| order.opinion_issued_at.is_some())
    }

    /// The five steps.
    pub fn steps(&self) -> Vec<Step> {
        let here = match self.appeal.state() {
            AppealState::Settled => 3,
            AppealState::Closed | AppealState::Archived => 4,
            AppealState::Accepted => 1,
            AppealState::InProgress => 2,
            _ => 0,
        };
        let done = matches!(self.appeal.state(), AppealState::Closed | AppealState::Archived);
        let step = |(place, (end, words)): (usize, &(&str, [&'static str; 2]))| Step {
            words: *words,
            at: if place <= here { self.last(end) } else { None },
            state: match place {
                _ if place < here || done => StepState::Done,
                _ if place == here => StepState::Here,
                _ => StepState::Ahead,
            },
        };
        STEPS.iter().enumerate().map(step).collect()
    }

    /// When an event of this name was last told.
    fn last(&self, end: &str) -> Option<DateTime<Utc>> {
        let named = |entry: &&TimelineEntry| entry.r#type.ends_with(&format!(".{end}"));
        let found = self.appeal.entries.iter().rev().find(named);
        instant(found.and_then(|entry| entry.at.as_ref()))
    }

    /// The lead's leg of the present round.
    pub fn lead(&self) -> Option<&Leg> {
        let legs = self.order.as_ref()?.legs.iter().rev();
        let mut leads = legs.filter(|leg| {
            let lead = leg
                .facts
                .as_ref()
                .is_some_and(|facts| facts.kind() == LegKind::Lead);
            lead && !matches!(leg.state(), LegState::Returned | LegState::Withdrawn)
        });
        leads.next()
    }

    /// Who holds the matter now.
    pub fn holder(&self) -> Holder {
        match self.appeal.state() {
            AppealState::Closed | AppealState::Archived => return Holder::Nobody,
            _ if !self.ordinary() => return Holder::Nobody,
            AppealState::Settled => return Holder::Platform,
            _ => {}
        }
        let handled = self
            .order
            .as_ref()
            .is_some_and(|order| matches!(order.state(), OrderState::Handling | OrderState::Escalated));
        match self.lead() {
            Some(leg) if handled && leg.state() != LegState::Replied => Holder::Unit(leg.unit_name.clone()),
            _ => Holder::Platform,
        }
    }

    /// What is expected next.
    pub fn next(&self) -> Option<Next> {
        if !self.is_open() || self.appeal.state() == AppealState::Settled {
            return None;
        }
        let told = ["sign", "contact", "answer", "settle"];
        let mut all: Vec<Next> = self
            .clocks
            .iter()
            .filter(|clock| matches!(clock.state(), ClockState::Armed | ClockState::Breached))
            .filter_map(|clock| {
                let facts = clock.facts.as_ref()?;
                let known = told.contains(&facts.obligation.as_str());
                known.then_some(Next {
                    obligation: facts.obligation.clone(),
                    due: instant(facts.due_at.as_ref())?,
                    provisional: facts.provisional,
                    late: clock.state() == ClockState::Breached,
                })
            })
            .collect();
        all.sort_by_key(|next| next.due);
        all.into_iter().next()
    }

    /// By when the answer is expected, where it is not what comes next.
    pub fn answer_due(&self) -> Option<DateTime<Utc>> {
        let answer = self
            .clocks
            .iter()
            .filter(|clock| clock.state() == ClockState::Armed);
        let due = answer.filter_map(|clock| {
            let facts = clock.facts.as_ref()?;
            (facts.obligation == "answer").then(|| instant(facts.due_at.as_ref()))?
        });
        due.max()
    }

    /// The call-back that waits for the appellant's answer; whose matter was joined to another's is not asked.
    pub fn to_evaluate(&self) -> Option<&Callback> {
        if self.appeal.joined {
            return None;
        }
        let mut open = self.callbacks.iter().rev();
        open.find(|callback| callback.state() == CallbackState::Scheduled)
    }
}

#[cfg(test)]
mod tests {
    use hotline_proto::common::v1::LegFacts;
    use hotline_proto::sla::v1::ClockFacts;
    use prost_types::Timestamp;

    use super::*;

    fn at(seconds: i64) -> Option<Timestamp> {
        Some(Timestamp { seconds, nanos: 0 })
    }

    fn known(state: AppealState, events: &[(&str, i64)]) -> Known {
        let entry = |(name, when): &(&str, i64)| TimelineEntry {
            at: at(*when),
            r#type: format!("hotline.x.v1.{name}"),
            ..TimelineEntry::default()
        };
        Known {
            appeal: TrackAppealResponse {
                state: state.into(),
                entries: events.iter().map(entry).collect(),
                ..TrackAppealResponse::default()
            },
            ..Known::default()
        }
    }

    fn states(known: &Known) -> Vec<StepState> {
        known.steps().into_iter().map(|step| step.state).collect()
    }

    #[test]
    fn a_matter_that_is_handled_once_more_is_not_shown_as_answered() {
        use StepState::{Ahead, Done, Here};
        let events = [
            ("AppealRegistered", 1),
            ("AppealAccepted", 2),
            ("OrderDispatched", 3),
            ("OrderSettled", 4),
        ];
        let settled = known(AppealState::Settled, &events);
        assert_eq!(states(&settled), [Done, Done, Done, Here, Ahead]);
        let again = known(AppealState::InProgress, &events);
        assert_eq!(states(&again), [Done, Done, Here, Ahead, Ahead]);
        assert_eq!(again.steps()[3].at, None);
        let closed = known(AppealState::Closed, &events);
        assert_eq!(states(&closed), [Done; 5]);
    }

    #[test]
    fn a_unit_holds_the_matter_until_it_replied() {
        let leg = |state: LegState| Leg {
            facts: Some(LegFacts {
                kind: LegKind::Lead.into(),
                ..LegFacts::default()
            }),
            state: state.into(),
            unit_name: "市住建局".into(),
            ..Leg::default()
        };
        let with = |state: LegState| Known {
            order: Some(Order {
                state: OrderState::Handling.into(),
                legs: vec![leg(LegState::Returned), leg(state)],
                ..Order::default()
            }),
            ..known(AppealState::InProgress, &[])
        };
        assert_eq!(with(LegState::Signed).holder(), Holder::Unit("市住建局".into()));
        assert_eq!(with(LegState::Replied).holder(), Holder::Platform);
        assert_eq!(with(LegState::Withdrawn).holder(), Holder::Platform);
        assert_eq!(known(AppealState::Closed, &[]).holder(), Holder::Nobody);
    }

    #[test]
    fn the_soonest_open_clock_says_what_comes_next() {
        let clock = |obligation: &str, due: i64, state: ClockState| Clock {
            facts: Some(ClockFacts {
                obligation: obligation.into(),
                due_at: at(due),
                ..ClockFacts::default()
            }),
            state: state.into(),
            ..Clock::default()
        };
        let known = Known {
            clocks: vec![
                clock("answer", 900, ClockState::Armed),
                clock("sign", 100, ClockState::Met),
                clock("contact", 300, ClockState::Armed),
                clock("pre_review", 50, ClockState::Armed),
            ],
            ..known(AppealState::InProgress, &[])
        };
        let next = known.next().expect("something comes next");
        assert_eq!(
            (next.obligation.as_str(), next.due.timestamp(), next.late),
            ("contact", 300, false)
        );
        assert_eq!(known.answer_due().map(|due| due.timestamp()), Some(900));
    }
}
