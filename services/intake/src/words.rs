//! The words of every line of a timeline, Chinese and English: what staff read, and what the appellant reads.
//!
//! Invariant: the appellant's words name no person and repeat nothing that staff wrote for each other.

mod clock;
mod names;
mod order;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_policy::{City, Policy};
use hotline_proto::common::v1::LegFacts;
use hotline_worktime::local_time;
use prost_types::Timestamp;

use crate::contract;
use crate::domain::Line;
use crate::told::Told;

/// What the words are written with: the names of units, the articles of the policy.
#[derive(Debug, Clone)]
pub struct Book {
    city: Arc<City>,
}

/// A line in the making.
struct Words {
    staff: [String; 2],
    public: Option<[String; 2]>,
    actor: String,
    article: String,
}

/// Staff's words, Chinese and English.
fn staff(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words {
        staff: [zh.into(), en.into()],
        public: None,
        actor: String::new(),
        article: String::new(),
    }
}

impl Words {
    fn public(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.public = Some([zh.into(), en.into()]);
        self
    }

    fn by(mut self, actor: impl Into<String>) -> Self {
        self.actor = actor.into();
        self
    }

    fn article(mut self, article: &str) -> Self {
        article.clone_into(&mut self.article);
        self
    }
}

impl Book {
    /// The words of this city.
    #[must_use]
    pub fn new(city: Arc<City>) -> Self {
        Self { city }
    }

    /// The line of an event; `None` where it says nothing that anybody needs to read.
    #[must_use]
    pub fn line(&self, told: Told<'_>) -> Option<Line> {
        let words = self
            .of_appeal(told)
            .or_else(|| self.of_order(told))
            .or_else(|| self.of_clock(told));
        let Words {
            staff: [text, text_en],
            public,
            actor,
            article,
        } = words.or_else(|| self.of_others(told))?;
        Some(Line {
            kind: told.kind(),
            text,
            text_en,
            public,
            actor,
            article,
        })
    }

    fn unit<'b>(&'b self, id: &'b str) -> &'b str {
        if id.is_empty() {
            return "热线平台";
        }
        self.city.units.get(id).map_or(id, |unit| unit.name.as_str())
    }

    fn of_leg<'b>(&'b self, leg: &'b Option<LegFacts>) -> &'b str {
        self.unit(leg.as_ref().map_or("", |leg| leg.unit_id.as_str()))
    }

    fn policy(&self) -> &Policy {
        &self.city.policy
    }

    /// What the register did.
    fn of_appeal(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::AppealRegistered(e) => {
                let facts = e.facts.as_ref();
                let channel = facts.and_then(|facts| contract::channel_of(facts.channel));
                let kind = facts.and_then(|facts| contract::appeal_type_of(facts.r#type));
                let (channel_zh, channel) = channel.map_or(("", ""), |known| (known.zh(), known.as_str()));
                let (kind_zh, kind) = kind.map_or(("", ""), |known| (known.zh(), known.as_str()));
                staff(
                    format!("登记诉求:{channel_zh},{kind_zh}"),
                    format!("registered: {kind} by {channel}"),
                )
                .public("诉求已登记", "your appeal is registered")
                .by(&e.actor)
                .article(&self.policy().identity().origin.article)
            }
            Told::AppealAccepted(e) => staff("受理,转入派单", "accepted, an order is due")
                .public("诉求已受理", "your appeal is accepted")
                .by(&e.actor),
            Told::AppealRejected(e) => {
                let name = self
                    .policy()
                    .reject(&e.code)
                    .map_or(e.code.as_str(), |rule| rule.name.as_str());
                let (why, go) = (&e.explanation, &e.guidance);
                staff(
                    format!("不予受理({name}):{why};引导:{go}"),
                    format!("out of scope ({}): {why}; sent to: {go}", e.code),
                )
                .public(
                    format!("不予受理:{why} {go}"),
                    format!("out of scope: {why} {go}"),
                )
                .by(&e.actor)
                .article(&e.article)
            }
            Told::AppealReferred(e) => staff(
                format!("上报第{}级认定:{}", e.level, e.question),
                format!("referred to level {}: {}", e.level, e.question),
            )
            .public("正在核实是否属于受理范围", "the scope is being checked")
            .by(&e.actor),
            Told::AppealAnswered(e) => {
                let [zh, en] = names::basis(&e.basis);
                let answer = &e.answer;
                staff(
                    format!("当场解答({zh}):{answer}"),
                    format!("answered at once ({en}): {answer}"),
                )
                .public(answer, answer)
                .by(&e.actor)
            }
            Told::AppealTransferred(e) => {
                let (target, name) = (&e.target, &e.target_name);
                let article = self
                    .policy()
                    .redirects()
                    .iter()
                    .find(|rule| rule.number == *target);
                staff(
                    format!("一键转接{target}({name}):{}", e.note),
                    format!("transferred to {target} ({name}): {}", e.note),
                )
                .public(
                    format!("已转接{target}({name})"),
                    format!("transferred to {target} ({name})"),
                )
                .by(&e.actor)
                .article(article.map_or("", |rule| &rule.origin.article))
            }
            // A merge is silent: both numbers stay alive, and the appellant follows the matter as before.
            Told::AppealMerged(e) => staff(
                format!("并入{}", e.into_number),
                format!("joined to {}", e.into_number),
            )
            .by(&e.actor),
            Told::AppealUnmerged(e) => staff("撤销并案", "the merge is undone").by(&e.actor),
            Told::AppealWithdrawn(e) => staff(
                format!("诉求人撤回:{}", e.reason),
                format!("withdrawn: {}", e.reason),
            )
            .public("已按您的意愿撤回", "withdrawn as you wished")
            .by(&e.actor),
            Told::AppealUrged(e) => staff(
                format!("第{}次催办:{}", e.count, e.note),
                format!("pressed for the {}. time: {}", e.count, e.note),
            )
            .public(
                format!("已记录您的第{}次催办", e.count),
                format!("your urge no. {} is recorded", e.count),
            )
            .by(&e.actor),
            Told::AppellantRevealed(e) => staff(
                format!("查看诉求人信息:{}", e.reason),
                format!("personal data shown: {}", e.reason),
            )
            .by(&e.actor),
            _ => return None,
        })
    }

