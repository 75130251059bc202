//! Explanations in words, Chinese and English, one line a step.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use crate::clock::{Convention, last_moment_date};
use crate::explain::{Explanation, Rest, Step};
use crate::limit::Unit;
use crate::local::local_time;

const ZH_DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const EN_DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Explanation {
    /// Tells the arithmetic in Chinese: the result first, then a line for every step.
    #[must_use]
    pub fn zh(&self) -> String {
        let provisional = if self.due.provisional { "(暂定)" } else { "" };
        let first = format!(
            "自{}起{},至{}止{provisional}",
            moment(self.start, zh_day),
            self.limit.zh(),
            due_moment(self.due.at, zh_day),
        );
        self.lines(first, self.rule_zh(), Step::zh)
    }

    /// Tells the arithmetic in English: the result first, then a line for every step.
    #[must_use]
    pub fn en(&self) -> String {
        let provisional = if self.due.provisional {
            " (provisional)"
        } else {
            ""
        };
        let first = format!(
            "{} from {}: due {}{provisional}",
            self.limit,
            moment(self.start, en_day),
            due_moment(self.due.at, en_day),
        );
        self.lines(first, self.rule_en(), Step::en)
    }

    fn lines(&self, first: String, rule: String, tell: fn(&Step) -> String) -> String {
        let steps = self.steps.iter().map(tell);
        let all: Vec<String> = [first, rule].into_iter().chain(steps).collect();
        all.join("\n")
    }

    fn rule_zh(&self) -> String {
        match (self.limit.unit, self.convention) {
            (Unit::Minute | Unit::Hour, _) => "按钟点连续计算,昼夜、节假日不停".to_owned(),
            (Unit::EndOfSameDay, _) => "当日24:00止".to_owned(),
            (Unit::WorkingMinute | Unit::WorkingHour, _) | (Unit::WorkingDay, Convention::Elapsed) => {
                format!("只计工作时间:工作日{}", self.hours)
            }
            (Unit::WorkingDay, Convention::Civil) => format!(
                "当日不计,至最后一个工作日下班止(民法典第201、203条);工作时间{}",
                self.hours
            ),
            (Unit::NaturalDay | Unit::Month, Convention::Civil) => {
                "当日不计,至最后一日24:00止,逢休息日顺延至下一工作日(民法典第201—203条)".to_owned()
            }
            (Unit::NaturalDay, Convention::Elapsed) => "每日按24小时连续计算".to_owned(),
            (Unit::Month, Convention::Elapsed) => "至到期月的对应日同一时刻止".to_owned(),
        }
    }

    fn rule_en(&self) -> String {
        match (self.limit.unit, self.convention) {
            (Unit::Minute | Unit::Hour, _) => "wall clock, running day and night and on holidays".to_owned(),
            (Unit::EndOfSameDay, _) => "until 24:00 of the same day".to_owned(),
            (Unit::WorkingMinute | Unit::WorkingHour, _) | (Unit::WorkingDay, Convention::Elapsed) => {
                format!("office time only: {} on working days", self.hours)
            }
            (Unit::WorkingDay, Convention::Civil) => format!(
                "first day not counted, until close of business of the last working day \
                 (Civil Code, articles 201 and 203); office hours {}",
                self.hours
            ),
            (Unit::NaturalDay | Unit::Month, Convention::Civil) => {
                "first day not counted, until 24:00 of the last day, moved to the next working day \
                 when that is a day off (Civil Code, articles 201 to 203)"
                    .to_owned()
            }
            (Unit::NaturalDay, Convention::Elapsed) => "24 hours a day, running through".to_owned(),
            (Unit::Month, Convention::Elapsed) => "until the same time of the corresponding day".to_owned(),
        }
    }
}

