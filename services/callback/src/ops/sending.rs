//! Messages on their way: handed to the provider, received, answered, or silent too long.

use chrono::{DateTime, TimeDelta, Utc};
use hotline_bus::{Fault, Lease};
use hotline_policy::Refusal;
use hotline_proto::common::v1::OrderFacts;
use prost::Message;
use uuid::Uuid;

use super::{Callbacks, Target};
use crate::domain::refusals::{ABSENT, VALUE_UNKNOWN};
use crate::domain::{Actor, Command, Delivery, SERVICE};
use crate::provider::{NotTaken, Numbers, Outbound, Provider, ProviderSettings};
use crate::store::sending::{self, Waiting};

/// Messages of one look.
const BATCH_MAX: i64 = 50;

/// Most that a pause is doubled.
const DOUBLINGS_MAX: u32 = 10;

/// Why an attempt by message reached nobody.
const SILENT: &str = "no_answer";

impl Callbacks {
    /// Sends what waits and ends what was silent too long; returns how many messages were looked at.
    ///
    /// # Errors
    /// The lease was lost, or the database failed.
    pub async fn send_due(
        &self,
        lease: &Lease,
        provider: &dyn Provider,
        numbers: &dyn Numbers,
        settings: &ProviderSettings,
    ) -> Result<usize, Fault> {
        let due = sending::due(self.bus.pool(), self.bus.now(), BATCH_MAX).await?;
        for message in &due {
            if message.delivery == Delivery::Queued.as_str() {
                let taken = self.hand_over(message, provider, numbers).await;
                self.note(message, taken, lease, settings).await?;
            } else {
                self.silent(message, lease).await?;
            }
        }
        Ok(due.len())
    }

    async fn hand_over(
        &self,
        message: &Waiting,
        provider: &dyn Provider,
        numbers: &dyn Numbers,
    ) -> Result<(), NotTaken> {
        let number = numbers.of(message.order_id).await;
        let to = number
            .map_err(|error| NotTaken::Later(format!("{error:#}")))?
            .ok_or_else(|| NotTaken::Never("no number is known".to_owned()))?;
        let facts = OrderFacts::decode(message.facts.as_slice())
            .map_err(|error| NotTaken::Never(error.to_string()))?;
        let outbound = Outbound {
            message_id: message_id(message),
            way: message.way.clone(),
            to,
            text: text(&facts.number),
        };
        provider.send(&outbound).await
    }

    /// Notes what became of a send: waited for, tried again later, or left to a person.
    async fn note(
        &self,
        message: &Waiting,
        taken: Result<(), NotTaken>,
        lease: &Lease,
        settings: &ProviderSettings,
    ) -> Result<(), Fault> {
        let now = self.bus.now();
        let tries = message.send_tries.unsigned_abs() + 1;
        let (delivery, next) = match taken {
            Ok(()) => (Delivery::Sent, self.silent_at(message, now)?),
            Err(NotTaken::Later(why)) if tries < settings.tries_max => {
                tracing::warn!(why, tries, "a message was not taken; tried again");
                (Delivery::Queued, Some(now + pause(settings, tries)))
            }
            Err(NotTaken::Later(why) | NotTaken::Never(why)) => {
                tracing::warn!(why, tries, "a message was not taken; a person takes over");
                (Delivery::Failed, None)
            }
        };
        metrics::counter!("hotline_callback_messages_total", "state" => delivery.as_str()).increment(1);
        let mut tx = self.bus.begin().await?;
        lease.check(&mut tx).await?;
        sending::note(tx.sql(), message, delivery, next).await?;
        tx.commit().await
    }

    fn silent_at(&self, message: &Waiting, at: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Fault> {
        let facts = OrderFacts::decode(message.facts.as_slice())
            .map_err(|error| Fault::poison(format!("facts of {}: {error}", message.id)))?;
        Ok(self.rules_of(&facts)?.silent_at(at))
    }

    /// An attempt by message that nobody answered; what a person took meanwhile is left to the person.
    async fn silent(&self, message: &Waiting, lease: &Lease) -> Result<(), Fault> {
        metrics::counter!("hotline_callback_messages_total", "state" => "silent").increment(1);
        let actor = Actor {
            name: SERVICE,
            ..Actor::default()
        };
        let target = Target::Callback(message.id);
        let command = Command::RecordAttempt(SILENT);
        match self.command(target, message.version, &command, actor).await {
            Err(Fault::Refused(_)) => {
                let mut tx = self.bus.begin().await?;
                lease.check(&mut tx).await?;
                sending::note(tx.sql(), message, Delivery::of(&message.delivery), None).await?;
                tx.commit().await
            }
            done => done.map(drop),
        }
    }

    /// Takes a receipt: "delivered" or "failed".
    ///
    /// # Errors
    /// An unknown message or word; a fault of the database.
    pub async fn receipt(&self, message: &str, state: &str) -> Result<(), Fault> {
        let (id, attempts) = named(message)?;
        let delivery = match state {
            "delivered" => Delivery::Delivered,
            "failed" => Delivery::Failed,
            _ => return Err(Refusal::new(&VALUE_UNKNOWN).field("state").into()),
        };
        metrics::counter!("hotline_callback_receipts_total", "state" => delivery.as_str()).increment(1);
        let mut tx = self.bus.begin().await?;
        sending::receipt(tx.sql(), id, attempts, delivery).await?;
        tx.commit().await
    }

    /// Takes what came back to a message.
    ///
    /// # Errors
    /// An unknown message, or a call-back that needs no answer any more; a fault of the database.
    pub async fn replied(&self, message: &str, text: &str) -> Result<(), Fault> {
        let (id, _) = named(message)?;
        let command = Command::Receive(hotline_vault::redact::redact(text).0);
        let actor = Actor {
            name: SERVICE,
            ..Actor::default()
        };
        self.command(Target::Callback(id), 0, &command, actor)
            .await
            .map(drop)
    }
}

/// The name of a message: the same however often it is posted.
fn message_id(message: &Waiting) -> String {
    format!("{}-{}", message.id.simple(), message.attempts)
}

fn named(message: &str) -> Result<(Uuid, i32), Refusal> {
    let parts = message.split_once('-');
    let read = parts.and_then(|(id, attempts)| Some((id.parse().ok()?, attempts.parse().ok()?)));
    read.ok_or_else(|| Refusal::new(&ABSENT).field("message_id"))
}

fn pause(settings: &ProviderSettings, tries: u32) -> TimeDelta {
    let doublings = tries.saturating_sub(1).min(DOUBLINGS_MAX);
    TimeDelta::seconds(i64::from(settings.backoff_s) << doublings)
}

/// What the appellant reads or hears; the answers are those that we read.
fn text(number: &str) -> String {
    format!(
        "【12345热线】您的诉求{number}已有办理结果。请回复:1非常满意 2满意 3基本满意 4不满意 5非常不满意,\
         可在数字后写明原因;回复TD退订。"
    )
}
