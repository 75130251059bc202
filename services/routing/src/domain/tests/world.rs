//! The shipped rules of Xuzhou, variations of them, and people to act.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_policy::{AppealType, Channel, City, Desk, Library, Policy, Refusal, SourceFile, Urgency};
use hotline_worktime::{Calendar, WorkClock, YearArrangement};
use uuid::Uuid;

use crate::domain::{
    Actor, Command, Decision, Dispatch, Event, ExtensionDraft, Facts, Findings, Forms, Heard, Leg,
    LegCommand, LegId, LegKind, Moment, Order, OrderId, Post, Proof, ReplyDraft, ReplyResult, ReturnDraft,
    Rules, Standing, Subject, ToldBy, UnitId, catch_up, decide, forms, hear,
};

pub(super) const HOUSING: &str = "xz-housing";
pub(super) const GULOU: &str = "xz-gulou";
pub(super) const TOWN: &str = "xz-gulou-huanglou";
pub(super) const WATER: &str = "xz-water";

/// The tables of [`World::matrix`].
const MATRIX: &str = r#"
[review]
article = "12(4)"
levels = ["section", "leader"]

[whistle]
article = "三(一)4"
decider = "platform"
acceptor = "special_team"
ways = ["text", "picture", "on_site"]
redo_within = "3 working days"
statement = ["signature", "seal"]

[[return]]
article = "12(4)"
window = "2 working days"
decision = "1 working day"
requires = ["basis", "suggestion", "signature"]
decider = "inspector"
max_returns = 2
upward = "省级平台"

[[extension]]
article = "12(4)"
extends = ["answer", "settle", "redo"]
opens_before = "5 working days"
closes_before = "1 working day"
max_count = 1
ceiling = "original"
requires = ["reason", "explanation"]
decider = "special_team"
decision = "1 working day"
notify = "always"
"#;

/// The rules, and a source of identifiers.
pub(super) struct World {
    city: Arc<City>,
    policy: Arc<Policy>,
    hours: WorkClock,
    calendar: i32,
    next_id: Cell<u128>,
}

impl World {
    /// Xuzhou as it is shipped.
    pub(super) fn xuzhou() -> Self {
        Self::varied("")
    }

    /// Xuzhou with tables of its own over the shipped ones.
    pub(super) fn varied(tables: &str) -> Self {
        Self::of(tables, &str::to_owned)
    }

    /// Xuzhou with every rule that a city may have: levels inside the unit, deciders apart, windows, a whistle, a
    /// platform above, and a body that decides whose duty a matter is.
    pub(super) fn matrix() -> Self {
        Self::of(MATRIX, &|units| {
            let authority = "id                 = \"xz-authority\"\n";
            units.replacen(authority, &format!("{authority}decides_duty = true\n"), 1)
        })
    }

    fn of(tables: &str, units: &dyn Fn(&str) -> String) -> Self {
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
        let mut files = Vec::new();
        for (city, name) in [
            ("jiangsu", "policy.toml"),
            ("xuzhou", "policy.toml"),
            ("xuzhou", "units.toml"),
            ("xuzhou", "catalogue.toml"),
            ("xuzhou", "divisions.csv"),
        ] {
            let path = deploy.join("cities").join(city).join(name);
            let mut text = std::fs::read_to_string(&path).expect("a shipped file");
            if name == "units.toml" {
                text = units(&text);
            }
            files.push(SourceFile {
                city: city.into(),
                name: name.into(),
                path: format!("{city}/{name}"),
                text,
            });
        }
        let head = "[policy]\nid = \"trial\"\nparent = \"xuzhou-2020\"\ntitle = \"t\"\ndocument = \"d\"\n\
            division = \"320300\"\neffective_from = 2020-10-12\noffice_hours = [\"09:00-12:00\", \"13:30-17:30\"]\n\
            convention = \"civil\"\n";
        let text = format!("{head}{tables}");
        files.push(SourceFile {
            city: "trial".into(),
            name: "policy.toml".into(),
            path: "trial".into(),
            text,
        });
        let library = Library::from_files(&files).unwrap_or_else(|problems| panic!("{problems}"));
        let calendar = Calendar::new(vec![shipped()]).expect("a calendar");
        let policy = Arc::clone(library.policy("trial").expect("the variation"));
        let hours = policy.work_clock(&calendar);
        Self {
            city: library.city("xuzhou").expect("xuzhou"),
            policy,
            hours,
            calendar: 0,
            next_id: Cell::new(1),
        }
    }

