//! What is allowed, without a database and without a clock: who is told of what, what a view may be.

pub mod desk_refusals;
mod file;
mod sight;
mod view;

pub use file::{HEAD_LEN, Inspection, Media, file_name, media_of};
pub use sight::{Kind, Notice, Readers, RingState, Ringing, Sight, Viewer, sees_person, sight};
pub use view::{check_view, is_hidden};
