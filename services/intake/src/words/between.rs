//! The words about what units do inside and between them, about whistles, written opinions and statements.

use hotline_proto::routing::v1 as routing;

use super::{Book, Words, staff};
use crate::told::Told;

impl Book {
    /// What an order gathers beside its legs.
    pub(super) fn of_units(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::ReplySubmitted(e) => {
                let unit = self.of_leg(&e.leg);
                let [zh, en] = level(&e.awaits_level);
                staff(
                    format!("{unit}经办人提交答复,待{zh}审核"),
                    format!("{unit} submitted a reply; it waits for the {en}"),
                )
                .by(&e.actor)
            }
            Told::ReplyDecidedInUnit(e) => self.decided_inside(e),
            Told::CoHandlersAdded(e) => {
                let units = self.units(&e.unit_ids);
                staff(
                    format!("增派协办{units}:{}", e.reason),
                    format!("{units} are called in to help: {}", e.reason),
                )
                .public(
                    format!("增派{units}协同办理"),
                    format!("{units} help to handle it"),
                )
                .by(&e.actor)
            }
            Told::LegCoordinated(e) => {
                let unit = self.of_leg(&e.leg);
                staff(
                    format!("{unit}牵头协调:{}", e.note),
                    format!("{unit} coordinates: {}", e.note),
                )
                .by(&e.actor)
            }
            Told::LegGuided(e) => {
                let (above, unit) = (self.unit(&e.by_unit_id), self.of_leg(&e.leg));
                staff(
                    format!("{above}指导、督促{unit}:{}", e.note),
                    format!("{above} urges {unit}: {}", e.note),
                )
                .by(&e.actor)
            }
            Told::DeterminationRequested(e) => {
                let body = self.unit(&e.body_unit_id);
                staff(
                    format!("提请{body}认定职责:{}", e.question),
                    format!("{body} is asked whose duty it is: {}", e.question),
                )
                .by(&e.actor)
            }
            Told::DeterminationRecorded(e) => self.determined(e),
            Told::WrittenOpinionRequested(e) => staff(
                format!("诉求人要求出具书面办理意见:{}", e.note),
                format!("the appellant asks for a written opinion: {}", e.note),
            )
            .public(
                "已登记书面办理意见要求",
                "your demand for a written opinion is recorded",
            )
            .by(&e.actor),
            Told::WrittenOpinionIssued(e) => {
                let unit = self.unit(&e.unit_id);
                staff(
                    format!("{unit}出具{}", e.document_number),
                    format!("{unit} issued the written opinion {}", e.document_number),
                )
                .public(
                    format!("{unit}已出具书面办理意见"),
                    format!("{unit} issued the written opinion"),
                )
                .by(&e.actor)
            }
            other => return self.of_whistle(other),
        })
    }

    fn of_whistle(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::WhistleBlown(e) => {
                let (unit, called) = (self.unit(&e.unit_id), self.units(&e.called_unit_ids));
                staff(
                    format!("{unit}吹哨,召集{called}:{}", e.matter),
                    format!("{unit} whistles for {called}: {}", e.matter),
                )
                .by(&e.actor)
            }
            Told::WhistleDecided(e) => {
                let unit = self.unit(&e.unit_id);
                let [zh, en] = if e.agreed {
                    ["同意", "agreed to"]
                } else {
                    ["不同意", "refused"]
                };
                staff(
                    format!("{zh}{unit}吹哨:{}", e.reason),
                    format!("the whistle of {unit} is {en}: {}", e.reason),
                )
                .by(&e.actor)
            }
            Told::WhistleMet(e) => {
                let (unit, units) = (self.unit(&e.unit_id), self.units(&e.unit_ids));
                staff(
                    format!("{unit}召开研判会议,明确{units}职责:{}", e.minutes),
                    format!("{unit} held the meeting; duties of {units}: {}", e.minutes),
                )
                .by(&e.actor)
            }
            Told::ResultAccepted(e) => {
                let at_fault = self.units(&e.responsible_unit_ids);
                let words = if e.passed {
                    staff(
                        format!("验收通过:{}", e.words),
                        format!("the result is accepted: {}", e.words),
                    )
                } else {
                    staff(
                        format!("验收不通过,{at_fault}重新办理:{}", e.words),
                        format!(
                            "the result is not accepted; {at_fault} must do it again: {}",
                            e.words
                        ),
                    )
                };
                words.by(&e.actor)
            }
            Told::StatementDemanded(e) => {
                let unit = self.unit(&e.unit_id);
                let [zh, en] = statement(&e.kind);
                staff(format!("{unit}应提交{zh}"), format!("{unit} owes {en}")).by(&e.actor)
            }
            Told::StatementFiled(e) => {
                let unit = self.unit(&e.unit_id);
                let [zh, en] = statement(&e.kind);
                staff(format!("{unit}提交{zh}"), format!("{unit} handed in {en}")).by(&e.actor)
            }
            _ => return None,
        })
    }

    fn decided_inside(&self, e: &routing::ReplyDecidedInUnit) -> Words {
        let unit = self.of_leg(&e.leg);
        let [zh, en] = level(&e.level);
        let words = if e.approved {
            staff(
                format!("{unit}{zh}审核通过答复"),
                format!("the {en} of {unit} passed the reply on"),
            )
        } else {
            staff(
                format!("{unit}{zh}退回答复:{}", e.reason),
                format!("the {en} of {unit} withheld the reply: {}", e.reason),
            )
        };
        words.by(&e.actor)
    }

    fn determined(&self, e: &routing::DeterminationRecorded) -> Words {
        let lead = self.unit(&e.lead_unit_id);
        let [zh, en] = match e.body_unit_id.as_str() {
            "" => {
                let units = self.units(&e.participant_unit_ids);
                [format!("{units}会商"), format!("a joint meeting of {units}")]
            }
            body => {
                let body = self.unit(body);
                [format!("{body}认定"), body.to_string()]
            }
        };
        staff(
            format!("{zh},由{lead}办理:{}", e.words),
            format!("{en} found that {lead} handles it: {}", e.words),
        )
        .by(&e.actor)
    }

    fn units(&self, ids: &[String]) -> String {
        let names: Vec<String> = ids.iter().map(|id| self.unit(id).to_string()).collect();
        names.join("、")
    }
}

fn level(word: &str) -> [&str; 2] {
    match word {
        "section" => ["科室负责人", "head of section"],
        "leader" => ["分管领导", "leader"],
        other => [other, other],
    }
}

fn statement(word: &str) -> [&str; 2] {
    match word {
        "duty_performance" => ["履职情况说明", "a statement of how it did its duty"],
        _ => [
            "验收不通过情况说明",
            "a statement on the result that was not accepted",
        ],
    }
}
