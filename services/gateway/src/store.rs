//! SQL and rows of the gateway; functions take the connection first.

mod account;
mod file;
mod link;
mod log;
mod name;
mod presence;
mod session;
mod view;
mod wait;

pub use account::{
    Account, Filter, by_name, by_number, by_subject, insert, link_subject, list, lock_by_number,
    nobody_ever_signed_in, others_in_role, recent_passwords, replace_recovery_codes, save_factor,
    save_failures, save_locked, save_password, save_signed_in, save_step, take_recovery_code, update,
};
pub use file::{StoredFile, delete_loose, file, insert_file, loose_files, settle_file};
pub use link::{
    Flow, Half, drop_links, insert_flow, insert_half, insert_link, link_account, take_flow, take_half,
    take_link, try_half,
};
pub use log::{Entry, entries, record};
pub use name::{Called, called};
pub use presence::{Seat, leave, note_presence, present, sweep};
pub use session::{
    Live, NewSession, Row, alive, end, end_all, insert_session, live, of_account, purge, seen,
};
pub use view::{VIEWS_MAX, View, count_views, delete_view, only_default, update_view, upsert_view, views};
pub use wait::{address_failed, address_waits};

type Result<T> = std::result::Result<T, sqlx::Error>;
