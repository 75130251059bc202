//! The limits of a policy row by row, for people who have to say them before a matter exists.

use crate::matter::Condition;
use crate::policy::Policy;
use crate::rules::{ClockRule, Row, Run};
use crate::vocabulary::Obligation;

/// A limit with the matters that it holds for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LimitRow<'p> {
    /// What is owed.
    pub obligation: Obligation,
    /// The matters; of several rows the first that matches counts.
    pub when: &'p Condition,
    /// The limit; `None` where the document sets none, on purpose.
    pub clock: Option<&'p ClockRule>,
}

impl Policy {
    /// The rows of `obligation` in the order in which they are asked, up to the first that holds for everything; a row
    /// that an earlier one with the same condition hides is left out, and so is one whose number is lost.
    #[must_use]
    pub fn limits(&self, obligation: Obligation) -> Vec<LimitRow<'_>> {
        let rows: Vec<(&Condition, Option<&ClockRule>)> = match obligation {
            Obligation::ReturnWindow => of(&self.returns, |rule| Some(&rule.window)),
            Obligation::ReturnDecision => of(&self.returns, |rule| Some(&rule.decision)),
            Obligation::ExtensionWindow => Vec::new(),
            Obligation::ExtensionDecision => of(&self.extensions, |rule| Some(&rule.decision)),
            Obligation::Redo => of(&self.redos, |rule| Some(&rule.clock)),
            Obligation::RedoDispatch => of(&self.redos, |rule| rule.send_back.as_ref()),
            Obligation::Callback => of(&self.callbacks, |rule| Some(&rule.within)),
            _ => {
                let rows = self.clocks.get(&obligation).map_or(&[][..], Vec::as_slice);
                let known = rows.iter().filter(|row| !matches!(row.run, Run::Lost(_)));
                known.map(|row| (&row.when, row.rule())).collect()
            }
        };
        let mut told: Vec<LimitRow<'_>> = Vec::new();
        for (when, clock) in rows {
            if told.iter().all(|row| row.when != when) {
                told.push(LimitRow {
                    obligation,
                    when,
                    clock,
                });
            }
            if *when == Condition::default() {
                break;
            }
        }
        told
    }
}

fn of<T>(rows: &[Row<T>], clock: impl Fn(&T) -> Option<&ClockRule>) -> Vec<(&Condition, Option<&ClockRule>)> {
    rows.iter().map(|row| (&row.when, clock(&row.rule))).collect()
}
