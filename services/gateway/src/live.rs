//! Opens the live desk: the tail of events, who is where, and the service that tells browsers.

use std::sync::Arc;

use hotline_proto::gateway::v1::desk_service_server::DeskServiceServer;
use hotline_runtime::Job;

use crate::grpc::LiveDesk;
use crate::notice::{Reading, readers};
use crate::ops::{Presences, Streams};
use crate::{Door, NAME};

/// Notices kept for browsers that come back: some minutes of a busy city.
const KEPT: usize = 8_192;

/// The service and the jobs behind it.
///
/// # Errors
/// The contract cannot be read.
pub fn open(door: &Door) -> anyhow::Result<(DeskServiceServer<LiveDesk>, Vec<Job>)> {
    let reading = Reading::new()?;
    let (live, tail) = door.bus.live(KEPT, move |entry| reading.notice(&entry));
    let settings = door.settings();
    let streams = Streams::new(settings.streams_max, settings.streams_per_session);
    let presences = Presences::new(door.bus.clone());
    let follow = Job {
        name: format!("{NAME}.presence"),
        run: Box::pin(presences.clone().follow(streams.clone())),
    };
    let desk = LiveDesk {
        bus: door.bus.clone(),
        live,
        readers: Arc::new(readers(&door.access)),
        presences,
        streams,
    };
    Ok((DeskServiceServer::new(desk), vec![tail, follow]))
}
