//! One recorded event and its forms: a row of the journal, a message on the wire (CloudEvents 1.0, binary mode), a gRPC entry.

use async_nats::{HeaderMap, HeaderName};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use hotline_proto::bus::v1 as proto;
use uuid::Uuid;

use crate::Fault;

/// Names of the headers, made once: each message would allocate them anew.
mod header {
    use async_nats::HeaderName;

    pub(super) static MSG_ID: HeaderName = HeaderName::from_static("Nats-Msg-Id");
    pub(super) static SPEC_VERSION: HeaderName = HeaderName::from_static("ce-specversion");
    pub(super) static ID: HeaderName = HeaderName::from_static("ce-id");
    pub(super) static TYPE: HeaderName = HeaderName::from_static("ce-type");
    pub(super) static SOURCE: HeaderName = HeaderName::from_static("ce-source");
    pub(super) static SUBJECT: HeaderName = HeaderName::from_static("ce-subject");
    pub(super) static TIME: HeaderName = HeaderName::from_static("ce-time");
    pub(super) static CONTENT_TYPE: HeaderName = HeaderName::from_static("content-type");
    pub(super) static PARTITION: HeaderName = HeaderName::from_static("hotline-partition");
    pub(super) static SEQ: HeaderName = HeaderName::from_static("hotline-seq");
    pub(super) static CAUSE: HeaderName = HeaderName::from_static("hotline-cause");
    pub(super) static TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
}

/// An event as it was recorded in a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Service that recorded it.
    pub producer: String,
    /// Partition, from 0.
    pub partition: i32,
    /// Gapless number within (producer, partition), from 1.
    pub seq: i64,
    /// Identifier, also the `Nats-Msg-Id`.
    pub event_id: Uuid,
    /// Protobuf full name.
    pub type_name: String,
    /// Appeal that it is about.
    pub root: Uuid,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What its producer had applied of each other service before it: "intake=12,sla=3".
    pub causes: String,
    /// W3C trace context; empty when there is none.
    pub traceparent: String,
    /// The event, protobuf.
    pub payload: Vec<u8>,
}

/// Partition of a root: FNV-1a over its 16 bytes, modulo the number of partitions fixed at installation.
pub fn partition_of(root: Uuid, partitions: i32) -> i32 {
    let hash = root
        .as_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    // The high half: FNV's low bits of UUIDs of one millisecond are less even.
    i32::try_from((hash >> 32) % u64::from(partitions.max(1).unsigned_abs())).unwrap_or(0)
}

/// Parses "intake=12,sla=3"; a malformed part is poison, because causality would be lost silently.
pub(crate) fn parse_causes(causes: &str) -> impl Iterator<Item = Result<(&str, i64), Fault>> {
    let parts = causes.split(',').filter(|part| !part.is_empty());
    parts.map(move |part| {
        let cause = part.split_once('=');
        let cause = cause.and_then(|(producer, seq)| Some((producer, seq.parse().ok()?)));
        cause.ok_or_else(|| Fault::poison(format!("causes are malformed: {causes}")))
    })
}

impl Entry {
    /// Subject on the bus: `<prefix>.p<partition>.<protobuf full name>`. An event that every service tells goes under its
    /// producer's package, so that a producer's last message can be asked for.
    pub fn subject(&self, prefix: &str) -> String {
        let (partition, producer) = (self.partition, &self.producer);
        match self.type_name.strip_prefix("hotline.audit.") {
            Some(rest) => format!("{prefix}.p{partition}.hotline.{producer}.{rest}"),
            None => format!("{prefix}.p{partition}.{}", self.type_name),
        }
    }

    /// The CloudEvents headers, with what the bus needs beside them.
    pub(crate) fn headers(&self) -> HeaderMap {
        let event_id = self.event_id.to_string();
        let time = self.occurred_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let mut headers = HeaderMap::new();
        headers.insert(header::MSG_ID.clone(), event_id.as_str());
        headers.insert(header::SPEC_VERSION.clone(), "1.0");
        headers.insert(header::ID.clone(), event_id);
        headers.insert(header::TYPE.clone(), self.type_name.as_str());
        headers.insert(header::SOURCE.clone(), format!("/hotline/{}", self.producer));
        headers.insert(header::SUBJECT.clone(), self.root.to_string());
        headers.insert(header::TIME.clone(), time);
        headers.insert(header::CONTENT_TYPE.clone(), "application/protobuf");
        headers.insert(header::PARTITION.clone(), self.partition.to_string());
        headers.insert(header::SEQ.clone(), self.seq.to_string());
        headers.insert(header::CAUSE.clone(), self.causes.as_str());
        if !self.traceparent.is_empty() {
            headers.insert(header::TRACE_PARENT.clone(), self.traceparent.as_str());
        }
        headers
    }

