//! The words about supervision: what was demanded of a unit, what it answered, and what follows. For staff only.

use hotline_proto::sla::v1::CaseFacts;

use super::{Book, Words, minute, staff};
use crate::told::Told;

/// The case in front of a line.
fn case(case: &Option<CaseFacts>) -> [&str; 2] {
    case.as_ref()
        .map_or(["", ""], |case| [case.number.as_str(), case.class_name.as_str()])
}

impl Book {
    /// What supervision did.
    pub(super) fn of_supervision(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::SupervisionOpened(e) => {
                let [number, class] = case(&e.case);
                staff(
                    format!("督办立项{number}({class}):{}", e.why),
                    format!("supervision {number} opened: {}", e.why_en),
                )
                .by(&e.actor)
                .article(&e.article)
            }
            Told::SupervisionInstrumentIssued(e) => {
                let unit = self.unit(&e.unit_id);
                let due = e.due_at.as_ref().map(minute);
                let by = due.as_ref().map_or(String::new(), |due| format!(",{due}前反馈"));
                let by_en = due.map_or(String::new(), |due| format!(", to answer by {due}"));
                staff(
                    format!("向{unit}发出{}{}{by}:{}", e.name, e.number, e.why),
                    format!("{} {} to {unit}{by_en}: {}", e.code, e.number, e.why_en),
                )
                .by(&e.actor)
                .article(&e.article)
            }
            Told::SupervisionInstrumentReplied(e) => {
                let unit = self.unit(&e.unit_id);
                staff(
                    format!("{unit}反馈{}", e.number),
                    format!("{unit} answered {}", e.number),
                )
                .by(&e.actor)
            }
            Told::SupervisionReplyDecided(e) => {
                let [zh, en] = if e.accepted {
                    ["认可", "accepted"]
                } else {
                    ["退回", "sent back"]
                };
                staff(
                    format!("{}的反馈{zh} {}", e.number, e.reason),
                    format!("the answer to {} is {en} {}", e.number, e.reason),
                )
                .by(&e.actor)
            }
            Told::SupervisionCardIssued(e) => {
                let unit = self.unit(&e.unit_id);
                let colour = if e.colour == "red" { "红灯" } else { "黄灯" };
                staff(
                    format!("{unit}{colour}亮牌:{}", e.why),
                    format!("{} card to {unit}: {}", e.colour, e.why_en),
                )
                .by("sla-timer")
                .article(&e.article)
            }
            Told::SupervisionCoordinated(e) => {
                let lead = if e.lead_unit_id.is_empty() {
                    "未指定"
                } else {
                    self.unit(&e.lead_unit_id)
                };
                staff(
                    format!("{}协调督办,牵头单位:{lead}", e.body_name),
                    format!("{} coordinated; lead: {lead}", e.body_name),
                )
                .by(&e.actor)
                .article(&e.article)
            }
            Told::SupervisionVerified(e) => {
                let zh = match e.outcome.as_str() {
                    "compliant" => "符合规定",
                    "faulty" => "存在问题",
                    _ => "提供虚假信息",
                };
                staff(format!("回访复核:{zh}"), format!("verification: {}", e.outcome))
                    .by(&e.actor)
                    .article(&e.article)
            }
            Told::SupervisionDelayFound(e) => {
                let [zh, en] = if e.caused {
                    ["系", "caused"]
                } else {
                    ["非", "did not cause"]
                };
                staff(
                    format!("逾期{zh}平台原因:{}", e.reason),
                    format!("the platform {en} the delay: {}", e.reason),
                )
                .by(&e.actor)
            }
            Told::SupervisionAccountabilityRaised(e) => staff(
                format!("提出问责:{}", e.names.join("、")),
                format!("accountability raised: {}", e.names.join(", ")),
            )
            .by(&e.actor)
            .article(&e.article),
            Told::SupervisionMeasuresDecided(e) => staff(
                format!("问责决定:{}", e.names.join("、")),
                format!("measures: {}", e.names.join(", ")),
            )
            .by(&e.actor)
            .article(&e.article),
            Told::SupervisionExempted(e) => staff(format!("认定{}", e.name), format!("spared: {}", e.name))
                .by(&e.actor)
                .article(&e.article),
            Told::SupervisionHandedOver(e) => staff(
                format!("材料移送{}", e.name),
                format!("material handed over to {}", e.name),
            )
            .by(&e.actor)
            .article(&e.article),
            Told::SupervisionClosed(e) => {
                let [number, _] = case(&e.case);
                staff(
                    format!("督办办结{number}:{}", e.reason),
                    format!("supervision {number} closed ({}): {}", e.outcome, e.reason),
                )
                .by(&e.actor)
            }
            _ => return None,
        })
    }
}
