//! The words about clocks: what is owed by when, what moved, what is late.

use hotline_policy::Obligation;
use hotline_proto::sla::v1::ClockFacts;
use hotline_worktime::limits_zh;

use super::{Book, Words, minute, names, staff};
use crate::told::Told;

impl Book {
    /// What the clocks did.
    pub(super) fn of_clock(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::ClockArmed(e) => {
                let clock = e.clock.as_ref()?;
                let [zh, en, due] = clock_names(clock);
                let open = if clock.provisional {
                    ["(暂定)", " (provisional)"]
                } else {
                    ["", ""]
                };
                let words = self.clock(
                    clock,
                    format!("{zh}时限{},{due}前{}", limits_zh(&clock.limit), open[0]),
                    format!("{en} within {}, due {due}{}", clock.limit, open[1]),
                );
                if !concerns_appellant(clock) || self.is_second_send(clock) {
                    return Some(words);
                }
                words.public(
                    format!("预计{due}前答复{}", open[0]),
                    format!("an answer is due {due}{}", open[1]),
                )
            }
            // In time or fallen away is what everybody expects: no line.
            Told::ClockStopped(e) if e.in_time || e.cancelled => return None,
            Told::ClockStopped(e) => {
                let clock = e.clock.as_ref()?;
                let [zh, en, due] = clock_names(clock);
                self.clock(
                    clock,
                    format!("{zh}逾期完成,应于{due}前"),
                    format!("{en} done late, was due {due}"),
                )
            }
            Told::ClockMoved(e) => {
                let clock = e.clock.as_ref()?;
                let [zh, en, due] = clock_names(clock);
                let before = e.due_before.as_ref().map_or(String::new(), minute);
                let [why_zh, why] = names::moved(&e.reason);
                let words = self.clock(
                    clock,
                    format!("{zh}时限由{before}改为{due}:{why_zh}"),
                    format!("{en} moved from {before} to {due}: {why}"),
                );
                // Of an extension the appellant reads in the decision itself.
                if !concerns_appellant(clock) || e.reason == "extension" {
                    return Some(words);
                }
                words.public(
                    format!("答复时限改为{due}:{why_zh}"),
                    format!("the answer is now due {due}: {why}"),
                )
            }
            Told::ReminderDue(e) => {
                let clock = e.clock.as_ref()?;
                let [zh, en, due] = clock_names(clock);
                self.clock(
                    clock,
                    format!("提醒:{zh}将于{due}到期"),
                    format!("reminder: {en} is due {due}"),
                )
            }
            Told::ClockBreached(e) => {
                let clock = e.clock.as_ref()?;
                let [zh, en, due] = clock_names(clock);
                self.clock(
                    clock,
                    format!("{zh}逾期,应于{due}前完成"),
                    format!("{en} is late, was due {due}"),
                )
            }
            Told::ClockMarked(e) => {
                let clock = e.clock.as_ref()?;
                let [zh, en, _] = clock_names(clock);
                self.clock(
                    clock,
                    format!("{zh}:平台审定逾期,由此造成的延误不计承办单位"),
                    format!("{en}: the platform decided late, the delay is not held against the unit"),
                )
            }
            _ => return None,
        })
    }

    /// The second send has limits of its own; the appellant is told the department's.
    fn is_second_send(&self, clock: &ClockFacts) -> bool {
        self.city
            .units
            .enterprise_platform()
            .is_some_and(|unit| unit.id == clock.unit_id)
    }

    /// A line about a clock: the unit that is held to it stands in front.
    fn clock(&self, clock: &ClockFacts, zh: String, en: String) -> Words {
        let unit = self.unit(&clock.unit_id);
        staff(format!("{unit} {zh}"), format!("{unit}: {en}"))
            .by("sla-timer")
            .article(&clock.article)
    }
}

/// The obligation, in both languages, and the due time.
fn clock_names(clock: &ClockFacts) -> [String; 3] {
    let [zh, en] = names::obligation(&clock.obligation);
    [zh, en, clock.due_at.as_ref().map_or(String::new(), minute)]
}

/// The one clock that an appellant waits on.
fn concerns_appellant(clock: &ClockFacts) -> bool {
    clock.obligation == Obligation::Answer.as_str()
}
