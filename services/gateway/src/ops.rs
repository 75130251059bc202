//! One function a use case.

mod files;
mod presence;
mod streams;
mod views;

pub use files::{Files, Upload, no_file};
pub use presence::{Places, Presences, Reported};
pub use streams::{Permit, Streams};
pub use views::{delete_view, save_view, views};

pub use crate::store::{Seat, StoredFile, View};
