//! Commands on a registered appeal: lock, decide, save, publish.

use hotline_bus::{Fault, Tx};
use hotline_policy::Refusal;
use uuid::Uuid;

use super::tell::tell;
use super::{Intake, Seen, name_of, not_found};
use crate::domain::{Authority, Command, Earlier, MergeTarget, Rules, State, decide, evolve, refusals};
use crate::seal::{self, Particulars};
use crate::store::{self, Record, Urge};

/// What the digest of an urge is made under.
const DIGEST_KIND: &str = "urge";

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Stable id of the account or service.
    pub actor: String,
    /// How far its authority reaches.
    pub authority: Authority,
}

/// An urge as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urging {
    /// Appeal.
    pub appeal_id: Uuid,
    /// Names the request for ever.
    pub request_key: String,
    /// What the appellant said.
    pub note: String,
    /// The request as it came.
    pub request: Vec<u8>,
}

impl Intake {
    /// Does `command` with the appeal `id`; `version` is the one that the caller saw, 0 for any.
    ///
    /// # Errors
    /// An appeal that is not there, a stale version, and whatever `decide` refuses.
    pub async fn act(&self, id: Uuid, version: i64, by: &By, command: Command) -> Result<Seen, Fault> {
        let mut tx = self.bus.begin().await?;
        let record = lock_one(&mut tx, id).await?;
        self.finish(tx, record, version, by, command).await
    }

    /// Refuses the appeal `id` as a repeat of `earlier`, an identifier or a number.
    ///
    /// # Errors
    /// As [`Intake::act`]; `appeal.not_found` for the earlier one.
    pub async fn reject_repeat(
        &self,
        (id, version): (Uuid, i64),
        by: &By,
        earlier: &str,
        command: impl FnOnce(Earlier) -> Command,
    ) -> Result<Seen, Fault> {
        let name = name_of(earlier, "earlier_appeal")?;
        let mut tx = self.bus.begin().await?;
        let record = lock_one(&mut tx, id).await?;
        let found = store::find(&mut *tx.sql(), name).await?;
        let found = found.ok_or_else(|| not_found("earlier_appeal"))?;
        let (own, other) = (self.open(&record)?, self.open(&found)?);
        let same = |one: &str, other: &str| !one.is_empty() && one == other;
        let earlier = Earlier {
            id: found.appeal.case.id,
            number: found.appeal.case.number,
            state: found.appeal.state,
            same_appellant: same(&own.telephone, &other.telephone)
                || same(&own.identity_number, &other.identity_number),
        };
        self.finish(tx, record, version, by, command(earlier)).await
    }

    /// Joins the appeal `id` to the open appeal `into`.
    ///
    /// # Errors
    /// As [`Intake::act`].
    pub async fn merge(&self, id: Uuid, version: i64, by: &By, into: Uuid) -> Result<Seen, Fault> {
        let mut tx = self.bus.begin().await?;
        let records = store::lock(tx.sql(), &[id, into]).await?;
        let find = |wanted: Uuid, field: &str| {
            let found = records.iter().find(|record| record.appeal.case.id == wanted);
            found.cloned().ok_or_else(|| not_found(field))
        };
        let (record, main) = (find(id, "appeal_id")?, find(into, "into_appeal_id")?.appeal);
        let target = MergeTarget {
            id: into,
            number: main.case.number,
            state: main.state,
        };
        self.finish(tx, record, version, by, Command::Merge(target)).await
    }

