//! SQL and rows of the gateway.

mod file;
mod presence;
mod view;

pub use file::{StoredFile, delete_loose, file, insert_file, loose_files, settle_file};
pub use presence::{Seat, leave, note_presence, present, sweep};
pub use view::{VIEWS_MAX, View, count_views, delete_view, only_default, update_view, upsert_view, views};
