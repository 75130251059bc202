//! The supervision ledger: SQL and rows.

mod aside;
mod cards;
mod cases;
mod clocks;
mod due;
mod figures;

pub use aside::{bulletins, insert_bulletin, insert_visit, serial, visits};
pub use cards::{
    CardFilter, insert_card, kept_between, list_cards, previous_cards, spend_cards, update_card,
};
pub use cases::{
    CaseFilter, Kept, by_number, by_request, get, insert, last_opened, list, lock, open_of_class,
    open_of_orders, update,
};
pub use clocks::{is_contact_done, leg_of, lock_clock, lock_unit, unit_of};
pub use due::{
    Due, count_marks, done, due_after, facts_of_order, insert_due, mark, mark_and_enqueue, next_due,
};
pub use figures::{Scope, card_figures, case_figures, clock_facts_between, platform_breaches, redo_marks};
