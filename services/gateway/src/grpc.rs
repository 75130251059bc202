//! The gateway's own gRPC services: request, use case, answer. Who may call is declared in the contract.

mod account;
mod desk;
mod directory;
mod session;
mod watch;

use chrono::{DateTime, Utc};
use hotline_proto::gateway::v1 as proto;
use hotline_runtime::Caller;
use prost_types::Timestamp;
use uuid::Uuid;

use crate::domain::Viewer;
use crate::ops;

pub use account::AccountDesk;
pub use desk::LiveDesk;
pub use directory::Directory;
pub use session::SessionDesk;

/// The header by which the gateway tells its own services the session of a call; it comes from nowhere else.
pub const SESSION: &str = "x-hotline-session";

/// Who asks, as far as it decides what they may see.
fn viewer(caller: &Caller) -> Viewer {
    Viewer {
        account: caller.subject.clone(),
        roles: caller.roles.clone(),
        unit: caller.unit.clone(),
    }
}

fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

fn session(row: ops::Row, current: Option<Uuid>) -> proto::Session {
    proto::Session {
        current: current == Some(row.id),
        id: row.id.to_string(),
        created_at: Some(timestamp(row.created_at)),
        seen_at: Some(timestamp(row.seen_at)),
        expires_at: Some(timestamp(row.expires_at)),
        address: row.address,
        agent: row.agent,
        method: row.method,
    }
}

fn count(ended: u64) -> i32 {
    i32::try_from(ended).unwrap_or(i32::MAX)
}
