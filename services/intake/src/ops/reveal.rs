//! Shows personal data in clear; the reason is recorded first.

use chrono::TimeDelta;
use hotline_bus::{Fault, Tx};
use hotline_policy::Refusal;
use uuid::Uuid;

use super::tell::out;
use super::{By, Intake, not_found};
use crate::contract;
use crate::domain::{Asker, Case, may_be_shown, refusals};
use crate::seal::{self, Opened};
use crate::store;

/// The window in which disclosures to one person are counted.
const WINDOW: TimeDelta = TimeDelta::hours(1);

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
    /// `appeal.not_found`, also for a unit without a leg; as [`may_be_shown`]; `appellant.reveal_limit`.
    pub async fn reveal(&self, id: Uuid, reason: &str, by: &By, asker: &Asker) -> Result<Revealed, Fault> {
        let mut tx = self.bus.begin().await?;
        let found = store::find(&mut *tx.sql(), store::Name::Id(id)).await?;
        let record = found.ok_or_else(|| not_found("appeal_id"))?;
        let holds = match asker {
            Asker::Unit(unit) => store::holds(tx.sql(), id, unit).await?,
            Asker::Installation | Asker::Platform { .. } => false,
        };
        may_be_shown(&record.appeal, asker, holds)?;
        self.count(&mut tx, asker, &by.actor).await?;
        let mut person = self.open(&record)?;
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
        if asker.without_identity() {
            person.identity_number.clear();
        }
        Ok(Revealed {
            case: record.appeal.case,
            person,
        })
    }

    /// Counts a disclosure to a person; undone with the transaction where it is refused.
    async fn count(&self, tx: &mut Tx, asker: &Asker, actor: &str) -> Result<(), Fault> {
        let now = tx.now();
        if asker.is_counted() && store::count_reveal(tx.sql(), actor, now, WINDOW).await? > self.reveals_max {
            return Err(Refusal::new(&refusals::REVEAL_LIMIT).into());
        }
        Ok(())
    }
}
