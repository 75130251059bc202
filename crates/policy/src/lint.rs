//! Finds rows that can never apply, and matters that no row applies to.
//!
//! Exact, not a guess: conditions only compare values with those the rows name, so a table is decided
//! by the matters built from the named values and one unnamed value of each kind.

use std::collections::BTreeSet;

use crate::matter::{Condition, Matter};
use crate::problem::{At, Problem};
use crate::read::Layered;
use crate::vocabulary::{AppealType, Channel, Desk, Level, Urgency};

/// More representative matters than this are not tried: the table is then too clever to be read, too.
const MATTERS_MAX: usize = 200_000;

/// A row as the check sees it.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'r> {
    pub(crate) when: &'r Condition,
    pub(crate) at: &'r At,
    pub(crate) layered: Layered,
    /// False when the row may leave a matter that it matches to later rows after all.
    pub(crate) certain: bool,
}

/// Whether every matter must find a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// A matter without a row is a problem.
    Total,
    /// It is not.
    Partial,
}

/// Checks one first-match table (or one obligation of it); `name` is how messages call it.
pub(crate) fn check(name: &str, rows: &[Candidate<'_>], coverage: Coverage, place: &At) -> Vec<Problem> {
    let conditions: Vec<_> = rows.iter().map(|row| row.when).collect();
    let Some(matters) = representatives(&conditions) else {
        return vec![problem(
            place,
            format!("{name} combines too many conditions to be checked"),
        )];
    };
    let mut problems = unreachable(name, rows, &matters);
    if coverage == Coverage::Total {
        problems.extend(missing(name, rows, &matters, place));
    }
    problems
}

/// Rows of the file itself that the rows before them in it leave nothing to. (That a child's rows
/// leave nothing to a parent's row is how a child overrides it.)
fn unreachable(name: &str, rows: &[Candidate<'_>], matters: &[Matter]) -> Vec<Problem> {
    let own: Vec<_> = rows.iter().filter(|row| row.layered == Layered::Own).collect();
    let mut reached = vec![false; own.len()];
    for matter in matters {
        for (index, row) in own.iter().enumerate().filter(|(_, row)| row.when.matches(matter)) {
            reached[index] = true;
            if row.certain {
                break;
            }
        }
    }
    let dead = own.iter().enumerate().filter(|(index, _)| !reached[*index]);
    dead.map(|(index, row)| {
        let covers = |earlier: &&&Candidate<'_>| {
            let mut matched = matters.iter().filter(|matter| row.when.matches(matter));
            earlier.certain && matched.all(|matter| earlier.when.matches(matter))
        };
        let by = match own[..index].iter().find(covers) {
            Some(earlier) => format!("the row at line {} matches everything it does", earlier.at.line),
            None => "the rows above together match everything it does".to_owned(),
        };
        problem(row.at, format!("unreachable row of {name}: {by}"))
    })
    .collect()
}

fn missing(name: &str, rows: &[Candidate<'_>], matters: &[Matter], place: &At) -> Option<Problem> {
    let open = |matter: &&Matter| !rows.iter().any(|row| row.certain && row.when.matches(matter));
    let matter = matters.iter().find(open)?;
    let at = rows
        .iter()
        .rfind(|row| row.layered == Layered::Own)
        .map_or(place, |row| row.at);
    let text = format!(
        "missing row of {name}: nothing applies to {}; end with a row without \"when\"",
        describe(matter)
    );
    Some(problem(at, text))
}

fn problem(at: &At, text: String) -> Problem {
    Problem { at: at.clone(), text }
}

fn describe(matter: &Matter) -> String {
    let mut words = vec![
        matter.appeal_type.as_str(),
        matter.desk.as_str(),
        matter.channel.as_str(),
        matter.urgency.as_str(),
    ];
    words.extend(
        [matter.category.as_str(), matter.division.as_str()]
            .iter()
            .filter(|word| !word.is_empty()),
    );
    words.join("/")
}

/// Matters such that whatever rows match some matter at all match one of these; `None` if too many.
fn representatives(conditions: &[&Condition]) -> Option<Vec<Matter>> {
    let types = closed(conditions, |when| &when.types, AppealType::ALL);
    let desks = closed(conditions, |when| &when.desks, Desk::ALL);
    let channels = closed(conditions, |when| &when.channels, Channel::ALL);
    let urgencies = closed(conditions, |when| &when.urgencies, Urgency::ALL);
    let categories = open(conditions, |when| &when.categories);
    let divisions = open(conditions, |when| &when.divisions);
    let mut levels: Vec<Option<Level>> = vec![None];
    levels.extend(named(conditions, |when| &when.levels).into_iter().map(Some));
    let labels = subsets(&named(conditions, |when| &when.labels))?;
    let mut sources: Vec<Option<String>> = vec![None];
    sources.extend(named(conditions, |when| &when.sources).into_iter().map(Some));
    let mut rounds: BTreeSet<u32> = conditions.iter().filter_map(|when| when.round_from).collect();
    rounds.insert(1);

    let sizes = [
        types.len(),
        desks.len(),
        channels.len(),
        urgencies.len(),
        categories.len(),
        divisions.len(),
        levels.len(),
        labels.len(),
        sources.len(),
        rounds.len(),
    ];
    let total = sizes
        .iter()
        .try_fold(1_usize, |total, size| total.checked_mul(*size))?;
    if total > MATTERS_MAX {
        return None;
    }
    let mut matters = vec![Matter::new(types[0], desks[0], "", "")];
    vary(&mut matters, &types, |matter, value| matter.appeal_type = *value);
    vary(&mut matters, &desks, |matter, value| matter.desk = *value);
    vary(&mut matters, &channels, |matter, value| matter.channel = *value);
    vary(&mut matters, &urgencies, |matter, value| matter.urgency = *value);
    vary(&mut matters, &categories, |matter, value| {
        matter.category.clone_from(value)
    });
    vary(&mut matters, &divisions, |matter, value| {
        matter.division.clone_from(value)
    });
    vary(&mut matters, &levels, |matter, value| matter.level = *value);
    vary(&mut matters, &labels, |matter, value| {
        matter.labels.clone_from(value)
    });
    vary(&mut matters, &sources, |matter, value| {
        matter.source.clone_from(value)
    });
    vary(
        &mut matters,
        &rounds.into_iter().collect::<Vec<_>>(),
        |matter, value| matter.round = *value,
    );
    Some(matters)
}

/// Every matter once for each of `values`.
fn vary<T>(matters: &mut Vec<Matter>, values: &[T], set: impl Fn(&mut Matter, &T)) {
    let with = |matter: &Matter, value: &T| {
        let mut matter = matter.clone();
        set(&mut matter, value);
        matter
    };
    *matters = matters
        .iter()
        .flat_map(|matter| values.iter().map(|value| with(matter, value)))
        .collect();
}

fn named<'r, T: Ord + Clone + 'r>(
    conditions: &[&'r Condition],
    of: impl Fn(&'r Condition) -> &'r Vec<T>,
) -> Vec<T> {
    let values: BTreeSet<&T> = conditions.iter().flat_map(|when| of(when)).collect();
    values.into_iter().cloned().collect()
}

/// The named values of a closed list, and the first of the others if there is one.
fn closed<'r, T: Ord + Copy + 'r>(
    conditions: &[&'r Condition],
    of: impl Fn(&'r Condition) -> &'r Vec<T>,
    all: &[T],
) -> Vec<T> {
    let mut values = named(conditions, of);
    values.extend(all.iter().find(|value| !values.contains(value)).copied());
    values
}

/// The named values of an open list, and the empty text, which lies in none of them.
fn open<'r>(conditions: &[&'r Condition], of: impl Fn(&'r Condition) -> &'r Vec<String>) -> Vec<String> {
    let mut values = named(conditions, of);
    values.push(String::new());
    values
}

fn subsets(labels: &[String]) -> Option<Vec<BTreeSet<String>>> {
    let bits = u32::try_from(labels.len()).ok()?;
    let count = 1_usize.checked_shl(bits).filter(|count| *count <= MATTERS_MAX)?;
    let subset = |mask: usize| {
        let chosen = labels
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask & (1 << bit) != 0);
        chosen.map(|(_, label)| label.clone()).collect()
    };
    Some((0..count).map(subset).collect())
}
