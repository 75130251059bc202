//! Gives every clock its reminders: its own, else those of the ladder.
//!
//! Invariant: no reminder is due at or before the start of its clock, as far as the units can be compared.

use hotline_worktime::{Limit, Unit};

use crate::rules::{CallbackRule, ClockRule, EscalateRule, ExtensionRule, RedoRule, ReturnRule, Row, Step};
use crate::vocabulary::Obligation;

/// The reminders of a policy's ladder, on days of so many working minutes.
pub(crate) struct Reminders<'r> {
    pub(crate) ladder: &'r [Row<EscalateRule>],
    pub(crate) day_minutes: u32,
}

impl Reminders<'_> {
    /// Fills in the reminders of `rule` where it names none.
    pub(crate) fn fill(&self, rule: &mut ClockRule) {
        if rule.remind_before.is_empty() {
            let before = of(self.ladder, rule.obligation).iter();
            rule.remind_before = before
                .filter(|before| self.shorter(**before, rule.within))
                .copied()
                .collect();
        }
    }

    /// Fills in the reminders of the clocks that stand in rows of other kinds.
    pub(crate) fn fill_rows(
        &self,
        returns: &mut [Row<ReturnRule>],
        extensions: &mut [Row<ExtensionRule>],
        callbacks: &mut [Row<CallbackRule>],
        redos: &mut [Row<RedoRule>],
    ) {
        for row in returns {
            self.fill(&mut row.rule.window);
            self.fill(&mut row.rule.decision);
        }
        extensions
            .iter_mut()
            .for_each(|row| self.fill(&mut row.rule.decision));
        callbacks
            .iter_mut()
            .for_each(|row| self.fill(&mut row.rule.within));
        for row in redos {
            self.fill(&mut row.rule.clock);
            row.rule.send_back.iter_mut().for_each(|clock| self.fill(clock));
        }
    }

    /// The first reminder of `rule` that is not shorter than its limit.
    pub(crate) fn too_long(&self, rule: &ClockRule) -> Option<Limit> {
        rule.remind_before
            .iter()
            .find(|before| !self.shorter(**before, rule.within))
            .copied()
    }

    /// True when `before` is less than `within`, or when their units cannot be compared.
    fn shorter(&self, before: Limit, within: Limit) -> bool {
        let same_unit = before.unit == within.unit;
        let minutes = |limit| self.working_minutes(limit).or_else(|| wall_minutes(limit));
        let same_kind = before.unit.is_working() == within.unit.is_working();
        match (minutes(before), minutes(within)) {
            _ if same_unit => before.amount < within.amount,
            (Some(before), Some(within)) if same_kind => before < within,
            _ => true,
        }
    }

    fn working_minutes(&self, limit: Limit) -> Option<u64> {
        let unit = match limit.unit {
            Unit::WorkingMinute => 1,
            Unit::WorkingHour => 60,
            Unit::WorkingDay => self.day_minutes,
            _ => return None,
        };
        Some(u64::from(limit.amount) * u64::from(unit))
    }
}

fn wall_minutes(limit: Limit) -> Option<u64> {
    let unit = match limit.unit {
        Unit::Minute => 1,
        Unit::Hour => 60,
        Unit::NaturalDay => 24 * 60,
        _ => return None,
    };
    Some(u64::from(limit.amount) * unit)
}

/// What the ladder says of `obligation`: the first reminding row that concerns it.
pub(crate) fn of(ladder: &[Row<EscalateRule>], obligation: Obligation) -> &[Limit] {
    let mut rungs = ladder.iter().map(|row| &row.rule);
    let rung = rungs.find(|rule| rule.step == Step::Remind && rule.concerns(obligation));
    rung.map_or(&[], |rule| &rule.before)
}
