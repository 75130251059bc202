//! Turns limits such as "5 working days" into instants, on calendars that are data.
//!
//! Pure: no input or output, no clock of its own; every instant is an argument.
//!
//! Invariant: a deadline is never earlier than its start.
//! Invariant: a later start never has an earlier deadline.
//! Invariant: a deadline that consulted a day of a year without arrangement is provisional.
//! Invariant: an explanation always ends at the deadline that it explains.
//!
//! Local time is UTC+08:00 throughout (China has had no summer time since 1991). Working time is
//! known from 2000-01-01 to 2099-12-31; beyond that range results saturate at its ends and are
//! provisional, and nothing panics.

mod almanac;
mod arrangement;
mod calendar;
pub mod cases;
mod clock;
mod contradiction;
mod error;
mod explain;
mod hours;
mod limit;
mod lint;
mod local;
mod narrate;
mod table;

pub use almanac::{Almanac, Edition};
pub use arrangement::{NamedDay, YearArrangement};
pub use calendar::{Calendar, Day};
pub use clock::{Convention, Due, Elapsed, WorkClock};
pub use error::{CalendarError, CalendarFault};
pub use explain::{Explanation, Rest, Step};
pub use hours::{HoursError, OfficeHours, Shift};
pub use limit::{AMOUNT_MAX, Limit, LimitError, Unit, limits_zh};
pub use lint::{Warning, lint};
pub use local::{FIRST_YEAR, LAST_YEAR, OFFSET_SECONDS, at_local, date_of, local_time};
