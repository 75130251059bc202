//! The commands from outside: the real binary, and where they need one, a real platform on real servers.

mod docs;
mod files;
mod going_on;
mod help;
mod mistakes;
mod rows;
mod running;
mod support;