    /// What call-back and the enterprise platform did.
    fn of_others(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::CallbackScheduled(e) => {
                let [zh, en] = names::way(&e.way);
                let from = e.not_before.as_ref().map_or(String::new(), minute);
                staff(
                    format!("安排{zh}回访,{from}起"),
                    format!("call-back by {en} from {from}"),
                )
                .by("callback")
            }
            Told::CallbackAttempted(e) => {
                let [zh, en] = names::unreached(&e.result);
                staff(
                    format!("第{}次回访未成:{zh}", e.attempt),
                    format!("call-back attempt {} reached nobody: {en}", e.attempt),
                )
                .public(
                    "回访时未能与您取得联系",
                    "we could not reach you for the call-back",
                )
                .by(&e.actor)
            }
            Told::CallbackCompleted(e) => {
                let [zh, en] = names::satisfaction(e.satisfaction());
                let solved = if e.solved {
                    ["已解决", "solved"]
                } else {
                    ["未解决", "not solved"]
                };
                staff(
                    format!("回访完成:{zh},{} {}", solved[0], e.reason),
                    format!("call-back: {en}, {} {}", solved[1], e.reason),
                )
                .public("已完成回访", "the call-back is done")
                .by(&e.actor)
            }
            Told::CallbackUnreached(e) => {
                let [zh, en] = names::outcome(&e.counts_as);
                staff(
                    format!("{}次回访均未接通,按「{zh}」计", e.attempts),
                    format!("nobody reached in {} attempts, counts as {en}", e.attempts),
                )
                .by("callback")
            }
            Told::BadAnswerJudged(e) => {
                let [zh, en] = names::verdict(e.verdict());
                staff(
                    format!("差评审定:{zh},{}", e.reason),
                    format!("bad answer judged: {en}, {}", e.reason),
                )
                .by(&e.actor)
            }
            Told::EnterpriseLegReceived(e) => {
                let unit = self.of_leg(&e.leg);
                staff(format!("{unit}已接收"), format!("{unit} has received it")).by("enterprise")
            }
            Told::DepartmentUrged(e) => {
                let unit = self.unit(&e.unit_id);
                staff(
                    format!("企服平台催办{unit}:{}", e.note),
                    format!("the enterprise desk presses {unit}: {}", e.note),
                )
                .by(&e.actor)
            }
            Told::EnterpriseLegSupplemented(e) => staff(
                format!("企服平台补充:{}", e.note),
                format!("the enterprise desk adds: {}", e.note),
            )
            .by(&e.actor),
            Told::EnterpriseLegEvaluated(e) => {
                let [zh, en] = names::satisfaction(e.satisfaction());
                staff(
                    format!("企服平台评价:{zh} {}", e.note),
                    format!("the enterprise desk rates: {en} {}", e.note),
                )
                .by(&e.actor)
            }
            _ => return None,
        })
    }
}

fn instant(at: &Timestamp) -> DateTime<Utc> {
    contract::instant(at).unwrap_or_default()
}

/// Local date and minute.
fn minute(at: &Timestamp) -> String {
    local_time(instant(at)).format("%Y-%m-%d %H:%M").to_string()
}

/// Local date.
fn day(at: &Timestamp) -> String {
    local_time(instant(at)).format("%Y-%m-%d").to_string()
}