    /// Reads a message back; anything missing or malformed is poison.
    pub(crate) fn from_message(headers: Option<&HeaderMap>, payload: &Bytes) -> Result<Self, Fault> {
        let headers = headers.ok_or_else(|| Fault::poison("a message without headers is no event"))?;
        let get = |name: &HeaderName| {
            headers
                .get(name.clone())
                .map(async_nats::HeaderValue::as_str)
                .unwrap_or_default()
        };
        let bad = |name: &HeaderName| Fault::poison(format!("header {name} is missing or malformed"));
        Ok(Self {
            producer: get(&header::SOURCE)
                .strip_prefix("/hotline/")
                .ok_or_else(|| bad(&header::SOURCE))?
                .to_owned(),
            partition: get(&header::PARTITION)
                .parse()
                .map_err(|_| bad(&header::PARTITION))?,
            seq: get(&header::SEQ).parse().map_err(|_| bad(&header::SEQ))?,
            event_id: get(&header::ID).parse().map_err(|_| bad(&header::ID))?,
            type_name: get(&header::TYPE).to_owned(),
            root: get(&header::SUBJECT).parse().map_err(|_| bad(&header::SUBJECT))?,
            occurred_at: DateTime::parse_from_rfc3339(get(&header::TIME))
                .map_err(|_| bad(&header::TIME))?
                .to_utc(),
            causes: get(&header::CAUSE).to_owned(),
            traceparent: get(&header::TRACE_PARENT).to_owned(),
            payload: payload.to_vec(),
        })
    }

    /// The entry as the journal's gRPC service tells it.
    pub(crate) fn into_proto(self) -> proto::Entry {
        proto::Entry {
            producer: self.producer,
            partition: self.partition,
            seq: self.seq,
            event_id: self.event_id.to_string(),
            r#type: self.type_name,
            root: self.root.to_string(),
            occurred_at: Some(timestamp(self.occurred_at)),
            causes: self.causes,
            traceparent: self.traceparent,
            payload: self.payload,
        }
    }

    /// Reads an entry that a peer told.
    pub(crate) fn from_proto(entry: proto::Entry) -> Result<Self, Fault> {
        let bad = |name: &str| Fault::retry(format!("a peer's journal entry has no valid {name}"));
        let at = entry.occurred_at.ok_or_else(|| bad("occurred_at"))?;
        Ok(Self {
            event_id: entry.event_id.parse().map_err(|_| bad("event_id"))?,
            root: entry.root.parse().map_err(|_| bad("root"))?,
            occurred_at: u32::try_from(at.nanos)
                .ok()
                .and_then(|nanos| DateTime::from_timestamp(at.seconds, nanos))
                .ok_or_else(|| bad("occurred_at"))?,
            producer: entry.producer,
            partition: entry.partition,
            seq: entry.seq,
            type_name: entry.r#type,
            causes: entry.causes,
            traceparent: entry.traceparent,
            payload: entry.payload,
        })
    }
}

#[cfg(test)]
impl Entry {
    /// An entry that says nothing.
    pub(crate) fn bare(producer: &str, seq: i64) -> Self {
        Self {
            producer: producer.to_owned(),
            partition: 0,
            seq,
            event_id: Uuid::nil(),
            type_name: String::new(),
            root: Uuid::nil(),
            occurred_at: DateTime::UNIX_EPOCH,
            causes: String::new(),
            traceparent: String::new(),
            payload: Vec::new(),
        }
    }
}

/// An instant as protobuf's.
pub(crate) fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            producer: "intake".into(),
            partition: 3,
            seq: 7,
            event_id: Uuid::from_u128(1),
            type_name: "hotline.intake.v1.AppealAccepted".into(),
            root: Uuid::from_u128(2),
            occurred_at: DateTime::from_timestamp(1_790_000_000, 123_456_000).expect("a valid instant"),
            causes: "routing=4".into(),
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into(),
            payload: vec![1, 2, 3],
        }
    }

    #[test]
    fn a_message_reads_back_as_it_was_written() {
        let entry = entry();
        let read = Entry::from_message(Some(&entry.headers()), &entry.payload.clone().into()).expect("reads");
        assert_eq!(read, entry);
        assert_eq!(entry.subject("evt"), "evt.p3.hotline.intake.v1.AppealAccepted");
    }

    #[test]
    fn an_entry_told_over_grpc_reads_back_as_it_was_written() {
        assert_eq!(Entry::from_proto(entry().into_proto()).expect("reads"), entry());
    }

    #[test]
    fn a_message_without_a_number_is_poison() {
        let mut headers = entry().headers();
        headers.insert("hotline-seq", "seven");
        assert!(matches!(
            Entry::from_message(Some(&headers), &Bytes::new()),
            Err(Fault::Poison(_))
        ));
    }

    #[test]
    fn malformed_causes_are_poison() {
        let parsed = |causes| parse_causes(causes).collect::<Result<Vec<_>, _>>();
        assert_eq!(parsed("a=1,b=2").expect("reads"), [("a", 1), ("b", 2)]);
        assert!(parsed("a").is_err() && parsed("a=x").is_err());
        assert!(parsed("").expect("reads").is_empty());
    }

    #[test]
    fn partitions_share_roots_evenly_and_for_ever() {
        let mut counts = [0; 4];
        for number in 0..4_000_u128 {
            let root = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number * 0x9e37_79b9);
            counts[usize::try_from(partition_of(root, 4)).expect("not negative")] += 1;
        }
        assert!(
            counts.iter().all(|count| (800..1200).contains(count)),
            "{counts:?}"
        );
        // Fixed for ever: changing the hash would scatter an appeal's events over partitions.
        assert_eq!(
            partition_of(Uuid::from_u128(1), 4),
            partition_of(Uuid::from_u128(1), 4)
        );
    }
}
