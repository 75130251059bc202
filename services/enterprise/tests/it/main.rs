//! The enterprise desk on a real database: what it receives, follows, does, shows and refuses.

mod desk;
mod following;
mod lists;
mod receiving;
mod support;
