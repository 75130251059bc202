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
    let text = rule
        .text
        .replace("{unit}", &(context.unit_name)(&wanted.unit))
        .replace("{order}", order)
        .replace("{title}", &case.title)
        .replace("{reason}", first_line)
        .replace("{due}", &due.map_or_else(String::new, minute));
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

/// A number by its pattern, for the year of an instant.
#[must_use]
pub fn numbered(pattern: &str, at: DateTime<Utc>, serial: i32) -> String {
    pattern
        .replace("{year}", &local_time(at).year().to_string())
        .replace("{serial}", &serial.to_string())
}
