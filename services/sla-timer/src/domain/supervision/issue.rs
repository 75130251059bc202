//! Makes a document out of the policy's row: text, article, due time.

use chrono::{DateTime, Datelike, Utc};
use hotline_policy::rules::InstrumentRule;
use hotline_worktime::local_time;

use super::case::{Case, Event, Instrument};
use super::decide::Context;
use super::why::{Why, minute};

/// What a document is wanted for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Unit that it goes to.
    pub unit: String,
    /// Why.
    pub why: Why,
    /// The due time that it follows.
    pub about: Option<DateTime<Utc>>,
}

/// Issues a document; a row that lists the case lists it.
#[must_use]
pub fn issue(case: &Case, rule: &InstrumentRule, wanted: Wanted, context: &Context<'_>) -> Vec<Event> {
    let limit = rule.within.or(context.after).filter(|_| rule.reply);
    let due = limit.map(|limit| context.work.deadline(context.at, limit).at);
    let first_line = wanted.why.zh.lines().next().unwrap_or_default();
    let order = case
        .order
        .as_ref()
        .map_or(case.number.as_str(), |order| order.number.as_str());
    let text = filled(&rule.text, |name| match name {
        "unit" => Some((context.unit_name)(&wanted.unit)),
        "order" => Some(order.to_owned()),
        "title" => Some(case.title.clone()),
        "reason" => Some(first_line.to_owned()),
        "due" => Some(due.map_or_else(String::new, minute)),
        // The number comes when the document is kept.
        _ => None,
    });
    let issued = Event::Issued(Instrument {
        id: (context.fresh)(),
        code: rule.code.clone(),
        name: rule.name.clone(),
        number: rule.number.clone(),
        unit: wanted.unit,
        text,
        article: rule.origin.article.clone(),
        signer: rule.signer.clone(),
        issued_at: context.at,
        due_at: due,
        about: wanted.about,
        clock: None,
        replies: Vec::new(),
        overdue: false,
        why: wanted.why,
        actor: context.actor.to_owned(),
    });
    if rule.lists {
        vec![issued, Event::Listed]
    } else {
        vec![issued]
    }
}

/// `text` with the value of each `{name}` that has one. Values are put in as they stand and not searched for names; a sentence
/// that comes to stand before a mark gives up its own.
fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut done = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        done.push_str(before);
        match value(name) {
            Some(value) if after.starts_with(MARKS) => {
                done.push_str(value.trim_end().trim_end_matches(MARKS))
            }
            Some(value) => done.push_str(&value),
            None => done.extend(["{", name, "}"]),
        }
        rest = after;
    }
    done + rest
}

/// What ends or divides a sentence.
const MARKS: [char; 8] = ['。', '.', '，', ',', '；', ';', '：', ':'];

/// What stands before the next `{name}`, the name, and what stands behind it.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, from) = text.split_once('{')?;
    let (name, after) = from.split_once('}')?;
    Some((before, name, after))
}

/// A number by its pattern, for the year of an instant.
#[must_use]
pub fn numbered(pattern: &str, at: DateTime<Utc>, serial: i32) -> String {
    pattern
        .replace("{year}", &local_time(at).year().to_string())
        .replace("{serial}", &serial.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_filled_once_and_a_full_stop_stands_once() {
        let value = |name: &str| match name {
            "title" => Some("路灯{reason}不亮".to_owned()),
            "reason" => Some("三次报修未解决。".to_owned()),
            _ => None,
        };
        assert_eq!(
            filled("《{title}》{reason}。请办理。", value),
            "《路灯{reason}不亮》三次报修未解决。请办理。"
        );
        assert_eq!(
            filled("{number}:牵头办理。{reason}", value),
            "{number}:牵头办理。三次报修未解决。"
        );
        assert_eq!(filled("没有名称", value), "没有名称");
    }
}
