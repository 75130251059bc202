//! Office hours: the shifts of a working day, and how far into them a time of day is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::local::MINUTE;

/// Shifts a day may have; more is surely a mistake.
const SHIFTS_MAX: usize = 8;

/// Minutes of a whole day, the largest end of a shift.
const DAY_MINUTES: u16 = 24 * 60;

/// One unbroken stretch of a working day, in minutes after midnight: `from` inside, `to` outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shift {
    /// First minute.
    pub from: u16,
    /// The minute at which it ends, at most 1440 (24:00).
    pub to: u16,
}

/// The shifts of a working day, ascending, without overlap, never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct OfficeHours {
    shifts: Vec<Shift>,
}

/// Why texts are not office hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// A text is not of the form "09:00-12:00".
    #[error("“{0}” 不是 “09:00-12:00” 形式的班次 (\"{0}\" is not a shift such as \"09:00-12:00\")")]
    Form(String),
    /// A shift ends before or when it begins.
    #[error("班次 “{0}” 的结束不晚于开始 (shift {0} does not end after it begins)")]
    Backwards(Shift),
    /// Two shifts overlap, or stand in the wrong order.
    #[error("班次 “{0}” 与 “{1}” 重叠或次序颠倒 (shifts {0} and {1} overlap or are out of order)")]
    Overlap(Shift, Shift),
    /// There is no shift at all, or there are more than eight.
    #[error("每日班次应为 1 至 {SHIFTS_MAX} 个,实为 {0} 个 (a day has 1 to {SHIFTS_MAX} shifts, not {0})")]
    Count(usize),
}

impl Shift {
    /// Its length in minutes.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.to - self.from
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = (self.from, self.to);
        write!(f, "{:02}:{:02}-{:02}:{:02}", a / 60, a % 60, b / 60, b % 60)
    }
}

impl FromStr for Shift {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text
            .split_once('-')
            .and_then(|(from, to)| Some((minute_of(from)?, minute_of(to)?)));
        let (from, to) = parsed.ok_or_else(|| HoursError::Form(text.to_owned()))?;
        let shift = Self { from, to };
        if from < to {
            Ok(shift)
        } else {
            Err(HoursError::Backwards(shift))
        }
    }
}

/// Reads "HH:MM" up to and including "24:00".
fn minute_of(text: &str) -> Option<u16> {
    let digits = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let (hour, minute) = text.split_once(':').filter(|_| digits)?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && hour <= 24 && total <= DAY_MINUTES).then_some(total)
}

impl OfficeHours {
    /// Reads shifts such as `["09:00-12:00", "13:30-17:30"]`; "00:00-24:00" is the whole day.
    ///
    /// # Errors
    /// When a text is no shift, when shifts overlap or are out of order, or when there is none.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, HoursError> {
        if !(1..=SHIFTS_MAX).contains(&texts.len()) {
            return Err(HoursError::Count(texts.len()));
        }
        let shifts = texts
            .iter()
            .map(|text| text.as_ref().parse())
            .collect::<Result<Vec<Shift>, _>>()?;
        match shifts.windows(2).find(|pair| pair[0].to > pair[1].from) {
            Some(pair) => Err(HoursError::Overlap(pair[0], pair[1])),
            None => Ok(Self { shifts }),
        }
    }

    /// The shifts in order.
    #[must_use]
    pub fn shifts(&self) -> &[Shift] {
        &self.shifts
    }

    /// Working minutes of a whole working day, at least 1.
    #[must_use]
    pub fn day_minutes(&self) -> u32 {
        self.shifts.iter().map(|s| u32::from(s.minutes())).sum()
    }

    /// The minute of the day at which the last shift ends.
    #[must_use]
    pub fn closing_minute(&self) -> u16 {
        self.shifts.last().map_or(DAY_MINUTES, |shift| shift.to)
    }

    /// Working nanoseconds between midnight and a time of day.
    pub(crate) fn worked_until(&self, time: i64) -> i64 {
        self.shifts
            .iter()
            .map(|shift| (time.min(ends(*shift)) - starts(*shift)).max(0))
            .sum()
    }

    /// The first time of day by which `worked` nanoseconds have passed; `worked` is above zero.
    pub(crate) fn time_after(&self, worked: i64) -> i64 {
        let mut left = worked;
        for shift in &self.shifts {
            if left <= length(*shift) {
                return starts(*shift) + left;
            }
            left -= length(*shift);
        }
        i64::from(self.closing_minute()) * MINUTE
    }

    /// The last time of day at which only `worked` nanoseconds have passed; `worked` is below a day's.
    pub(crate) fn time_before(&self, worked: i64) -> i64 {
        let mut left = worked;
        for shift in &self.shifts {
            if left < length(*shift) {
                return starts(*shift) + left;
            }
            left -= length(*shift);
        }
        i64::from(self.closing_minute()) * MINUTE
    }

    /// Tells whether a time of day lies inside a shift.
    pub(crate) fn holds(&self, time: i64) -> bool {
        self.shifts
            .iter()
            .any(|shift| (starts(*shift)..ends(*shift)).contains(&time))
    }
}

