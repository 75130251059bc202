//! The tables of the clocks: SQL and rows.

mod calendar;
mod clocks;
mod due;
mod lists;
mod nearest;
mod rows;
pub mod supervision;

pub use calendar::{
    Place, Progress, Year, add_year, advance, candidates, finish, newest_version, next_orders, progress,
    still_so, unfinished, untold, years,
};
pub use clocks::{Changed, Saved, of_order, open_of_orders, save, update};
pub use due::{Position, fire, go_by_rows, window};
pub use lists::{EndedTotals, Filter, OpenTotals, ended_totals, list, of_order_oldest_first, open_totals};
pub use nearest::{Nearest, Owed, nearest, open_of_page};
