//! The product's own Chinese words, read back into the contract's values.

use anyhow::{Result, anyhow};
use hotline_cli::words;
use hotline_policy::{AppealType, Channel, Lang, Urgency};
use hotline_proto::callback::v1::{CallbackState, Verdict};
use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::AppealState;
use hotline_proto::routing::v1::{LegState, OrderState};
use hotline_proto::sla::v1::ClockState;

/// Satisfaction, best first.
const SATISFACTION: &[(&str, common::Satisfaction)] = &[
    ("非常满意", common::Satisfaction::VerySatisfied),
    ("满意", common::Satisfaction::Satisfied),
    ("基本满意", common::Satisfaction::Fair),
    ("不满意", common::Satisfaction::Dissatisfied),
    ("非常不满意", common::Satisfaction::VeryDissatisfied),
];

/// Verdicts on bad answers.
const VERDICTS: &[(&str, Verdict)] = &[
    ("重办", Verdict::Redo),
    ("剔除", Verdict::Excluded),
    ("提级复核", Verdict::Escalate),
    ("合规", Verdict::Compliant),
    ("限期整改", Verdict::Fix),
];

/// Where an appeal stands.
///
/// # Errors
/// No state is called so; the message lists the words. So for every function here.
pub fn appeal_state(word: &str) -> Result<AppealState> {
    by_number(word, |state| words::appeal_state(state, Lang::Zh))
}

/// Where an order stands.
///
/// # Errors
/// As [`appeal_state`].
pub fn order_state(word: &str) -> Result<OrderState> {
    by_number(word, |state| words::order_state(state, Lang::Zh))
}

/// Where a leg stands.
///
/// # Errors
/// As [`appeal_state`].
pub fn leg_state(word: &str) -> Result<LegState> {
    by_number(word, |state| words::leg_state(state, Lang::Zh))
}

/// How a clock stands.
///
/// # Errors
/// As [`appeal_state`].
pub fn clock_state(word: &str) -> Result<ClockState> {
    by_number(word, |state| words::clock_state(state, Lang::Zh))
}

/// Where a call-back stands.
///
/// # Errors
/// As [`appeal_state`].
pub fn callback_state(word: &str) -> Result<CallbackState> {
    by_number(word, |state| words::callback_state(state, Lang::Zh))
}

/// How content the appellant is.
///
/// # Errors
/// As [`appeal_state`].
pub fn satisfaction(word: &str) -> Result<common::Satisfaction> {
    of_pairs(word, SATISFACTION)
}

/// How content the appellant is, in the product's Chinese; empty where it was not asked.
pub fn satisfaction_zh(satisfaction: common::Satisfaction) -> &'static str {
    let known = SATISFACTION.iter().find(|(_, known)| *known == satisfaction);
    known.map_or("", |(zh, _)| zh)
}

/// A verdict on a bad answer.
///
/// # Errors
/// As [`appeal_state`].
pub fn verdict(word: &str) -> Result<Verdict> {
    of_pairs(word, VERDICTS)
}

/// What an appellant wants.
///
/// # Errors
/// As [`appeal_state`].
pub fn appeal_type(word: &str) -> Result<common::AppealType> {
    let pairs = AppealType::ALL.iter().map(|kind| (kind.zh(), kind.as_str()));
    let name = format!("APPEAL_TYPE_{}", of_words(word, pairs)?);
    common::AppealType::from_str_name(&name).ok_or_else(|| anyhow!(name))
}

/// The way in.
///
/// # Errors
/// As [`appeal_state`].
pub fn channel(word: &str) -> Result<common::Channel> {
    let pairs = Channel::ALL
        .iter()
        .map(|channel| (channel.zh(), channel.as_str()));
    let name = format!("CHANNEL_{}", of_words(word, pairs)?);
    common::Channel::from_str_name(&name).ok_or_else(|| anyhow!(name))
}

/// How soon somebody must move.
///
/// # Errors
/// As [`appeal_state`].
pub fn urgency(word: &str) -> Result<common::Urgency> {
    let pairs = Urgency::ALL
        .iter()
        .map(|urgency| (urgency.zh(), urgency.as_str()));
    let name = format!("URGENCY_{}", of_words(word, pairs)?);
    common::Urgency::from_str_name(&name).ok_or_else(|| anyhow!(name))
}

/// Ways of disposing of what cannot be answered at once.
const DISPOSITIONS: &[(&str, &str)] = &[
    ("派发工单", "dispatch"),
    ("专席专窗联动", "seat_linkage"),
    ("专项服务", "special_service"),
];

/// How a result is accepted.
///
/// # Errors
/// As [`appeal_state`].
pub fn acceptance_way(word: &str) -> Result<String> {
    let ways = &[("文字", "text"), ("影像", "picture"), ("现场", "on_site")];
    Ok(of_pairs(word, ways)?.to_owned())
}

/// How a matter is disposed of.
///
/// # Errors
/// As [`appeal_state`].
pub fn disposition(word: &str) -> Result<&'static str> {
    of_pairs(word, DISPOSITIONS)
}

/// "是" or "否".
///
/// # Errors
/// Neither.
pub fn flag(word: &str) -> Result<bool> {
    of_pairs(word, &[("是", true), ("否", false)])
}

/// The value whose Chinese word this is; values of the contract number from 1 without gaps.
fn by_number<E: TryFrom<i32> + Copy>(word: &str, zh: impl Fn(E) -> &'static str) -> Result<E> {
    let all = || (1..).map_while(|number| E::try_from(number).ok());
    all()
        .find(|value| zh(*value) == word)
        .ok_or_else(|| unknown(word, all().map(zh)))
}

fn of_pairs<T: Copy>(word: &str, pairs: &[(&str, T)]) -> Result<T> {
    let found = pairs.iter().find(|(zh, _)| *zh == word).map(|(_, value)| *value);
    found.ok_or_else(|| unknown(word, pairs.iter().map(|(zh, _)| *zh)))
}

/// The contract's name of a Chinese word.
fn of_words(word: &str, pairs: impl Iterator<Item = (&'static str, &'static str)> + Clone) -> Result<String> {
    let found = pairs.clone().find(|(zh, _)| *zh == word);
    let (_, name) = found.ok_or_else(|| unknown(word, pairs.map(|(zh, _)| zh)))?;
    Ok(name.to_ascii_uppercase())
}

fn unknown<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> anyhow::Error {
    anyhow!("不认识“{word}”,可用:{}", known.collect::<Vec<_>>().join("、"))
}
