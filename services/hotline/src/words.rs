//! The contract's words as people read them, in both languages.

use std::str::FromStr;

use hotline_policy::rules::Colour;
use hotline_policy::{Lang, Obligation, Way};
use hotline_proto::callback::v1::{CallbackState, Verdict};
use hotline_proto::common::v1::{LegKind, Satisfaction};
use hotline_proto::enterprise::v1::Progress;
use hotline_proto::intake::v1::AppealState;
use hotline_proto::routing::v1::{LegState, OrderState};
use hotline_proto::sla::v1::ClockState;

/// One of two texts.
pub fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Where an appeal stands.
pub fn appeal_state(state: AppealState, lang: Lang) -> &'static str {
    let (zh, en) = match state {
        AppealState::Unspecified => ("-", "-"),
        AppealState::Registered => ("已登记", "registered"),
        AppealState::Rejected => ("不予受理", "rejected"),
        AppealState::Referred => ("提请研判", "referred"),
        AppealState::Answered => ("直接解答", "answered"),
        AppealState::Transferred => ("已转接", "transferred"),
        AppealState::Merged => ("已合并", "merged"),
        AppealState::Accepted => ("已受理", "accepted"),
        AppealState::InProgress => ("办理中", "in progress"),
        AppealState::Settled => ("已办结", "settled"),
        AppealState::Closed => ("已结案", "closed"),
        AppealState::Archived => ("已归档", "archived"),
        AppealState::Withdrawn => ("已撤回", "withdrawn"),
        AppealState::WithSpecialist => ("专岗审核", "with a specialist"),
    };
    pick(lang, zh, en)
}

/// Where an order stands.
pub fn order_state(state: OrderState, lang: Lang) -> &'static str {
    let (zh, en) = match state {
        OrderState::Unspecified => ("-", "-"),
        OrderState::PreReview => ("待派单", "pre-review"),
        OrderState::Handling => ("办理中", "handling"),
        OrderState::Disputed => ("待审定", "disputed"),
        OrderState::Settled => ("已办结,待回访", "settled"),
        OrderState::Escalated => ("提级复核", "escalated"),
        OrderState::Closed => ("已结案", "closed"),
        OrderState::Archived => ("已归档", "archived"),
        OrderState::Withdrawn => ("已撤回", "withdrawn"),
    };
    pick(lang, zh, en)
}

/// Where a leg stands.
pub fn leg_state(state: LegState, lang: Lang) -> &'static str {
    let (zh, en) = match state {
        LegState::Unspecified => ("-", "-"),
        LegState::ToSign => ("待签收", "to sign"),
        LegState::Signed => ("已签收", "signed"),
        LegState::Submitted => ("单位内部审核", "submitted in the unit"),
        LegState::Replied => ("已答复,待认定", "replied"),
        LegState::SentBack => ("发回重填", "sent back"),
        LegState::Approved => ("答复已认定", "approved"),
        LegState::Returned => ("已退回", "returned"),
        LegState::Withdrawn => ("已撤回", "withdrawn"),
        LegState::Following => ("跟踪中", "following"),
    };
    pick(lang, zh, en)
}

/// What a leg is.
pub fn leg_kind(kind: LegKind, lang: Lang) -> &'static str {
    let (zh, en) = match kind {
        LegKind::Unspecified => ("-", "-"),
        LegKind::Lead => ("主办", "lead"),
        LegKind::CoHandle => ("协办", "co-handler"),
        LegKind::Delegated => ("下派", "delegated"),
        LegKind::Enterprise => ("企服平台", "enterprise"),
    };
    pick(lang, zh, en)
}

/// How a clock stands.
pub fn clock_state(state: ClockState, lang: Lang) -> &'static str {
    let (zh, en) = match state {
        ClockState::Unspecified => ("-", "-"),
        ClockState::Armed => ("计时中", "running"),
        ClockState::Met => ("按时完成", "met"),
        ClockState::Breached => ("已超时", "breached"),
        ClockState::Late => ("超时完成", "late"),
        ClockState::Cancelled => ("已取消", "cancelled"),
    };
    pick(lang, zh, en)
}