    pub(super) async fn finish(
        &self,
        mut tx: Tx,
        record: Record,
        version: i64,
        by: &By,
        command: Command,
    ) -> Result<Seen, Fault> {
        if version != 0 && version != record.appeal.version {
            let detail = format!("version {}", record.appeal.version);
            return Err(Refusal::new(&refusals::STALE)
                .field("version")
                .detail(detail)
                .into());
        }
        let opened = self.open(&record)?;
        let command = concealed(command, (&opened).into());
        let rules = Rules::from(self.policy_of(&record.appeal.case));
        let event = decide(&record.appeal, command, &by.authority, &rules)?;
        let appeal = evolve(record.appeal, &event);
        let line = tell(&mut tx, &self.book, &appeal.case, &event, &by.actor)?;
        let now = tx.now();
        store::save(tx.sql(), &appeal, &line, now).await?;
        tx.commit().await?;
        Ok(self.seen(appeal, seal::masked(&opened)))
    }

    /// Records that the appellant presses; the same request again changes nothing. One whose appeal was joined to
    /// another presses for that one.
    ///
    /// # Errors
    /// An appeal that is not there or not open; a key that was used for something else.
    pub async fn urge(&self, urging: &Urging, by: &By) -> Result<Seen, Fault> {
        let mut tx = self.bus.begin().await?;
        let mut record = lock_one(&mut tx, urging.appeal_id).await?;
        if let State::Merged { into, .. } = record.appeal.state {
            record = lock_one(&mut tx, into).await?;
        }
        let id = record.appeal.case.id;
        if let Some((appeal_id, digest)) = store::urge_of_key(tx.sql(), &urging.request_key).await? {
            let same = seal::is_digest(&self.vault, &digest, DIGEST_KIND, &urging.request);
            return if same && appeal_id == id {
                self.see(record)
            } else {
                Err(key_reused())
            };
        }
        let opened = self.open(&record)?;
        let urge = Urge {
            id: tx.new_id(),
            appeal_id: id,
            request_key: urging.request_key.clone(),
            request_digest: seal::digest(&self.vault, DIGEST_KIND, &urging.request),
            note: seal::conceal(&urging.note, (&opened).into()).0,
            actor: by.actor.clone(),
        };
        let now = tx.now();
        if !store::insert_urge(tx.sql(), &urge, now).await? {
            // Used for another appeal in the same moment; for this one the lock would have shown it.
            return Err(key_reused());
        }
        let command = Command::Urge {
            urge_id: urge.id,
            note: urge.note,
        };
        self.finish(tx, record, 0, by, command).await
    }
}

pub(super) async fn lock_one(tx: &mut Tx, id: Uuid) -> Result<Record, Fault> {
    let mut records = store::lock(tx.sql(), &[id]).await?;
    Ok(records.pop().ok_or_else(|| not_found("appeal_id"))?)
}

pub(super) fn key_reused() -> Fault {
    Refusal::new(&refusals::KEY_REUSED)
        .field("idempotency_key")
        .into()
}

/// The command with personal data concealed. What the desk tells the appellant keeps the telephones of offices;
/// what the appellant said keeps none.
fn concealed(command: Command, own: Particulars<'_>) -> Command {
    let desk = |text: String| seal::conceal_own(&text, own);
    let said = |text: String| seal::conceal(&text, own).0;
    match command {
        Command::Reject {
            code,
            explanation,
            guidance,
            earlier,
        } => Command::Reject {
            code,
            explanation: desk(explanation),
            guidance: desk(guidance),
            earlier,
        },
        Command::Refer { question } => Command::Refer {
            question: said(question),
        },
        Command::Submit { question } => Command::Submit {
            question: said(question),
        },
        Command::Answer {
            answer,
            basis,
            reference,
        } => Command::Answer {
            answer: desk(answer),
            basis,
            reference: desk(reference),
        },
        Command::Transfer { target, note, way } => Command::Transfer {
            target,
            note: said(note),
            way,
        },
        Command::Withdraw { reason } => Command::Withdraw { reason: said(reason) },
        Command::Urge { urge_id, note } => Command::Urge {
            urge_id,
            note: said(note),
        },
        Command::Supplement { supplement_id, text } => Command::Supplement {
            supplement_id,
            text: said(text),
        },
        Command::Accept | Command::Merge(_) | Command::Unmerge => command,
    }
}
