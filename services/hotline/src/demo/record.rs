//! What the journals recorded of one batch of appeals, and how long each hop took, by the recorded instants.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use hotline_proto::bus::v1::Entry;
use hotline_proto::sla::v1::{ClockArmed, ClockMoved, ClockStopped, ClocksChanged};
use prost::Name;

use crate::client::Client;
use crate::services::SERVICES;
use crate::{journal, json, render};

/// One recorded event.
pub struct Happened {
    /// Full name.
    pub type_name: String,
    /// Appeal.
    pub root: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The event.
    pub event: serde_json::Value,
}

/// Where every journal ends now, by producer.
///
/// # Errors
/// A service that does not answer.
pub async fn ends(client: &Client) -> anyhow::Result<HashMap<&'static str, Vec<(i32, i64)>>> {
    let positions = journal::all_positions(client).await?;
    Ok(positions
        .positions
        .iter()
        .map(|(service, own)| (service.producer, journal::ends(own)))
        .collect())
}

/// Everything recorded since `from` about `roots`.
///
/// # Errors
/// A service that does not answer.
pub async fn since(
    client: &Client,
    from: &HashMap<&'static str, Vec<(i32, i64)>>,
    roots: &HashSet<String>,
) -> anyhow::Result<Vec<Happened>> {
    let keep = |entry: &Entry| {
        let at = render::instant(entry.occurred_at.as_ref()?)?;
        let event = json::decode(&entry.r#type, &entry.payload).ok()?;
        let ours = roots.contains(&entry.root);
        ours.then(|| Happened {
            type_name: entry.r#type.clone(),
            root: entry.root.clone(),
            at,
            event,
        })
    };
    let mut all = Vec::new();
    for service in SERVICES {
        let beginnings = from.get(service.producer).cloned().unwrap_or_default();
        all.extend(journal::collect(client, service.producer, &beginnings, keep).await?);
    }
    let parts: Vec<_> = all.iter().flat_map(parts).collect();
    all.extend(parts);
    all.sort_by_key(|happened| happened.at);
    Ok(all)
}

/// What one event tells of several clocks, each for itself.
fn parts(happened: &Happened) -> Vec<Happened> {
    if happened.type_name != ClocksChanged::full_name() {
        return Vec::new();
    }
    let names = [
        ("stopped", ClockStopped::full_name()),
        ("moved", ClockMoved::full_name()),
        ("armed", ClockArmed::full_name()),
    ];
    let told = names.into_iter().flat_map(|(field, type_name)| {
        let events = happened.event[field].as_array().into_iter().flatten();
        events.map(move |event| (type_name.clone(), event.clone()))
    });
    told.map(|(type_name, event)| Happened {
        type_name,
        root: happened.root.clone(),
        at: happened.at,
        event,
    })
    .collect()
}

/// How often an event of type `E` happened.
pub fn count<E: Name>(all: &[Happened]) -> usize {
    count_where::<E>(all, |_| true)
}

/// How often an event of type `E` happened of which `holds` says yes.
pub fn count_where<E: Name>(all: &[Happened], holds: impl Fn(&serde_json::Value) -> bool) -> usize {
    let name = E::full_name();
    all.iter()
        .filter(|happened| happened.type_name == name && holds(&happened.event))
        .count()
}

/// From one event to the next that it leads to.
pub struct Hop {
    /// The cause, full name.
    from: String,
    /// The effect, full name.
    to: String,
    /// Whether the two belong together by their leg, or by their appeal.
    key: Key,
}

/// What two events of a hop share.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The appeal.
    Root,
    /// The leg.
    Leg,
}

impl Hop {
    /// The hop from events of type `A` to events of type `B`.
    pub fn new<A: Name, B: Name>(key: Key) -> Self {
        Self {
            from: A::full_name(),
            to: B::full_name(),
            key,
        }
    }

    /// How it reads.
    pub fn name(&self) -> String {
        let short = crate::words::short_type;
        format!("{} → {}", short(&self.from), short(&self.to))
    }

    /// Milliseconds of every pair: each cause with the first effect at or after it; sorted.
    pub fn durations_ms(&self, all: &[Happened]) -> Vec<f64> {
        let mut waiting: HashMap<&str, DateTime<Utc>> = HashMap::new();
        let mut found = Vec::new();
        for happened in all {
            let Some(key) = self.key_of(happened) else {
                continue;
            };
            if happened.type_name == self.from {
                waiting.entry(key).or_insert(happened.at);
            } else if happened.type_name == self.to
                && let Some(start) = waiting.remove(key)
            {
                let micros = (happened.at - start)
                    .num_microseconds()
                    .and_then(|us| i32::try_from(us).ok());
                found.push(f64::from(micros.unwrap_or(i32::MAX)) / 1_000.0);
            }
        }
        found.sort_by(f64::total_cmp);
        found
    }

    fn key_of<'h>(&self, happened: &'h Happened) -> Option<&'h str> {
        match self.key {
            Key::Root => Some(&happened.root),
            Key::Leg => happened.event["leg"]["leg_id"]
                .as_str()
                .or(happened.event["clock"]["leg_id"].as_str()),
        }
    }
}

/// The value below which `share` (0 to 1) of sorted values lie; nothing for none.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a batch has few events, and a share lies between 0 and 1"
    )]
    let place = (share * last as f64).ceil() as usize;
    sorted.get(place.min(last)).copied()
}

#[cfg(test)]
mod tests {
    use hotline_proto::intake::v1::AppealAccepted;
    use hotline_proto::routing::v1::OrderOpened;

    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(
            (quantile(&values, 0.5), quantile(&values, 0.99)),
            (Some(51.0), Some(100.0))
        );
        assert_eq!((quantile(&[7.0], 0.99), quantile(&[], 0.5)), (Some(7.0), None));
    }

    #[test]
    fn a_hop_pairs_each_cause_with_its_own_effect() {
        let happened = |type_name: String, root: &str, ms: i64| Happened {
            type_name,
            root: root.to_owned(),
            at: DateTime::from_timestamp_millis(1_790_000_000_000 + ms).expect("a valid instant"),
            event: serde_json::Value::Null,
        };
        let all = [
            happened(AppealAccepted::full_name(), "a", 0),
            happened(AppealAccepted::full_name(), "b", 1),
            happened(OrderOpened::full_name(), "b", 3),
            happened(OrderOpened::full_name(), "a", 9),
            happened(OrderOpened::full_name(), "c", 9),
        ];
        let hop = Hop::new::<AppealAccepted, OrderOpened>(Key::Root);
        assert_eq!(hop.durations_ms(&all), [2.0, 9.0]);
        assert_eq!(
            (hop.name().as_str(), count::<OrderOpened>(&all)),
            ("AppealAccepted → OrderOpened", 3)
        );
    }
}
