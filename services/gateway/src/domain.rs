//! What is allowed, without a database and without a clock: who is told of what, what a view may be.

pub mod desk_refusals;
mod sight;
mod view;

pub use sight::{Kind, Notice, Readers, RingState, Ringing, Sight, Viewer, sees_person, sight};
pub use view::{check_view, is_hidden};
