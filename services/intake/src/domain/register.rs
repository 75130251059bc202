//! The decision to register a new appeal, and to accept it in the same step.

use hotline_policy::Refusal;

use super::draft::Draft;
use super::evolve::Event;
use super::rules::Rules;

/// What registering `draft` leads to.
///
/// # Errors
/// Identity that the policy demands (Xuzhou art. 12(1)); an emergency to be accepted (Xuzhou art. 10(5)).
pub fn register(draft: &Draft, rules: &Rules<'_>) -> Result<Vec<Event>, Refusal> {
    rules.identified(draft)?;
    if !draft.accept {
        return Ok(vec![Event::Registered]);
    }
    rules.may_accept(draft.urgency)?;
    Ok(vec![Event::Registered, Event::Accepted])
}