    /// The next version of the calendar comes, with one more day of this March off.
    pub(super) fn take_off(&mut self, day: u32) {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 3, day).expect("a date");
        let off = hotline_worktime::NamedDay {
            date,
            name: "停工".into(),
            line: None,
        };
        let mut year = shipped();
        year.holidays.push(off);
        let calendar = self.hours.calendar().with_year(year).expect("sound");
        self.hours = self.policy.work_clock(&calendar);
        self.calendar += 1;
    }

    /// Brings the order up to the calendar in force.
    pub(super) fn catch_up(&self, order: &mut Order) {
        self.ask(&service(), monday("09:00"), |rules, _| catch_up(order, rules));
    }

    pub(super) fn new_id(&self) -> Uuid {
        self.next_id.set(self.next_id.get() + 1);
        Uuid::from_u128(self.next_id.get())
    }

    /// An order in the pool, opened on Monday at 09:00.
    pub(super) fn opened(&self, appeal_type: AppealType, labels: &[&str]) -> Order {
        let facts = Facts {
            number: "32030026030200001".into(),
            policy_id: self.policy.id.clone(),
            policy_version: self.policy.version.clone(),
            appeal_type,
            channel: Channel::Telephone,
            desk: Desk::Hotline,
            urgency: Urgency::Normal,
            category: "urban.housing_market".into(),
            division: "320302".into(),
            labels: labels.iter().map(ToString::to_string).collect(),
            source: None,
        };
        let subject = Subject {
            title: "t".into(),
            content: "c".into(),
            ..Subject::default()
        };
        Order::opened(OrderId(self.new_id()), facts, subject, monday("09:00"))
    }

    /// An order that Housing leads and the county co-handles, sent on Monday at 09:30.
    pub(super) fn sent(&self, appeal_type: AppealType, labels: &[&str]) -> Order {
        let mut order = self.opened(appeal_type, labels);
        self.ok(&mut order, &dispatcher(), &Command::Claim, monday("09:10"));
        self.ok(
            &mut order,
            &dispatcher(),
            &send_to(HOUSING, &[GULOU]),
            monday("09:30"),
        );
        order
    }

    pub(super) fn decide(
        &self,
        order: &Order,
        actor: &Actor,
        command: &Command,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        self.ask(actor, now, |rules, moment| decide(order, command, rules, moment))
    }

    /// The forms of the leg of `unit`, asked for by that unit.
    pub(super) fn forms(&self, order: &Order, unit: &str, now: DateTime<Utc>) -> Result<Forms, Refusal> {
        self.forms_as(&clerk(unit), order, unit, now)
    }

    /// The forms of the leg of `unit`, asked for by `actor`.
    pub(super) fn forms_as(
        &self,
        actor: &Actor,
        order: &Order,
        unit: &str,
        now: DateTime<Utc>,
    ) -> Result<Forms, Refusal> {
        self.ask(actor, now, |rules, moment| {
            forms(order, leg_of(order, unit), rules, moment)
        })
    }

    pub(super) fn hear(&self, order: &mut Order, heard: &Heard, now: DateTime<Utc>) -> Vec<Event> {
        let events = self.ask(&service(), now, |rules, moment| hear(order, heard, rules, moment));
        apply(order, &events, now);
        events
    }

    /// Applies a command that must be allowed.
    pub(super) fn ok(
        &self,
        order: &mut Order,
        actor: &Actor,
        command: &Command,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        let events = self
            .decide(order, actor, command, now)
            .unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
        apply(order, &events, now);
        events
    }

    /// Applies a command on the leg of `unit`, by that unit.
    pub(super) fn unit(
        &self,
        order: &mut Order,
        unit: &str,
        command: LegCommand,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        let leg = leg_of(order, unit);
        self.ok(order, &clerk(unit), &Command::Leg(leg, command), now)
    }

    /// Applies a command on the leg of `unit`, by the platform.
    pub(super) fn desk(
        &self,
        order: &mut Order,
        unit: &str,
        command: LegCommand,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        let leg = leg_of(order, unit);
        self.ok(order, &dispatcher(), &Command::Leg(leg, command), now)
    }

    /// Signs, replies and approves the leg of `unit`.
    pub(super) fn handled(&self, order: &mut Order, unit: &str, now: DateTime<Utc>) -> Vec<Event> {
        self.unit(order, unit, LegCommand::Sign, now);
        self.unit(order, unit, reply(), now);
        self.desk(order, unit, LegCommand::Review(Findings::Approve), now)
    }

    pub(super) fn settled(&self, appeal_type: AppealType) -> Order {
        let mut order = self.sent(appeal_type, &[]);
        self.handled(&mut order, GULOU, monday("10:00"));
        self.handled(&mut order, HOUSING, monday("10:30"));
        order
    }

    fn ask<T>(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        question: impl FnOnce(&Rules<'_>, &Moment<'_>) -> T,
    ) -> T {
        let rules = Rules {
            policy: &self.policy,
            hours: &self.hours,
            calendar: self.calendar,
            city: &self.city,
        };
        let new_id = || self.new_id();
        question(
            &rules,
            &Moment {
                now,
                actor,
                new_id: &new_id,
            },
        )
    }
}

