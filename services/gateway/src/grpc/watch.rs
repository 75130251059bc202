//! One browser's stream: greets, tells what changed and rings, says who is where, and shows that it is alive.
//!
//! Invariant: a browser that reads slowly costs a place in the ring and a few messages, never more.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::stream;
use hotline_bus::{Bus, Heard, Listener, Live};
use hotline_proto::gateway::v1 as proto;
use hotline_proto::gateway::v1::watch_desk_response::Message;
use prost_types::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tonic::Status;
use uuid::Uuid;

use super::desk::place;
use crate::domain::{Kind, Notice, Readers, RingState, Sight, Viewer, sight};
use crate::ops::{self, Permit};

/// Between two heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Between two batches of changes: under load one message tells many.
const BATCH_EVERY: Duration = Duration::from_millis(100);
/// Messages that wait for a browser that reads slowly.
const WAITING_MAX: usize = 8;

/// What a browser receives.
pub type Stream = Pin<Box<dyn futures::Stream<Item = Result<proto::WatchDeskResponse, Status>> + Send>>;

type Places = Arc<ops::Places>;

/// A stream in the making.
pub struct Watch {
    /// Clock, and the stop of the process.
    pub bus: Bus,
    /// Says for how long the broker has not been heard.
    pub lag: Live<Notice>,
    /// What happens.
    pub listener: Listener<Notice>,
    /// The browser named a place that nobody knows.
    pub stale: bool,
    /// Who watches.
    pub viewer: Viewer,
    /// Who may read what.
    pub readers: Arc<Readers>,
    /// Who is where.
    pub places: watch::Receiver<Places>,
    /// The stream's place among all.
    pub _permit: Permit,
}

/// The browser is gone.
struct Gone;

type Sent = Result<(), Gone>;

/// The way to the browser.
struct Out(mpsc::Sender<Result<proto::WatchDeskResponse, Status>>);

impl Out {
    async fn send(&self, message: Message) -> Sent {
        let message = Some(message);
        let sent = self.0.send(Ok(proto::WatchDeskResponse { message })).await;
        sent.map_err(|_| Gone)
    }
}

impl Watch {
    /// Starts the stream.
    pub fn start(self) -> Stream {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        tokio::spawn(async move {
            // Whoever left needs to hear nothing more.
            let _ = self.run(Out(sender)).await;
        });
        Box::pin(stream::unfold(receiver, async |mut receiver| {
            let message = receiver.recv().await?;
            Some((message, receiver))
        }))
    }

