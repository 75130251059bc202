//! The audit's gRPC service: entries and signed heads, for whoever audits. One for all services of a process.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hotline_policy::refusal::Refusal;
use hotline_proto::audit::v1 as wire;
use hotline_proto::audit::v1::audit_service_server::{AuditService, AuditServiceServer};
use hotline_runtime::page;
use hotline_runtime::status::lang_of;
use prost_types::Timestamp;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::hash::Entry;
use super::store::{self, Filter, Key};
use crate::envelope::timestamp;
use crate::journal::{BAD_ARGUMENT, NOT_HERE};
use crate::{Bus, Fault};

/// Answers for the services of this process.
pub struct AuditDesk {
    buses: BTreeMap<&'static str, Bus>,
}

impl AuditDesk {
    /// The gRPC service for all of `buses`.
    pub fn server(buses: impl IntoIterator<Item = Bus>) -> AuditServiceServer<Self> {
        AuditServiceServer::new(Self::of(buses))
    }

    pub(super) fn of(buses: impl IntoIterator<Item = Bus>) -> Self {
        Self {
            buses: buses.into_iter().map(|bus| (bus.service(), bus)).collect(),
        }
    }

    /// The service named, or all of them.
    fn asked(&self, service: &str) -> Result<Vec<&Bus>, Fault> {
        if service.is_empty() {
            return Ok(self.buses.values().collect());
        }
        let absent = || {
            Refusal::new(&NOT_HERE)
                .field("service")
                .detail(service.to_owned())
        };
        Ok(vec![self.buses.get(service).ok_or_else(absent)?])
    }

    pub(super) async fn list(
        &self,
        request: wire::ListAuditEntriesRequest,
    ) -> Result<wire::ListAuditEntriesResponse, Fault> {
        let filter = filter_of(&request)?;
        let size = page::size(request.page_size)?;
        let question = (&request.service, &filter);
        let before: Option<Key> = page::decode(&request.page_token, &question)?;
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let mut found = Vec::new();
        for bus in self.asked(&request.service)? {
            let mut sql = bus.pool().acquire().await?;
            let rows = store::list(&mut sql, bus.service(), &filter, before.as_ref(), limit).await?;
            found.extend(
                rows.into_iter()
                    .map(|entry| (key_of(bus.service(), &entry), entry)),
            );
        }
        found.sort_by(|(one, _), (other, _)| other.cmp(one));
        let more = found.len() > size;
        found.truncate(size);
        let last = found.last().filter(|_| more);
        let next = last.map(|(key, _)| page::encode(key, &question));
        Ok(wire::ListAuditEntriesResponse {
            entries: found
                .into_iter()
                .map(|(key, entry)| message_of(key.service, entry))
                .collect(),
            next_page_token: next.unwrap_or_default(),
        })
    }

    pub(super) async fn heads(&self, service: &str) -> Result<wire::ListAuditHeadsResponse, Fault> {
        let mut heads = Vec::new();
        for bus in self.asked(service)? {
            let mut sql = bus.pool().acquire().await?;
            let own = store::newest_heads(&mut sql, bus.service()).await?;
            heads.extend(own.into_iter().map(super::Head::into_message));
        }
        Ok(wire::ListAuditHeadsResponse { heads })
    }
}

fn key_of(service: &str, entry: &Entry) -> Key {
    Key {
        at: entry.record.at,
        service: service.to_owned(),
        seq: entry.seq,
    }
}

fn filter_of(request: &wire::ListAuditEntriesRequest) -> Result<Filter, Fault> {
    let bad = |field: &str| Refusal::new(&BAD_ARGUMENT).field(field);
    let root = match request.order_id.as_str() {
        "" => None,
        id => Some(id.parse::<Uuid>().map_err(|_| bad("order_id"))?),
    };
    let instant = |time: &Option<Timestamp>, field: &str| match time {
        None => Ok(None),
        Some(time) => instant_of(time).map(Some).ok_or_else(|| bad(field)),
    };
    Ok(Filter {
        since: instant(&request.since, "since")?,
        until: instant(&request.until, "until")?,
        subject: Some(request.subject.clone()).filter(|subject| !subject.is_empty()),
        root,
        refused_only: request.refused_only,
    })
}

fn instant_of(time: &Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.seconds, u32::try_from(time.nanos).ok()?)
}

fn message_of(service: String, entry: Entry) -> wire::AuditEntry {
    let parts = |text: String| -> Vec<String> {
        let parts = text.split(',').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let record = entry.record;
    wire::AuditEntry {
        service,
        seq: entry.seq,
        at: Some(timestamp(record.at)),
        subject: record.subject,
        roles: parts(record.roles),
        unit_id: record.unit,
        method: record.method,
        order_id: record.root.map(|root| root.to_string()).unwrap_or_default(),
        what: parts(record.what),
        outcome: record.outcome,
        reason: record.reason,
        address: record.address,
        trace: record.trace,
        entry_hash: entry.entry_hash,
    }
}

#[tonic::async_trait]
impl AuditService for AuditDesk {
    async fn list_audit_entries(
        &self,
        request: Request<wire::ListAuditEntriesRequest>,
    ) -> Result<Response<wire::ListAuditEntriesResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self.list(request.into_inner()).await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }

    async fn list_audit_heads(
        &self,
        request: Request<wire::ListAuditHeadsRequest>,
    ) -> Result<Response<wire::ListAuditHeadsResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self.heads(&request.into_inner().service).await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }
}