pub(super) fn apply(order: &mut Order, events: &[Event], now: DateTime<Utc>) {
    for event in events {
        order.evolve(event, now);
    }
}

/// The last standing leg of the unit.
pub(super) fn leg_of(order: &Order, unit: &str) -> LegId {
    let mut legs = order
        .legs
        .iter()
        .rev()
        .filter(|leg| leg.stands() && leg.kind != LegKind::Enterprise);
    legs.find(|leg| leg.unit.as_str() == unit)
        .map(|leg| leg.id)
        .unwrap_or_else(|| panic!("no leg of {unit}"))
}

pub(super) fn leg<'o>(order: &'o Order, unit: &str) -> &'o Leg {
    order.leg(leg_of(order, unit)).expect("the leg")
}

pub(super) fn dispatcher() -> Actor {
    Actor {
        name: "d-1".into(),
        standing: Standing::Platform,
        posts: vec![Post::Platform],
    }
}

pub(super) fn service() -> Actor {
    Actor {
        name: "service".into(),
        standing: Standing::Service,
        posts: vec![Post::Platform],
    }
}

pub(super) fn clerk(unit: &str) -> Actor {
    Actor {
        name: format!("clerk of {unit}"),
        standing: Standing::Unit(UnitId::new(unit)),
        posts: Vec::new(),
    }
}

pub(super) fn send_to(lead: &str, co_handlers: &[&str]) -> Command {
    Command::Dispatch(Dispatch {
        lead: Some(UnitId::new(lead)),
        co_handlers: co_handlers.iter().map(|unit| UnitId::new(*unit)).collect(),
        basis: String::new(),
        ..Dispatch::default()
    })
}

pub(super) fn draft() -> ReplyDraft {
    ReplyDraft {
        action: "到场核查".into(),
        office: "物业科".into(),
        handler: "科员".into(),
        result: Some(ReplyResult::Solved),
        legal_basis: "条例".into(),
        told: "电话告知".into(),
        internal_text: "已办".into(),
        public_text: "已解决".into(),
        handled_at: Some(monday("09:30")),
        contact: "物业科值班电话".into(),
        told_by: Some(ToldBy::Telephone),
        ..ReplyDraft::default()
    }
}

pub(super) fn reply() -> LegCommand {
    LegCommand::Reply(Box::new(draft()))
}

pub(super) fn ask_return(proposed: Option<&str>) -> LegCommand {
    LegCommand::RequestReturn(ReturnDraft {
        basis: "不属职责".into(),
        suggestion: "转他处".into(),
        proposed: proposed.map(UnitId::new),
        ..ReturnDraft::default()
    })
}

pub(super) fn ask_extension(amount: &str) -> LegCommand {
    LegCommand::RequestExtension(Box::new(ExtensionDraft {
        reason: "待鉴定".into(),
        amount: amount.parse().expect("a limit"),
        basis: String::new(),
        told: "已说明延期原因".into(),
        proof: Proof::default(),
    }))
}

pub(super) fn agree() -> Decision {
    Decision::Agree("同意".into())
}

pub(super) fn refuse() -> Decision {
    Decision::Refuse("不同意".into())
}

/// A time of Monday, 2 March 2026.
pub(super) fn monday(time: &str) -> DateTime<Utc> {
    day(2, time)
}

/// A time of a day of March 2026, local.
pub(super) fn day(day: u32, time: &str) -> DateTime<Utc> {
    let text = format!("2026-03-{day:02}T{time}:00+08:00");
    DateTime::parse_from_rfc3339(&text).expect("a time").to_utc()
}

/// The arrangement of 2026.
fn shipped() -> YearArrangement {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/calendars/2026.toml");
    let text = std::fs::read_to_string(path).expect("a shipped calendar");
    YearArrangement::parse(&text).expect("an arrangement")
}