    async fn run(mut self, out: Out) -> Sent {
        out.send(Message::Hello(self.hello())).await?;
        if self.stale {
            self.resync(&out, "cursor_too_old").await?;
        }
        let mut shown = BTreeMap::new();
        self.tell_places(&mut shown, &out).await?;
        let mut beat = tokio::time::interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        let mut next_batch = Instant::now();
        let shutdown = self.bus.shutdown().clone();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = out.0.closed() => return Err(Gone),
                _ = beat.tick() => out.send(Message::Heartbeat(self.heartbeat())).await?,
                heard = after(next_batch, &mut self.listener) => {
                    next_batch = Instant::now() + BATCH_EVERY;
                    self.tell(heard, &out).await?;
                }
                changed = self.places.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    self.tell_places(&mut shown, &out).await?;
                }
            }
        }
    }

    fn hello(&self) -> proto::Hello {
        proto::Hello {
            server_time: Some(timestamp(self.bus.now())),
            cursor: self.cursor(),
            heartbeat_seconds: i32::try_from(HEARTBEAT.as_secs()).unwrap_or(i32::MAX),
        }
    }

    fn heartbeat(&self) -> proto::Heartbeat {
        // Below the interval at which the broker is asked nothing is late.
        let lag = self.lag.lag().as_secs();
        let lag = if lag < 5 { 0 } else { lag };
        proto::Heartbeat {
            server_time: Some(timestamp(self.bus.now())),
            cursor: self.cursor(),
            bus_lag_seconds: i32::try_from(lag).unwrap_or(i32::MAX),
        }
    }

    fn cursor(&self) -> String {
        self.listener.cursor().to_string()
    }

    async fn resync(&self, out: &Out, reason: &str) -> Sent {
        out.send(Message::Resync(proto::Resync {
            cursor: self.cursor(),
            reason: reason.to_owned(),
        }))
        .await
    }

    async fn tell(&self, heard: Heard<Notice>, out: &Out) -> Sent {
        let notices = match heard {
            Heard::Events(notices) => notices,
            Heard::Lost => return self.resync(out, "cursor_too_old").await,
        };
        let (mut changes, mut rings) = (Vec::new(), Vec::new());
        for notice in &notices {
            match sight(notice, &self.viewer, &self.readers) {
                Sight::Nothing => {}
                seen => match &notice.ring {
                    Some(_) => rings.push(Arc::clone(notice)),
                    None => batch(&mut changes, self.change(notice, seen)),
                },
            }
        }
        for notice in rings {
            if let Some(message) = self.ring(&notice) {
                out.send(message).await?;
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let cursor = self.cursor();
        out.send(Message::Changed(proto::Changed { changes, cursor }))
            .await
    }

    /// What this viewer is told: a unit of itself alone.
    fn change(&self, notice: &Notice, seen: Sight) -> proto::Change {
        let own = self.viewer.unit.as_ref();
        let units = notice.units.iter();
        let units = units.filter(|unit| seen == Sight::Whole || Some(*unit) == own);
        let order = notice.order.map(|id| id.to_string()).unwrap_or_default();
        proto::Change {
            kind: kind(notice.kind).into(),
            appeal_id: order.clone(),
            order_id: order,
            number: notice.number.clone(),
            unit_ids: units.cloned().collect(),
            event: notice.event.clone(),
            occurred_at: Some(timestamp(notice.at)),
        }
    }

    fn ring(&self, notice: &Notice) -> Option<Message> {
        let ring = notice.ring.as_ref()?;
        let state = match ring.state {
            RingState::Ringing => proto::RingState::Ringing,
            RingState::Answered => proto::RingState::Answered,
            RingState::Ended => proto::RingState::Ended,
        };
        Some(Message::Ring(proto::Ring {
            call_id: ring.call_id.clone(),
            masked_number: ring.masked_number.clone(),
            state: state.into(),
            seat: ring.seat.clone(),
            occurred_at: Some(timestamp(notice.at)),
            cursor: self.cursor(),
        }))
    }

    /// Tells the orders at which somebody came, left or began to write.
    async fn tell_places(&mut self, shown: &mut BTreeMap<Uuid, proto::OrderPresence>, out: &Out) -> Sent {
        let places = Arc::clone(&self.places.borrow_and_update());
        let mut now: BTreeMap<Uuid, proto::OrderPresence> = BTreeMap::new();
        for (order, seats) in places.iter() {
            let place = place(*order, seats, &self.viewer);
            if !place.people.is_empty() {
                now.insert(*order, place);
            }
        }
        let mut orders: Vec<_> = now
            .iter()
            .filter(|(order, place)| shown.get(order) != Some(place))
            .map(|(_, place)| place.clone())
            .collect();
        let left = shown.keys().filter(|order| !now.contains_key(order));
        orders.extend(left.map(|order| proto::OrderPresence {
            order_id: order.to_string(),
            people: Vec::new(),
        }));
        *shown = now;
        if orders.is_empty() {
            return Ok(());
        }
        out.send(Message::Presence(proto::Presence { orders })).await
    }
}

/// What happens next, and not before `at`. Dropping the future loses nothing.
async fn after(at: Instant, listener: &mut Listener<Notice>) -> Heard<Notice> {
    tokio::time::sleep_until(at).await;
    listener.next().await
}

/// Adds a change; of a kind and order the last one counts, with the units of all.
fn batch(changes: &mut Vec<proto::Change>, change: proto::Change) {
    let same = |other: &proto::Change| {
        !change.order_id.is_empty() && (other.kind, &other.order_id) == (change.kind, &change.order_id)
    };
    let Some(place) = changes.iter().position(same) else {
        return changes.push(change);
    };
    let mut before = changes.remove(place);
    before.unit_ids.retain(|unit| !change.unit_ids.contains(unit));
    let mut change = change;
    change.unit_ids.append(&mut before.unit_ids);
    changes.push(change);
}

fn kind(kind: Kind) -> proto::ChangeKind {
    match kind {
        Kind::Appeal => proto::ChangeKind::Appeal,
        Kind::Order => proto::ChangeKind::Order,
        Kind::Clock => proto::ChangeKind::Clock,
        Kind::Callback => proto::ChangeKind::Callback,
        Kind::Supervision => proto::ChangeKind::Supervision,
        Kind::Enterprise => proto::ChangeKind::Enterprise,
        Kind::Desk => proto::ChangeKind::Desk,
    }
}

/// An instant as the contract writes it.
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}
