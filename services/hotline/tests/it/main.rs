//! The commands from outside: the real binary, and where they need one, a real platform on real servers.

mod docs;
mod files;
mod help;
mod running;
mod support;