fn starts(shift: Shift) -> i64 {
    i64::from(shift.from) * MINUTE
}

fn ends(shift: Shift) -> i64 {
    i64::from(shift.to) * MINUTE
}

fn length(shift: Shift) -> i64 {
    ends(shift) - starts(shift)
}

impl TryFrom<Vec<String>> for OfficeHours {
    type Error = HoursError;

    fn try_from(texts: Vec<String>) -> Result<Self, Self::Error> {
        Self::parse(&texts)
    }
}

impl From<OfficeHours> for Vec<String> {
    fn from(hours: OfficeHours) -> Self {
        hours.shifts.iter().map(Shift::to_string).collect()
    }
}

impl fmt::Display for OfficeHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, shift) in self.shifts.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma}{shift}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_shifts_and_the_whole_day_read() {
        let hours = OfficeHours::parse(&["09:00-12:00", "13:30-17:30"]).expect("two shifts");
        assert_eq!(hours.day_minutes(), 420);
        assert_eq!(hours.closing_minute(), 17 * 60 + 30);
        assert_eq!(hours.to_string(), "09:00-12:00,13:30-17:30");
        let whole = OfficeHours::parse(&["00:00-24:00"]).expect("whole day");
        assert_eq!(whole.day_minutes(), 1440);
        assert!(OfficeHours::parse(&["09:00-12:00", "12:00-18:00"]).is_ok());
    }

    #[test]
    fn a_malformed_shift_is_refused() {
        for text in [
            "",
            "9:00-12:00",
            "09:00",
            "09:60-12:00",
            "09:00-24:01",
            "09:00-25:00",
            "+9:00-12:00",
            "09:00–12:00",
        ] {
            assert_eq!(
                OfficeHours::parse(&[text]),
                Err(HoursError::Form(text.to_owned()))
            );
        }
    }

    #[test]
    fn shifts_that_contradict_each_other_are_refused() {
        let refused = |texts: &[&str]| OfficeHours::parse(texts).expect_err("refused");
        assert!(matches!(refused(&["12:00-09:00"]), HoursError::Backwards(_)));
        assert!(matches!(refused(&["09:00-09:00"]), HoursError::Backwards(_)));
        assert!(matches!(
            refused(&["09:00-12:00", "11:59-18:00"]),
            HoursError::Overlap(_, _)
        ));
        assert!(matches!(
            refused(&["13:00-18:00", "09:00-12:00"]),
            HoursError::Overlap(_, _)
        ));
        assert_eq!(refused(&[]), HoursError::Count(0));
        assert_eq!(refused(&["09:00-12:00"; 9]), HoursError::Count(9));
    }
}
