//! The words of every line of a timeline, Chinese and English: what staff read, and what the appellant reads.
//!
//! Invariant: the appellant's words name no person and repeat nothing that staff wrote for each other.

mod appeal;
mod between;
mod clock;
mod names;
mod order;
mod supervision;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_policy::{City, Policy};
use hotline_proto::common::v1::{LegFacts, OrderFacts};
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
            .or_else(|| self.of_units(told))
            .or_else(|| self.of_clock(told))
            .or_else(|| self.of_supervision(told));
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

    /// The policy that an appeal was registered under; the city's where it is not at hand any more.
    fn policy_of(&self, facts: &Option<OrderFacts>) -> &Policy {
        let kept = facts.as_ref();
        let kept = kept.and_then(|facts| self.city.edition(&facts.policy_version, &facts.policy_id));
        kept.unwrap_or(&self.city.policy)
    }

    /// What call-back and the enterprise platform did.
    fn of_others(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::CallbackScheduled(e) => {
                let [zh, en] = names::way(&e.way);
                let from = e.not_before.as_ref().map_or(String::new(), minute);
                staff(
                    format!("安排{zh},{from}起"),
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
                let solved = match e.solved {
                    Some(true) => [",已解决", ", solved"],
                    Some(false) => [",未解决", ", not solved"],
                    None => ["", ""],
                };
                staff(
                    format!("回访完成:{zh}{} {}", solved[0], e.reason),
                    format!("call-back: {en}{} {}", solved[1], e.reason),
                )
                .public("已完成回访", "the call-back is done")
                .by(&e.actor)
            }
            Told::CallbackUnreached(e) => {
                let [zh, en] = names::silence(&e.counts_as);
                staff(
                    format!("{}次回访均未接通,{zh}", e.attempts),
                    format!("nobody reached in {} attempts: {en}", e.attempts),
                )
                .by("callback")
            }
            Told::BadAnswerJudged(e) => {
                let [zh, en] = names::verdict(e.verdict());
                let [left_zh, left] = match e.exclusion.as_str() {
                    "" => Default::default(),
                    _ => [
                        format!("({})", e.exclusion_name),
                        format!(" ({})", e.exclusion_name_en),
                    ],
                };
                staff(
                    format!("差评审定:{zh}{left_zh},{}", e.reason),
                    format!("bad answer judged: {en}{left}, {}", e.reason),
                )
                .by(&e.actor)
                .article(&e.article)
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
