//! The decision to register a new appeal, and to accept it in the same step.

use hotline_policy::Refusal;

use super::draft::Draft;
use super::evolve::Event;
use super::rules::Rules;

/// What registering `draft` leads to.
///
/// # Errors
/// Everything at once that the policy does not admit: channels, platforms, lines, seats, matters out of its lists;
/// identity that the policy demands (Xuzhou art. 12(1)); an emergency to be accepted (Xuzhou art. 10(5)).
pub fn register(draft: &Draft, rules: &Rules<'_>) -> Result<Vec<Event>, Refusal> {
    let mut wrong = rules.wrong(draft);
    if draft.accept {
        wrong.extend(rules.may_accept(draft.urgency).err());
    }
    if let Some(refusal) = Refusal::of_all(wrong) {
        return Err(refusal);
    }
    if !draft.accept {
        return Ok(vec![Event::Registered]);
    }
    Ok(vec![Event::Registered, Event::Accepted])
}
