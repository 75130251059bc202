//! One function a use case.

mod presence;
mod streams;
mod views;

pub use presence::{Places, Presences, Reported};
pub use streams::{Permit, Streams};
pub use views::{delete_view, save_view, views};

pub use crate::store::{Seat, View};
