//! The tables of the clocks: SQL and rows.

mod calendar;
mod clocks;
mod due;
mod lists;
mod rows;
pub mod supervision;

pub use calendar::{
    Progress, Year, add_year, candidates, finish, lock_progress, newest_version, save_progress, still_so,
    unfinished, years,
};
pub use clocks::{Saved, of_order, open_of_orders, save};
pub use due::{Position, fire, go_by_rows, window};
pub use lists::{Filter, Totals, list, of_order_oldest_first, totals};
