//! The kinds of rule that a policy file holds, each with what it says and where it comes from.

mod accept;
mod account;
mod callback;
mod clock;
mod flow;
mod intake;
mod ladder;
mod measure;
mod origin;
mod redo;
mod requests;
mod review;
mod row;
mod scope;
mod sending;
mod supervise;

pub use accept::{AcceptRule, RealNameRule};
pub use account::{
    AccountabilityRule, Bearer, BodyRule, BulletinRule, ExemptionRule, Finding, MeasureRule, Right,
    VerificationRule,
};
pub use callback::{CallbackRule, ExclusionRule, Question, Satisfaction, Silence, Way, WayOrder};
pub use clock::{ClockRule, Lost};
pub use flow::{Delegation, FlowRule, RaiseRule, RaiseTo};
pub use intake::{
    CallerControl, ChannelRule, IntakeRules, LineMode, LineRule, PlatformRule, Post, Referral, SeatKind,
    SeatRule, Specialist,
};
pub use ladder::{EscalateRule, Recipient, Step};
pub use measure::{Audience, Count, MetricRule, Node, Period, ReportKind, ReportRule};
pub use origin::{Origin, Source};
pub use redo::{AtEnd, RedoRule, Trigger};
pub use requests::{Ceiling, Evidence, ExtensionRule, Notify, ReturnRule};
pub use review::{
    ApprovalLevel, Close, CloseEvent, Join, RefusedReply, ReplyCode, ReplyPart, Review, SendBackRule,
};
pub use scope::{
    Identity, IdentityField, IdentityMode, RedirectKind, RedirectRule, RejectRule, Retention, TransferWay,
};
pub use sending::{AcceptanceWay, DispatchRule, WhistleRule};
pub use supervise::{BrokenBy, CardRule, Colour, CountedBy, Happening, InstrumentRule, SuperviseRule};

pub(crate) use clock::{ClockRow, Run, owner as clock_owner};
pub(crate) use origin::operator_keys;
pub(crate) use row::Row;
