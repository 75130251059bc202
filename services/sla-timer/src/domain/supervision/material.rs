//! The material of a case: every document with its date, and all of it as one text with a list in front.

use chrono::{DateTime, Utc};

use super::case::Case;
use super::why::minute;

/// A document of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Its text.
    pub text: String,
}

fn document(name: impl Into<String>, at: DateTime<Utc>, text: impl Into<String>) -> Document {
    Document {
        name: name.into(),
        at,
        text: text.into(),
    }
}

/// Every document of a case, oldest first.
#[must_use]
pub fn documents(case: &Case) -> Vec<Document> {
    let mut found = vec![document(
        "立案说明",
        case.opened_at,
        format!("{}\n{}\n{}", case.title, case.reason, case.why.zh),
    )];
    for instrument in &case.instruments {
        let name = format!("{} {}", instrument.name, instrument.number);
        let text = format!(
            "{}\n\n依据:{}\n{}",
            instrument.text, instrument.article, instrument.why.zh
        );
        found.push(document(name, instrument.issued_at, text));
        for reply in &instrument.replies {
            let attached = reply.attachments.join("、");
            let decision = reply.decision.as_ref().map_or(String::new(), |decision| {
                let word = if decision.accepted { "认可" } else { "退回" };
                format!("\n{word}:{}", decision.reason)
            });
            let text = format!("{}\n附件:{attached}{decision}", reply.text);
            found.push(document(format!("反馈 {}", instrument.number), reply.at, text));
        }
    }
    for card in &case.cards {
        found.push(document(
            format!("亮牌 {}", card.colour),
            card.issued_at,
            card.why.zh.clone(),
        ));
    }
    for meeting in &case.meetings {
        let lead = meeting.lead.as_deref().unwrap_or("未指定");
        let text = format!(
            "{}\n参加:{}\n牵头:{lead}\n{}",
            meeting.body_name,
            meeting.units.join("、"),
            meeting.minutes
        );
        found.push(document("协调会议纪要", meeting.at, text));
    }
    for verification in &case.verifications {
        if let Some(at) = verification.recorded_at {
            found.push(document(
                format!("回访复核 {}", verification.outcome),
                at,
                verification.note.clone(),
            ));
        }
    }
    for cause in &case.causes {
        found.push(document(
            format!("问责情形 {}", cause.article),
            cause.at,
            format!("{}\n{}", cause.name, cause.why),
        ));
    }
    for measure in &case.measures {
        let text = format!("{}({}):{}", measure.name, measure.subject, measure.reason);
        found.push(document(
            format!("问责方式 {}", measure.article),
            measure.at,
            text,
        ));
    }
    if let Some(exemption) = &case.exemption {
        found.push(document(
            exemption.name.clone(),
            exemption.at,
            exemption.reason.clone(),
        ));
    }
    found.sort_by_key(|document| document.at);
    found
}

/// All of it as one text; `timeline` are further lines about the order, such as its clocks.
#[must_use]
pub fn bundle(case: &Case, timeline: &[String]) -> String {
    let found = documents(case);
    let order = case.order.as_ref().map_or("—", |order| order.number.as_str());
    let mut text = format!(
        "督办材料 {}\n工单:{order}\n单位:{}\n\n目录\n",
        case.number, case.unit
    );
    for (at, document) in found.iter().enumerate() {
        text.push_str(&format!(
            "{}. {} {}\n",
            at + 1,
            minute(document.at),
            document.name
        ));
    }
    if !timeline.is_empty() {
        text.push_str("\n时限经过\n");
        timeline
            .iter()
            .for_each(|line| text.push_str(&format!("{line}\n")));
    }
    for (at, document) in found.iter().enumerate() {
        text.push_str(&format!(
            "\n—— {}. {} ——\n{}\n",
            at + 1,
            document.name,
            document.text
        ));
    }
    text
}
