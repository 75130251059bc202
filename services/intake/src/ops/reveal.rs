//! Shows personal data in clear; the reason is recorded first.

use hotline_bus::Fault;
use hotline_policy::Refusal;
use uuid::Uuid;

use super::tell::out;
use super::{By, Intake, not_found};
use crate::contract;
use crate::domain::{Case, Secrecy, refusals};
use crate::seal::{self, Opened};
use crate::store;

/// An appellant in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revealed {
    /// The case.
    pub case: Case,
    /// Who appealed.
    pub person: Opened,
}

impl Intake {
    /// The appellant of the appeal `id` in clear, after the disclosure is recorded, told and committed.
    ///
    /// # Errors
    /// `appeal.not_found`; `appellant.report_secret` for a report, unless the caller is cleared for it.
    pub async fn reveal(&self, id: Uuid, reason: &str, by: &By, cleared: bool) -> Result<Revealed, Fault> {
        let mut tx = self.bus.begin().await?;
        let found = store::find(&mut *tx.sql(), store::Name::Id(id)).await?;
        let record = found.ok_or_else(|| not_found("appeal_id"))?;
        if record.appeal.case.secrecy() == Secrecy::Report && !cleared {
            return Err(Refusal::new(&refusals::REPORT_SECRET).into());
        }
        let person = self.open(&record)?;
        let (reason, _) = seal::conceal(reason, (&person).into());
        tx.because(&reason);
        let line = out(
            &mut tx,
            &self.book,
            id,
            &contract::revealed(id, &by.actor, &reason),
        )?;
        let (now, reveal_id) = (tx.now(), tx.new_id());
        store::insert_reveal(tx.sql(), reveal_id, id, &by.actor, &reason, now).await?;
        store::insert_lines(tx.sql(), &[(id, line, now)]).await?;
        tx.commit().await?;
        Ok(Revealed {
            case: record.appeal.case,
            person,
        })
    }
}
