//! What a desk's live stream would tell: that an order lies in the pool, that a call-back is to be made. Heard on the bus.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use futures::StreamExt;
use hotline_proto::callback::v1::CallbackScheduled;
use prost::Message;
use tokio::sync::oneshot;

use crate::world::World;

/// A sign that is so late is asked for.
const LATE: Duration = Duration::from_secs(5);

/// Names of the events that are waited for, as their subjects end.
const OPENED: &str = "hotline.routing.v1.OrderOpened";
const SCHEDULED: &str = "hotline.callback.v1.CallbackScheduled";

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// The order waits for somebody to claim it.
    Opened,
    /// A call-back of the order is to be made.
    Scheduled,
}

/// What came and nobody asked for yet, or who waits for it.
enum Place {
    Come(String),
    Wanted(oneshot::Sender<String>),
}

type Key = (Sign, String);

/// Listens for as long as it lives.
pub struct Signs {
    places: Arc<Mutex<HashMap<Key, Place>>>,
    ear: tokio::task::JoinHandle<()>,
}

impl Drop for Signs {
    fn drop(&mut self) {
        self.ear.abort();
    }
}

impl Signs {
    /// Begins to listen.
    ///
    /// # Errors
    /// The broker does not answer.
    pub async fn listen(world: &World) -> anyhow::Result<Self> {
        let client = world.broker().await?;
        let mut opened = client.subscribe(format!("evt.*.{OPENED}")).await?;
        let mut scheduled = client.subscribe(format!("evt.*.{SCHEDULED}")).await?;
        client.flush().await?;
        let places: Arc<Mutex<HashMap<Key, Place>>> = Arc::default();
        let heard = Arc::clone(&places);
        let ear = tokio::spawn(async move {
            // Kept, because a subscription ends with its client.
            let _client = client;
            loop {
                let (sign, message) = tokio::select! {
                    Some(message) = opened.next() => (Sign::Opened, message),
                    Some(message) = scheduled.next() => (Sign::Scheduled, message),
                    else => return,
                };
                if let Some((order, told)) = read(sign, &message) {
                    tell(&heard, (sign, order), told);
                }
            }
        });
        Ok(Self { places, ear })
    }

    /// Waits for a sign of an order; what it told (the call-back's identifier), or nothing when it is late.
    pub async fn of(&self, sign: Sign, order_id: &str) -> Option<String> {
        let key = (sign, order_id.to_owned());
        let coming = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            match places.remove(&key) {
                Some(Place::Come(told)) => return Some(told),
                _ => {
                    let (sender, coming) = oneshot::channel();
                    places.insert(key, Place::Wanted(sender));
                    coming
                }
            }
        };
        tokio::time::timeout(LATE, coming).await.ok()?.ok()
    }
}

fn tell(places: &Mutex<HashMap<Key, Place>>, key: Key, told: String) {
    let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
    match places.remove(&key) {
        Some(Place::Wanted(sender)) => drop(sender.send(told)),
        _ => drop(places.insert(key, Place::Come(told))),
    }
}

/// The order that a message is about, and what it tells.
fn read(sign: Sign, message: &async_nats::Message) -> Option<(String, String)> {
    let order = message.headers.as_ref()?.get("ce-subject")?.as_str().to_owned();
    let told = match sign {
        Sign::Opened => String::new(),
        Sign::Scheduled => {
            CallbackScheduled::decode(message.payload.clone())
                .context("a call-back")
                .ok()?
                .callback_id
        }
    };
    Some((order, told))
}
