//! Recomputes a chain and holds it to the signed heads: what was changed, removed, moved, cut or forged, with its number.

use std::collections::BTreeMap;

use hotline_runtime::audit::AuditVerifier;
use serde::Serialize;
use sqlx::PgConnection;

use super::hash::{Entry, Head, genesis};
use super::store;

/// Entries read at once.
const PAGE: i64 = 2_000;

/// Findings told of one chain; whoever rewrote a whole chain need not fill the screen.
const FINDINGS_MAX: usize = 100;

/// What is wrong with a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The entry's hash is not that of what it says.
    Changed,
    /// Entries from this number on are gone.
    Removed,
    /// The entry stood elsewhere in the chain.
    Moved,
    /// The entry is not bound to the one before it.
    Unbound,
    /// A head was signed at this number, and the chain ends before it.
    Cut,
    /// A head was signed over another hash than the chain has: the chain was written anew.
    Rewritten,
    /// A head that no known key signed.
    Forged,
    /// A head that was kept elsewhere, or told on the bus, is not among the service's own.
    HeadGone,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// Number of the entry, or of the head's.
    pub seq: i64,
    /// The last number that it is about, where there are several.
    pub until: i64,
}

/// What was found out about a chain.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Producer's name of the service.
    pub service: String,
    /// First number in the chain; 1 unless what is older was removed at the end of retention.
    pub first: i64,
    /// Last number.
    pub last: i64,
    /// Entries that wait for their place.
    pub waiting: i64,
    /// Heads that the chain was held to.
    pub heads: usize,
    /// Number of the newest good head: whatever stands at or before it cannot have been changed unseen.
    pub sealed: i64,
    /// What is wrong, by number; empty when nothing is.
    pub findings: Vec<Finding>,
}

/// Recomputes the chain of `service`, whose schema must be the connection's search path, and holds it to the heads in its
/// table, to those told on the bus, and to `kept`, which come from elsewhere. `keys` are the keys that may have signed.
///
/// # Errors
/// The database failed.
pub async fn verify(
    sql: &mut PgConnection,
    service: &str,
    kept: &[Head],
    keys: &[AuditVerifier],
) -> Result<Report, sqlx::Error> {
    let own = store::heads(sql, service).await?;
    let told = store::heads_told(sql, service).await?;
    let mut walk = Walk::new(service);
    let foreign: Vec<&Head> = told
        .iter()
        .chain(kept.iter().filter(|head| head.service == service))
        .collect();
    for head in own.iter().chain(foreign.iter().copied()) {
        walk.expect(head, keys);
    }
    for head in foreign {
        let gone = !own
            .iter()
            .any(|other| other.seq == head.seq && other.hash == head.hash);
        if gone && head.is_signed_by(keys) {
            walk.find(Kind::HeadGone, head.seq, head.seq);
        }
    }
    let mut after = 0;
    loop {
        let page = store::entries(sql, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        page.iter().for_each(|entry| walk.step(entry));
    }
    let (waiting, _) = store::waiting(sql).await?;
    Ok(walk.end(waiting))
}

/// A walk along one chain.
struct Walk<'a> {
    service: &'a str,
    first: Option<i64>,
    last: i64,
    prev: Vec<u8>,
    /// Hashes that heads were signed over, by number.
    heads: BTreeMap<i64, Vec<Vec<u8>>>,
    sealed: i64,
    /// Heads that the chain was found to agree with.
    held: usize,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn new(service: &'a str) -> Self {
        Self {
            service,
            first: None,
            last: 0,
            prev: genesis(service).to_vec(),
            heads: BTreeMap::new(),
            sealed: 0,
            held: 0,
            findings: Vec::new(),
        }
    }

    fn find(&mut self, kind: Kind, seq: i64, until: i64) {
        let finding = Finding { kind, seq, until };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Holds the chain to a head that a known key signed.
    fn expect(&mut self, head: &Head, keys: &[AuditVerifier]) {
        if !head.is_signed_by(keys) {
            self.find(Kind::Forged, head.seq, head.seq);
            return;
        }
        let hashes = self.heads.entry(head.seq).or_default();
        if !hashes.contains(&head.hash) {
            hashes.push(head.hash.clone());
        }
    }

    fn step(&mut self, entry: &Entry) {
        if self.first.is_none() {
            self.begin(entry);
        }
        let next = self.last + 1;
        if entry.seq > next {
            self.find(Kind::Removed, next, entry.seq - 1);
        }
        let own = entry.hash_as(self.service, entry.seq);
        if own.as_slice() != entry.entry_hash {
            let moved = self.stood_elsewhere(entry);
            let kind = if moved { Kind::Moved } else { Kind::Changed };
            self.find(kind, entry.seq, entry.seq);
        } else if entry.prev_hash != self.prev && entry.seq == next {
            self.find(Kind::Unbound, entry.seq, entry.seq);
        }
        if let Some(hashes) = self.heads.remove(&entry.seq) {
            if hashes.iter().all(|hash| *hash == entry.entry_hash) {
                self.sealed = entry.seq;
                self.held += 1;
            } else {
                self.find(Kind::Rewritten, entry.seq, entry.seq);
            }
        }
        self.prev.clone_from(&entry.entry_hash);
        self.last = entry.seq;
    }

    /// The chain may begin after 1 where a signed head says what stood before: the rest was removed at the end of retention.
    fn begin(&mut self, entry: &Entry) {
        self.first = Some(entry.seq);
        let before = self.heads.get(&(entry.seq - 1));
        if entry.seq > 1 && before.is_some_and(|hashes| hashes.contains(&entry.prev_hash)) {
            self.last = entry.seq - 1;
            self.prev.clone_from(&entry.prev_hash);
            self.heads = self.heads.split_off(&entry.seq);
        }
    }

    /// Whether an entry is whole under another number near its own.
    fn stood_elsewhere(&self, entry: &Entry) -> bool {
        let mut near = entry.seq.saturating_sub(PAGE)..=entry.seq.saturating_add(PAGE);
        self.findings.len() < FINDINGS_MAX
            && near.any(|seq| entry.hash_as(self.service, seq).as_slice() == entry.entry_hash)
    }

    fn end(mut self, waiting: i64) -> Report {
        let left: Vec<i64> = self.heads.keys().copied().collect();
        for seq in left {
            // A head whose entry is not there: behind the end, or in a gap that is told already.
            if seq > self.last {
                self.find(Kind::Cut, self.last + 1, seq);
            }
        }
        self.findings.sort_by_key(|finding| finding.seq);
        self.findings.truncate(FINDINGS_MAX);
        Report {
            service: self.service.to_owned(),
            first: self.first.unwrap_or(0),
            last: self.last,
            waiting,
            heads: self.held,
            sealed: self.sealed,
            findings: self.findings,
        }
    }
}
