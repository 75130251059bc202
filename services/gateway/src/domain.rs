//! What is allowed, without a database and without a clock: accounts, passwords, sessions; who is told of what.

mod account;
pub mod desk_refusals;
mod file;
mod password;
pub mod refusals;
mod roles;
mod session;
mod sight;
mod view;
mod wait;

pub use account::{Draft, Named, account_number, subject_of, username};
pub use file::{HEAD_LEN, Inspection, Media, file_name, media_of};
pub use password::{PASSWORD_MIN, check_password};
pub use roles::{ADMINISTRATORS, ROLES, check_roles, is_staff};
pub use session::{Limits, next_page};
pub use sight::{Kind, Notice, Readers, RingState, Ringing, Sight, Viewer, knows_name, sees_person, sight};
pub use view::{check_view, is_hidden};
pub use wait::{ACCOUNT, ADDRESS};
