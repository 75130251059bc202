//! The steps of the scenarios, a file an area; `tests/features/README.md` lists them.

mod amend;
mod appeal;
mod callback;
mod clock;
mod directory;
mod guide;
mod handling;
mod marks;
mod order;
mod platform;
mod policy;
mod refusal;
mod register;
mod requests;
mod routing;
mod supervised;
mod supervision;
mod timeline;
mod whistle;
