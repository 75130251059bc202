//! Earlier appeals of the same appellant: how alike two matters are. The answer is for a person to judge by.
//!
//! Invariant: nothing is refused by likeness; a repeat is refused by a person who names the earlier appeal (NC-11-7).

use std::collections::BTreeMap;

use hotline_policy::{Refusal, RejectRule};
use uuid::Uuid;

use super::appeal::State;
use super::refusals;

/// An appeal that another is said to repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Identifier.
    pub id: Uuid,
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// The same telephone or identity number stands on both.
    pub same_appellant: bool,
}

/// Whether an appeal in this state was handled and its appellant answered.
#[must_use]
pub fn is_answered(state: &State) -> bool {
    matches!(
        state,
        State::Answered | State::Settled | State::Closed | State::Archived
    )
}

/// The number of the earlier appeal by which a repeat is refused; empty under a reason that needs none.
///
/// # Errors
/// `appeal.repeat_unnamed`, `appeal.repeat_appellant`, `appeal.repeat_unanswered`, each with the article.
pub fn repeat_of(rule: &RejectRule, earlier: Option<Earlier>, own: Uuid) -> Result<String, Refusal> {
    if !rule.repeat {
        return Ok(earlier.map(|earlier| earlier.number).unwrap_or_default());
    }
    let refused = |code, detail: String| {
        let refusal = Refusal::new(code).field("earlier_appeal").detail(detail);
        Err(refusal.article(rule.origin.article.clone()))
    };
    match earlier {
        None => refused(&refusals::REPEAT_UNNAMED, String::new()),
        Some(earlier) if earlier.id == own => refused(&refusals::REPEAT_UNNAMED, earlier.number),
        Some(earlier) if !earlier.same_appellant => refused(&refusals::REPEAT_APPELLANT, earlier.number),
        Some(earlier) if !is_answered(&earlier.state) => {
            let detail = format!("{} is {}", earlier.number, earlier.state.name().as_str());
            refused(&refusals::REPEAT_UNANSWERED, detail)
        }
        Some(earlier) => Ok(earlier.number),
    }
}

/// How alike two texts are, 0 to 100: twice the pairs of neighbouring characters that both have, over all pairs.
#[must_use]
pub fn likeness(one: &str, other: &str) -> i32 {
    let (one, other) = (pairs(one), pairs(other));
    let total = count(&one) + count(&other);
    if total == 0 {
        return 0;
    }
    let shared: usize = one
        .iter()
        .map(|(pair, times)| other.get(pair).map_or(0, |others| *times.min(others)))
        .sum();
    i32::try_from(200 * shared / total).unwrap_or(100)
}

/// The pairs of neighbouring letters and digits, and how often each stands there.
fn pairs(text: &str) -> BTreeMap<(char, char), usize> {
    let letters: Vec<char> = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let mut pairs = BTreeMap::new();
    for pair in letters.windows(2) {
        *pairs.entry((pair[0], pair[1])).or_insert(0) += 1;
    }
    pairs
}

fn count(pairs: &BTreeMap<(char, char), usize>) -> usize {
    pairs.values().sum()
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn the_same_words_are_alike_and_others_are_not() {
        let lift = "三号楼电梯停运三天,物业不修";
        assert_eq!(likeness(lift, "三号楼电梯停运三天，物业不修。"), 100);
        assert!(likeness(lift, "三号楼电梯又停运了,物业还是不修") > 50);
        assert!(likeness(lift, "请问护照怎么办理") < 10);
        assert_eq!((likeness("", ""), likeness("一", "一")), (0, 0));
    }
}
