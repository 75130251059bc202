//! A limit as a regulation writes it: an amount and a unit, read from and written as a few words.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The largest amount that text may name: far above any regulation, far below any overflow.
pub const AMOUNT_MAX: u32 = 100_000;

/// The unit in which a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// A minute of the wall clock, day and night.
    Minute,
    /// An hour of the wall clock, day and night.
    Hour,
    /// A minute inside office hours of a working day.
    WorkingMinute,
    /// Sixty minutes inside office hours of working days.
    WorkingHour,
    /// A working day, counted by the clock's convention.
    WorkingDay,
    /// A calendar day, counted by the clock's convention.
    NaturalDay,
    /// A month, to the corresponding day (Civil Code, article 202), counted by the clock's convention.
    Month,
    /// The end (24:00) of the day on which the limit starts; the amount has no meaning.
    EndOfSameDay,
}

/// How a unit reads: English singular and plural, the Chinese measure.
const WORDS: [(Unit, &str, &str, &str); 7] = [
    (Unit::Minute, "minute", "minutes", "分钟"),
    (Unit::Hour, "hour", "hours", "小时"),
    (
        Unit::WorkingMinute,
        "working minute",
        "working minutes",
        "个工作分钟",
    ),
    (Unit::WorkingHour, "working hour", "working hours", "个工作小时"),
    (Unit::WorkingDay, "working day", "working days", "个工作日"),
    (Unit::NaturalDay, "natural day", "natural days", "个自然日"),
    (Unit::Month, "month", "months", "个月"),
];

const SAME_DAY: &str = "same day";

/// How a due time that a decision set, and no limit, is written where limits are.
const FIXED: &str = "fixed date";

impl Unit {
    /// Tells whether the unit runs only while offices are open.
    #[must_use]
    pub fn is_working(self) -> bool {
        matches!(self, Self::WorkingMinute | Self::WorkingHour | Self::WorkingDay)
    }
}

/// An amount of a unit, for example "3 working days".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// How many units. Zero is due at once; text cannot name it.
    pub amount: u32,
    /// What is counted.
    pub unit: Unit,
}

/// Why a text is not a limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// The text does not begin with a whole number followed by a unit.
    #[error(
        "“{0}” 不是期限,应如 “3 working days” 或 “same day” (\"{0}\" is not a limit such as \"3 working days\" or \"same day\")"
    )]
    Form(String),
    /// The amount is zero or above [`AMOUNT_MAX`].
    #[error("期限数量 “{0}” 应在 1 至 {AMOUNT_MAX} 之间 (the amount {0} is not between 1 and {AMOUNT_MAX})")]
    Amount(String),
    /// The unit is none of those known; plain "days" is refused because it does not say which.
    #[error(
        "不认识的期限单位 “{0}”:可用 minutes、hours、working minutes、working hours、working days、natural days、months \
         (unknown unit \"{0}\": use minutes, hours, working minutes, working hours, working days, natural days or months)"
    )]
    Unit(String),
}

impl Limit {
    /// Makes a limit of an amount and a unit.
    #[must_use]
    pub const fn new(amount: u32, unit: Unit) -> Self {
        Self { amount, unit }
    }

    /// The limit "same day".
    #[must_use]
    pub const fn same_day() -> Self {
        Self::new(1, Unit::EndOfSameDay)
    }

    /// Reads aloud in Chinese, for example "3个工作日".
    #[must_use]
    pub fn zh(&self) -> String {
        match words(self.unit) {
            Some((_, _, measure)) => format!("{}{measure}", self.amount),
            None => "当日".to_owned(),
        }
    }
}

/// Limits as texts write them, "2 working days + 1 working day", read aloud in Chinese; what is no limit stays.
#[must_use]
pub fn limits_zh(text: &str) -> String {
    let one = |part: &str| match part.parse::<Limit>() {
        Ok(limit) => limit.zh(),
        Err(_) if part == FIXED => "指定时间".to_owned(),
        Err(_) => part.to_owned(),
    };
    text.split(" + ").map(one).collect::<Vec<_>>().join(" + ")
}