impl Step {
    /// Tells one step in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::FirstDay { date } => format!("{} 起始当日,不计", zh_day(*date)),
            Self::Closed { date } => format!("{} 已下班,自下一工作时段起算", zh_day(*date)),
            Self::Worked {
                date,
                from_s,
                to_s,
                make_up,
            } => format!(
                "{}{} {}-{} 计{}",
                zh_day(*date),
                make_up
                    .as_ref()
                    .map_or(String::new(), |name| format!("({name}调休上班)")),
                clock_time(*from_s),
                clock_time(*to_s),
                span(to_s - from_s, ["小时", "分", "秒"]),
            ),
            Self::Days {
                first,
                last,
                days,
                make_up,
            } => format!(
                "{} 计{days}个工作日{}",
                days_between(*first, *last, "至", zh_day),
                make_up
                    .as_ref()
                    .map_or(String::new(), |name| format!("({name}调休上班)")),
            ),
            Self::Rested {
                first,
                last,
                days,
                why,
            } => format!(
                "{} {}{days}天,不计",
                days_between(*first, *last, "至", zh_day),
                match why {
                    Rest::Weekend => "周末".to_owned(),
                    Rest::Holiday(name) => format!("{name}放假"),
                },
            ),
            Self::ClockTime { seconds } => {
                format!("连续计{}", span(*seconds, ["小时", "分", "秒"]))
            }
            Self::Counted { last } => format!("计至{}", zh_day(*last)),
            Self::Moved { from, to } => {
                format!("{}为休息日,顺延至{}", zh_day(*from), zh_day(*to))
            }
            Self::More { from } => format!("自{}起从略", zh_day(*from)),
            Self::Unpublished { year } => {
                format!("{year}年放假安排尚未公布,暂按普通工作日和周末计算")
            }
        }
    }

    /// Tells one step in English.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::FirstDay { date } => format!("{}: first day, not counted", en_day(*date)),
            Self::Closed { date } => format!("{}: already closed", en_day(*date)),
            Self::Worked {
                date,
                from_s,
                to_s,
                make_up,
            } => format!(
                "{}{} {}-{}: counted {}",
                en_day(*date),
                make_up
                    .as_ref()
                    .map_or(String::new(), |name| format!(" (make-up day, {name})")),
                clock_time(*from_s),
                clock_time(*to_s),
                span(to_s - from_s, [" h", " min", " s"]),
            ),
            Self::Days {
                first,
                last,
                days,
                make_up,
            } => format!(
                "{}: counted {days} working day{}{}",
                days_between(*first, *last, " to ", en_day),
                plural(*days),
                make_up
                    .as_ref()
                    .map_or(String::new(), |name| format!(" (make-up, {name})")),
            ),
            Self::Rested {
                first,
                last,
                days,
                why,
            } => format!(
                "{}: {days} day{} off, {}",
                days_between(*first, *last, " to ", en_day),
                plural(*days),
                match why {
                    Rest::Weekend => "weekend".to_owned(),
                    Rest::Holiday(name) => format!("holiday ({name})"),
                },
            ),
            Self::ClockTime { seconds } => {
                format!("counted {} through", span(*seconds, [" h", " min", " s"]))
            }
            Self::Counted { last } => format!("counted to {}", en_day(*last)),
            Self::Moved { from, to } => {
                format!("{} is a day off, moved to {}", en_day(*from), en_day(*to))
            }
            Self::More { from } => format!("from {} on left out", en_day(*from)),
            Self::Unpublished { year } => {
                format!("{year}: no arrangement published yet, plain weekdays and weekends assumed")
            }
        }
    }
}

fn plural(count: u32) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn weekday(date: NaiveDate, names: [&'static str; 7]) -> &'static str {
    names
        .into_iter()
        .cycle()
        .nth(date.weekday().num_days_from_monday() as usize)
        .unwrap_or_default()
}

fn zh_day(date: NaiveDate) -> String {
    format!("{date}({})", weekday(date, ZH_DAYS))
}

fn en_day(date: NaiveDate) -> String {
    format!("{date} {}", weekday(date, EN_DAYS))
}

fn days_between(first: NaiveDate, last: NaiveDate, to: &str, day: fn(NaiveDate) -> String) -> String {
    if first == last {
        day(first)
    } else {
        format!("{}{to}{}", day(first), day(last))
    }
}

/// A moment as date and time, to the second where it has one.
fn moment(at: DateTime<Utc>, day: fn(NaiveDate) -> String) -> String {
    let local = local_time(at);
    let seconds = i64::from(local.num_seconds_from_midnight());
    format!("{} {}", day(local.date()), clock_time(seconds))
}

/// A due time; midnight is told as 24:00 of the day that ends.
fn due_moment(at: DateTime<Utc>, day: fn(NaiveDate) -> String) -> String {
    let date = last_moment_date(at);
    if date == local_time(at).date() {
        moment(at, day)
    } else {
        format!("{} 24:00", day(date))
    }
}

fn clock_time(seconds: i64) -> String {
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    }
}

/// A length of time in hours, minutes and seconds, leaving out what is zero.
fn span(seconds: i64, [h, m, s]: [&str; 3]) -> String {
    let parts = [(seconds / 3600, h), (seconds / 60 % 60, m), (seconds % 60, s)];
    let told: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n}{unit}"))
        .collect();
    if told.is_empty() {
        format!("0{s}")
    } else {
        told.join(if h.starts_with(' ') { " " } else { "" })
    }
}
