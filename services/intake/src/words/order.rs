//! The words about orders and their legs.

use hotline_proto::common::v1::{LegFacts, LegKind};
use hotline_proto::routing::v1 as routing;
use hotline_worktime::limits_zh;

use super::{Book, Words, day, minute, names, staff};
use crate::told::Told;

impl Book {
    /// What routing did.
    pub(super) fn of_order(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::OrderOpened(_) => staff("生成工单,等待派单", "an order is open and waits for dispatch")
                .public("已生成工单,等待派单", "an order is open and waits for dispatch")
                .by("routing"),
            Told::OrderClaimed(e) => staff("领取派单任务", "claimed for dispatch").by(&e.actor),
            Told::OrderReleased(e) => staff("放回派单池", "put back into the pool").by(&e.actor),
            Told::OrderDispatched(e) => self.dispatched(e),
            Told::DepartmentLegDispatched(e) => {
                let unit = self.of_leg(&e.leg);
                let [zh, en] = names::leg(e.leg.as_ref().map_or(LegKind::Unspecified, LegFacts::kind));
                let [by_zh, by] = e.due_at.as_ref().map_or([String::new(), String::new()], |due| {
                    [format!(",限{}前", minute(due)), format!(", due {}", minute(due))]
                });
                staff(
                    format!("派送{unit}({zh}){by_zh}"),
                    format!("sent to {unit} ({en}){by}"),
                )
                .by(&e.actor)
            }
            Told::EnterpriseLegDispatched(e) => {
                let unit = self.of_leg(&e.leg);
                staff(format!("同步推送{unit}"), format!("sent to {unit} as well"))
                    .public(format!("已同步推送{unit}"), format!("sent to {unit} as well"))
                    .by(&e.actor)
            }
            Told::LegAcknowledged(e) => {
                let unit = self.of_leg(&e.leg);
                staff(format!("{unit}系统已接收"), format!("received by {unit}")).by(&e.actor)
            }
            Told::LegSigned(e) => {
                let unit = self.of_leg(&e.leg);
                let [zh, en] = [format!("{unit}已签收"), format!("signed by {unit}")];
                let words = staff(&zh, &en).by(&e.actor);
                let lead = e.leg.as_ref().is_some_and(|leg| leg.kind() == LegKind::Lead);
                if lead { words.public(zh, en) } else { words }
            }
            Told::AppellantContacted(e) => {
                let unit = self.of_leg(&e.leg);
                staff(
                    format!("{unit}联系诉求人:{}", e.note),
                    format!("{unit} spoke with the appellant: {}", e.note),
                )
                .public(format!("{unit}已与您联系"), format!("{unit} has spoken with you"))
                .by(&e.actor)
            }
            Told::ReturnRequested(e) => {
                let unit = self.of_leg(&e.leg);
                let [to_zh, to] = match e.proposed_unit_id.as_str() {
                    "" => [String::new(), String::new()],
                    id => [
                        format!(";建议{}", self.unit(id)),
                        format!("; proposes {}", self.unit(id)),
                    ],
                };
                staff(
                    format!("{unit}申请退回:{}{to_zh}", e.basis),
                    format!("{unit} asks to return it: {}{to}", e.basis),
                )
                .by(&e.actor)
            }
            Told::ReturnDecided(e) => {
                let unit = self.of_leg(&e.leg);
                let late = late(e.platform_late);
                let last = if e.final_determination {
                    [",转最终认定", ", goes to final determination"]
                } else {
                    ["", ""]
                };
                let [zh, en] = if e.agreed {
                    ["同意", "may return it"]
                } else {
                    ["不同意", "may not return it"]
                };
                staff(
                    format!("{zh}{unit}退回:{}{}{}", e.reason, last[0], late[0]),
                    format!("{unit} {en}: {}{}{}", e.reason, last[1], late[1]),
                )
                .by(&e.actor)
                .article(&e.article)
            }
            Told::ExtensionRequested(e) => {
                let unit = self.of_leg(&e.leg);
                let (amount, reason) = (&e.amount, &e.reason);
                staff(
                    format!("{unit}申请延期({}):{reason}", limits_zh(amount)),
                    format!("{unit} asks for {amount} more: {reason}"),
                )
                .by(&e.actor)
            }
            Told::ExtensionDecided(e) => self.extension_decided(e),
            Told::LegReplied(e) => {
                let unit = self.of_leg(&e.leg);
                let text = &e.public_text;
                let told = names::told_by(&e.told_by);
                let [zh, en] = told.map_or_else(Default::default, |[zh, en]| {
                    [format!("(已以{zh}告知诉求人)"), format!(" (told by {en})")]
                });
                staff(
                    format!("{unit}提交答复:{text}{zh}"),
                    format!("{unit} replied: {text}{en}"),
                )
                .by(&e.actor)
            }
            Told::ReplyApproved(e) => {
                let unit = self.of_leg(&e.leg);
                staff(
                    format!("{unit}答复认定通过"),
                    format!("the reply of {unit} is approved"),
                )
                .by(&e.actor)
            }
            Told::ReplySentBack(e) => {
                let unit = self.of_leg(&e.leg);
                let faults: Vec<_> = e.faults.iter().map(|word| names::fault(word)).collect();
                let [zh, en] = [0, 1].map(|place| {
                    faults
                        .iter()
                        .map(|f| f[place].as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                });
                let clock = if e.keep_clock {
                    ["原时限继续", "the clock goes on"]
                } else {
                    ["重新计时", "a new clock"]
                };
                staff(
                    format!("{unit}答复发回({zh}):{};{}", e.reason, clock[0]),
                    format!(
                        "the reply of {unit} is sent back ({en}): {}; {}",
                        e.reason, clock[1]
                    ),
                )
                .by(&e.actor)
                .article(&e.article)
            }
            Told::OrderSettled(e) => {
                let unit = self.unit(&e.lead_unit_id);
                staff(format!("{unit}办结"), format!("settled by {unit}"))
                    .public(
                        format!("{unit}答复:{}", e.public_text),
                        format!("{unit} replies: {}", e.public_text),
                    )
                    .by(&e.lead_unit_id)
            }
            Told::OrderRedone(e) => {
                let unit = self.unit(&e.lead_unit_id);
                let round = e.facts.as_ref().map_or(0, |facts| facts.round);
                staff(
                    format!("重办(第{round}轮),由{unit}办理:{}", e.reason),
                    format!("round {round}, handled by {unit}: {}", e.reason),
                )
                .public(
                    format!("由{unit}重新办理"),
                    format!("{unit} handles it once more"),
                )
                .by(&e.actor)
            }
            Told::OrderEscalated(e) => {
                let unit = self.unit(&e.unit_id);
                staff(
                    format!("提级复核,由{unit}负责:{}", e.reason),
                    format!("reviewed by {unit}: {}", e.reason),
                )
                .public(format!("由{unit}提级复核"), format!("{unit} reviews it"))
                .by(&e.actor)
            }
            Told::OrderClosed(e) => {
                let [zh, en] = names::outcome(&e.outcome);
                staff(
                    format!("结案({zh}):{}", e.reason),
                    format!("closed ({en}): {}", e.reason),
                )
                .public("已结案", "closed")
                .by(&e.actor)
            }
            Told::OrderArchived(e) => {
                let until = e.keep_until.as_ref().map_or(String::new(), day);
                staff(
                    format!("归档,保存至{until}"),
                    format!("archived, kept until {until}"),
                )
                .by(&e.actor)
            }
            Told::OrderWithdrawn(e) => staff(
                format!("工单终止:{}", e.reason),
                format!("the order ended: {}", e.reason),
            )
            .by("routing"),
            _ => return None,
        })
    }

    fn dispatched(&self, e: &routing::OrderDispatched) -> Words {
        let lead = self.unit(&e.lead_unit_id);
        let others: Vec<_> = e.co_handler_unit_ids.iter().map(|id| self.unit(id)).collect();
        let [co_zh, co] = match others.join("、") {
            none if none.is_empty() => [String::new(), String::new()],
            units => [format!(",协办{units}"), format!(", with {units}")],
        };
        let twin = if e.enterprise_leg {
            [",同步推送企服平台", ", and to the enterprise platform"]
        } else {
            ["", ""]
        };
        staff(
            format!(
                "第{}次派单:主办{lead}{co_zh}{};{}",
                e.dispatch_count, twin[0], e.basis
            ),
            format!(
                "dispatch {}: lead {lead}{co}{}; {}",
                e.dispatch_count, twin[1], e.basis
            ),
        )
        .public(format!("已交{lead}办理{co_zh}"), format!("handled by {lead}{co}"))
        .by(&e.actor)
    }

    fn extension_decided(&self, e: &routing::ExtensionDecided) -> Words {
        let unit = self.of_leg(&e.leg);
        let [before, due] = [&e.due_before, &e.due_at].map(|at| at.as_ref().map_or(String::new(), minute));
        let words = if e.granted {
            staff(
                format!(
                    "同意{unit}延期({}),由{before}延至{due}:{}",
                    limits_zh(&e.amount),
                    e.reason
                ),
                format!(
                    "{unit} has {} more, from {before} to {due}: {}",
                    e.amount, e.reason
                ),
            )
            .public(
                format!("办理时限延至{due}"),
                format!("the time limit is extended to {due}"),
            )
        } else {
            staff(
                format!("不同意{unit}延期:{}", e.reason),
                format!("{unit} gets no more time: {}", e.reason),
            )
        };
        let words = if e.tell_appellant && !e.granted {
            words.public(
                "延期申请未获同意,仍按原时限办理",
                "more time was refused; the time limit stays as it was",
            )
        } else {
            words
        };
        words.by(&e.actor).article(&e.article)
    }
}

fn late(platform: bool) -> [&'static str; 2] {
    if platform {
        ["(审定超时,延误由平台造成)", " (decided late by the platform)"]
    } else {
        ["", ""]
    }
}
