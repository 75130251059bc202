//! The runtime as its users meet it: a server over the loopback, real databases, private servers.

mod audits;
mod calls;
mod databases;
mod lifecycle;
mod private_servers;
mod probe;
mod silence;
mod traces;
