//! The gateway's own gRPC services: request, use case, answer.

mod desk;
mod watch;

pub use desk::LiveDesk;