/// Where a call-back stands.
pub fn callback_state(state: CallbackState, lang: Lang) -> &'static str {
    let (zh, en) = match state {
        CallbackState::Unspecified => ("-", "-"),
        CallbackState::Scheduled => ("待回访", "scheduled"),
        CallbackState::Completed => ("已回访", "completed"),
        CallbackState::ToJudge => ("差评待判定", "to judge"),
        CallbackState::Judged => ("差评已判定", "judged"),
        CallbackState::Unreached => ("未接通", "unreached"),
        CallbackState::Cancelled => ("已取消", "cancelled"),
    };
    pick(lang, zh, en)
}

/// How far a department is with an enterprise's matter.
pub fn progress(progress: Progress, lang: Lang) -> &'static str {
    let (zh, en) = match progress {
        Progress::Unspecified => ("-", "-"),
        Progress::Received => ("已接收", "received"),
        Progress::Signed => ("部门已签收", "signed"),
        Progress::Contacted => ("部门已联系", "contacted"),
        Progress::Replied => ("部门已答复", "replied"),
        Progress::Settled => ("已办结", "settled"),
        Progress::Closed => ("已结案", "closed"),
        Progress::Withdrawn => ("已撤回", "withdrawn"),
        Progress::Returned => ("退回重派", "returned"),
        Progress::Redo => ("重办中", "redo"),
    };
    pick(lang, zh, en)
}

/// What a bad answer led to.
pub fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    let (zh, en) = match verdict {
        Verdict::Unspecified => ("-", "-"),
        Verdict::Redo => ("重办", "handle once more"),
        Verdict::Excluded => ("依规剔除", "excluded"),
        Verdict::Escalate => ("提级复核", "review one level up"),
        Verdict::Compliant => ("核查合规", "verified, compliant"),
        Verdict::Fix => ("责令限期整改", "to be put right by a date"),
    };
    pick(lang, zh, en)
}

/// How content somebody is.
pub fn satisfaction(level: Satisfaction, lang: Lang) -> &'static str {
    let (zh, en) = match level {
        Satisfaction::Unspecified => ("", ""),
        Satisfaction::VerySatisfied => ("非常满意", "very satisfied"),
        Satisfaction::Satisfied => ("满意", "satisfied"),
        Satisfaction::Fair => ("基本满意", "fairly satisfied"),
        Satisfaction::Dissatisfied => ("不满意", "dissatisfied"),
        Satisfaction::VeryDissatisfied => ("非常不满意", "very dissatisfied"),
    };
    pick(lang, zh, en)
}

/// Name of an obligation; the word itself where it is unknown here.
pub fn obligation(word: &str, lang: Lang) -> String {
    known(word, Obligation::zh, lang)
}

/// Name of a way of calling back; the word itself where it is unknown here.
pub fn way(word: &str, lang: Lang) -> String {
    known(word, Way::zh, lang)
}

/// A card: its colour, and which of its series it is.
pub fn card(colour: &str, series: i32, lang: Lang) -> String {
    let colour = known(colour, Colour::zh, lang);
    match lang {
        Lang::Zh => format!("{colour} 第{series}张"),
        Lang::En => format!("{colour} card no. {series}"),
    }
}

/// A word of the policy's lists: its Chinese name there, and itself in English.
fn known<T: FromStr>(word: &str, zh: impl Fn(T) -> &'static str, lang: Lang) -> String {
    match (lang, word.parse()) {
        (Lang::Zh, Ok(known)) => zh(known).to_owned(),
        _ => word.replace('_', " "),
    }
}

/// The last segment of a full name: `hotline.routing.v1.OrderOpened` is `OrderOpened`.
pub fn short_type(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}
