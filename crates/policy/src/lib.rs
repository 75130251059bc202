//! A regulation as data: which limit, rule and list applies to a matter, and by which article.
//!
//! Pure: files come in as text (only `load` reads a directory), no clock, no async.
//!
//! Invariant: everything wrong with the files of a city is reported at once, with file and line.

mod catalogue;
mod city;
mod divisions;
mod explain;
mod facts;
mod file;
mod fill;
mod library;
mod limits;
mod lint;
mod load;
mod matter;
mod named;
mod policy;
mod problem;
mod questions;
mod read;
pub mod refusal;
mod reminders;
mod replay;
mod resolve;
pub mod rules;
mod supervision;
mod tables;
mod tree;
mod units;
pub mod vocabulary;

pub use catalogue::{Catalogue, Category, Dispatch, DispatchRow, DutyRow, Lead};
pub use city::City;
pub use divisions::{Division, Divisions};
pub use explain::{ClockExplanation, explain};
pub use facts::{Difference, Fact, compare, facts};
pub use fill::Fill;
pub use library::{Library, SourceFile};
pub use limits::LimitRow;
pub use matter::{Condition, Matter, category_within, division_within};
pub use policy::{CODES, LOST_LIMIT, Policy};
pub use problem::{At, Problem, Problems};
pub use refusal::{Code, Kind, Lang, Refusal};
pub use replay::{
    Change as ReplayChange, Outcome as ReplayOutcome, PastOrder, Total as ReplayTotal,
    Verdict as ReplayVerdict, changes as replay_changes, replay, totals as replay_totals,
};
pub use rules::{
    AcceptRule, AcceptanceWay, ApprovalLevel, AtEnd, Audience, CallbackRule, CallerControl, Ceiling,
    ChannelRule, ClockRule, Close, CloseEvent, Count, Delegation, DispatchRule, EscalateRule, Evidence,
    ExclusionRule, ExtensionRule, FlowRule, Identity, IdentityField, IdentityMode, IntakeRules, Join,
    LineMode, LineRule, Lost, MetricRule, Node, Notify, Origin, Period, PlatformRule, Post, Question,
    RaiseRule, RaiseTo, RealNameRule, Recipient, RedirectKind, RedirectRule, RedoRule, Referral,
    RefusedReply, RejectRule, ReplyCode, ReplyPart, ReportKind, ReportRule, Retention, ReturnRule, Review,
    Satisfaction, SeatKind, SeatRule, SendBackRule, Silence, Source, Specialist, Step, TransferWay, Trigger,
    Way, WayOrder, WhistleRule,
};
pub use supervision::Supervision;
pub use units::{OffHours, Team, Unit, UnitKind, Units};
pub use vocabulary::{AppealType, Channel, Decider, Desk, Level, Obligation, Urgency};