fn words(unit: Unit) -> Option<(&'static str, &'static str, &'static str)> {
    WORDS
        .iter()
        .find(|row| row.0 == unit)
        .map(|&(_, one, many, measure)| (one, many, measure))
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match words(self.unit) {
            Some((one, _, _)) if self.amount == 1 => write!(f, "1 {one}"),
            Some((_, many, _)) => write!(f, "{} {many}", self.amount),
            None => f.write_str(SAME_DAY),
        }
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == SAME_DAY {
            return Ok(Self::same_day());
        }
        let (amount, unit) = text
            .split_once(' ')
            .ok_or_else(|| LimitError::Form(text.to_owned()))?;
        Ok(Self::new(parse_amount(text, amount)?, parse_unit(unit)?))
    }
}

fn parse_amount(text: &str, amount: &str) -> Result<u32, LimitError> {
    if amount.is_empty() || !amount.bytes().all(|b| b.is_ascii_digit()) {
        return Err(LimitError::Form(text.to_owned()));
    }
    match amount.parse() {
        Ok(n) if (1..=AMOUNT_MAX).contains(&n) => Ok(n),
        _ => Err(LimitError::Amount(amount.to_owned())),
    }
}

fn parse_unit(unit: &str) -> Result<Unit, LimitError> {
    WORDS
        .iter()
        .find(|&&(_, one, many, _)| unit == one || unit == many)
        .map(|row| row.0)
        .ok_or_else(|| LimitError::Unit(unit.to_owned()))
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(text: &str, amount: u32, unit: Unit, zh: &str) {
        let limit: Limit = text.parse().expect(text);
        assert_eq!(limit, Limit::new(amount, unit), "{text}");
        assert_eq!(limit.to_string(), text);
        assert_eq!(limit.zh(), zh);
    }

    #[test]
    fn a_limit_reads_as_it_is_written() {
        reads("30 minutes", 30, Unit::Minute, "30分钟");
        reads("24 hours", 24, Unit::Hour, "24小时");
        reads("1 hour", 1, Unit::Hour, "1小时");
        reads("90 working minutes", 90, Unit::WorkingMinute, "90个工作分钟");
        reads("1 working hour", 1, Unit::WorkingHour, "1个工作小时");
        reads("3 working days", 3, Unit::WorkingDay, "3个工作日");
        reads("15 natural days", 15, Unit::NaturalDay, "15个自然日");
        reads("1 month", 1, Unit::Month, "1个月");
        reads("same day", 1, Unit::EndOfSameDay, "当日");
    }

    #[test]
    fn limits_that_follow_one_another_are_read_aloud_in_chinese() {
        assert_eq!(limits_zh("2 working days + 1 hour"), "2个工作日 + 1小时");
        assert_eq!(limits_zh("fixed date"), "指定时间");
        assert_eq!(limits_zh("soon"), "soon");
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for text in ["", "3", "days", "-1 hours", "3.5 hours", " 3 hours", "+3 hours"] {
            assert!(
                matches!(text.parse::<Limit>(), Err(LimitError::Form(_))),
                "{text:?}"
            );
        }
        for text in ["0 hours", "100001 hours", "99999999999 hours"] {
            assert!(
                matches!(text.parse::<Limit>(), Err(LimitError::Amount(_))),
                "{text:?}"
            );
        }
        for text in ["3 days", "3  hours", "3 Working days", "3 weeks"] {
            assert!(
                matches!(text.parse::<Limit>(), Err(LimitError::Unit(_))),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_singular_and_the_plural_both_read() {
        assert_eq!("2 working day".parse(), Ok(Limit::new(2, Unit::WorkingDay)));
        assert_eq!("1 months".parse(), Ok(Limit::new(1, Unit::Month)));
    }
}
