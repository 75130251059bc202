//! Working days as a rank and select table: how many before a day, and which day is the k-th.

use std::fmt;

use crate::local::DAYS;

/// For every known day, what lies before it. About 220 KiB, shared by all clocks of a calendar.
pub(crate) struct DayTable {
    /// Working days before a day; one entry more than days. 36,525 days fit 16 bits.
    before: Vec<u16>,
    /// Working days in order, as day indices.
    working: Vec<u16>,
    /// Days of years without arrangement before a day; one entry more than days.
    unpublished: Vec<u16>,
}

impl DayTable {
    /// Builds the table from, for every day in order, (is it worked, is its year published).
    pub(crate) fn new(days: impl Iterator<Item = (bool, bool)>) -> Self {
        let mut table = Self {
            before: Vec::with_capacity(DAYS + 1),
            working: Vec::with_capacity(DAYS),
            unpublished: Vec::with_capacity(DAYS + 1),
        };
        let (mut index, mut worked_days, mut unpublished_days) = (0, 0, 0);
        table.before.push(0);
        table.unpublished.push(0);
        for (worked, published) in days.take(DAYS) {
            if worked {
                table.working.push(index);
            }
            worked_days += u16::from(worked);
            unpublished_days += u16::from(!published);
            index += 1;
            table.before.push(worked_days);
            table.unpublished.push(unpublished_days);
        }
        table
    }

    /// Working days before a day.
    pub(crate) fn rank(&self, day: usize) -> i64 {
        i64::from(at(&self.before, day))
    }

    /// The k-th working day, from 0; `None` beyond the range.
    pub(crate) fn select(&self, k: i64) -> Option<usize> {
        let k = usize::try_from(k).ok()?;
        self.working.get(k).map(|&day| usize::from(day))
    }

    /// Tells whether a day is worked.
    pub(crate) fn is_working(&self, day: usize) -> bool {
        at(&self.before, day + 1) > at(&self.before, day)
    }

    /// Tells whether any day from first to last belongs to a year without arrangement.
    pub(crate) fn is_provisional(&self, first: usize, last: usize) -> bool {
        at(&self.unpublished, last + 1) > at(&self.unpublished, first)
    }
}

impl fmt::Debug for DayTable {
    /// Tells the counts alone: the tables would fill pages of a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DayTable({} working days of {DAYS})", self.working.len())
    }
}

/// An entry of a running count, which keeps its last value beyond the range.
fn at(counts: &[u16], day: usize) -> u16 {
    let last = counts.len().saturating_sub(1);
    counts.get(day.min(last)).copied().unwrap_or(0)
}
