//! Orders, legs and signals for the tests of the domain, on the city's own policy and calendars.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use hotline_policy::{AppealType, Desk, Library, Matter, SourceFile, Urgency};
use hotline_worktime::{Calendar, YearArrangement};
use uuid::Uuid;

use super::clock::{Clock, Event, Leg, LegKind, Order};
use super::decide::decide;
use super::rules::Rules;
use super::signal::{SentLeg, Signal, What};

/// The installation's folder of data.
fn deploy() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy"))
}

/// The policies as they are shipped.
pub(crate) fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::load(&deploy().join("cities")).expect("the shipped policies are sound"))
}

/// Xuzhou's policy with more of its own over it: the settling apart from the answer, a fresh clock for a refused reply.
const TRIAL: &str = r#"
[policy]
id = "trial"
parent = "xuzhou-2020"
title = "t"
document = "d"
division = "320300"
effective_from = 2020-10-12
office_hours = ["09:00-12:00", "13:30-17:30"]
convention = "civil"

[[clock]]
source = "operator"
obligation = "answer"
within = "2 working days"

[[clock]]
source = "operator"
obligation = "settle"
within = "7 working days"

[[clock]]
article = "14(5)"
obligation = "difficult"
within = "1 month"

[[send_back]]
article = "14(6)"
when = { type = ["consult", "suggestion"] }
within = "3 working days"

[review]
article = "14(6)"
refused = "new_clock"
new_within = "10 working days"

[[extension]]
article = "3"
extends = ["settle"]
max_count = 1
ceiling = "14 working days"
requires = ["signature"]
decider = "platform"
decision = "1 working day"
notify = "always"
"#;

/// The rules of the trial policy, before any import.
pub(crate) fn trial() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        let source = |city: &str, name: &str, text: String| SourceFile {
            city: city.into(),
            name: name.into(),
            path: format!("{city}/{name}"),
            text,
        };
        let shipped = [
            ("jiangsu", "policy.toml"),
            ("xuzhou", "policy.toml"),
            ("xuzhou", "units.toml"),
            ("xuzhou", "catalogue.toml"),
            ("xuzhou", "divisions.csv"),
        ];
        let read = |(city, name): (&str, &str)| {
            let path = deploy().join("cities").join(city).join(name);
            source(city, name, std::fs::read_to_string(path).expect("a shipped file"))
        };
        let mut files: Vec<_> = shipped.into_iter().map(read).collect();
        files.push(source("trial", "policy.toml", TRIAL.into()));
        let library = Library::from_files(&files).unwrap_or_else(|problems| panic!("{problems}"));
        Rules::new(&library, calendar_until(2026), Vec::new())
    })
}

/// A signal about an ordinary order under the trial policy.
pub(crate) fn tried(what: What, at: DateTime<Utc>) -> Signal {
    let mut signal = signal(what, at);
    signal.order.policy_id = "trial".into();
    signal.order.policy_version = String::new();
    signal
}

/// The arrangement of a year as it is shipped.
pub(crate) fn arrangement(year: i32) -> YearArrangement {
    let path = deploy().join(format!("calendars/{year}.toml"));
    let text = std::fs::read_to_string(path).expect("the year is shipped");
    YearArrangement::parse(&text).expect("the year is sound")
}

/// The shipped calendar up to a year.
pub(crate) fn calendar_until(year: i32) -> Calendar {
    Calendar::new((2018..=year).map(arrangement).collect()).expect("the years agree")
}

/// The shipped rules, before any import.
pub(crate) fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| Rules::new(library(), calendar_until(2026), Vec::new()))
}

/// A local time, "2026-09-30 16:50".
pub(crate) fn local(text: &str) -> DateTime<Utc> {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time");
    hotline_worktime::at_local(time)
}

/// An order of Xuzhou.
pub(crate) fn order(appeal_type: AppealType, desk: Desk) -> Order {
    let mut matter = Matter::new(appeal_type, desk, "urban.property", "320302");
    matter.urgency = Urgency::Emergency;
    let policy = library().policy("xuzhou-2020").expect("Xuzhou is shipped");
    Order {
        id: Uuid::from_u128(7),
        policy_id: policy.id.clone(),
        policy_version: policy.version.clone(),
        matter,
        own_limit: None,
        facts: Arc::from([]),
    }
}

/// Leg `n` of a kind.
pub(crate) fn leg(n: u128, kind: LegKind) -> SentLeg {
    let parent = (kind == LegKind::Delegated).then(|| Uuid::from_u128(1));
    SentLeg {
        leg: Leg {
            id: Uuid::from_u128(n),
            kind,
            parent,
        },
        unit: format!("unit-{n}"),
    }
}

/// A signal about an ordinary order.
pub(crate) fn signal(what: What, at: DateTime<Utc>) -> Signal {
    let order = order(AppealType::Help, Desk::Hotline);
    Signal {
        what,
        at,
        order,
        leg: None,
        cause: String::new(),
        due_at: None,
        amount: None,
        calendar: 0,
        platform_late: false,
    }
}

/// The clocks of one order, kept in memory.
#[derive(Debug, Default)]
pub(crate) struct Docket {
    /// Every clock that ever was.
    pub clocks: Vec<Clock>,
}

impl Docket {
    /// Hears a signal at the moment that it tells of.
    pub(crate) fn hear(&mut self, signal: &Signal, rules: &Rules) -> Vec<Event> {
        let events = decide(&self.clocks, signal, rules, signal.at);
        let new = |event: &&Event| event.clock().generation == 1;
        let kept: Vec<Uuid> = self.clocks.iter().map(|clock| clock.id).collect();
        let events: Vec<Event> = events
            .iter()
            .filter(|event| !new(event) || !kept.contains(&event.clock().id))
            .cloned()
            .collect();
        events.iter().for_each(|event| self.put(event.clock()));
        events
    }

    /// Keeps a clock as it stands now.
    pub(crate) fn put(&mut self, clock: &Clock) {
        self.clocks.retain(|kept| kept.id != clock.id);
        self.clocks.push(clock.clone());
    }

    /// The clock of an obligation that changed last.
    pub(crate) fn of(&self, obligation: hotline_policy::Obligation) -> &Clock {
        let mut clocks = self.clocks.iter().rev();
        clocks
            .find(|clock| clock.obligation == obligation)
            .expect("such a clock was armed")
    }
}
