//! The list of callers who harass the hotline: proposed, decided by a second person, shown at registration.

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::{CallerControl, Refusal};
use uuid::Uuid;

use super::tell::out;
use super::{By, Intake, not_found};
use crate::contract;
use crate::domain::{Mark, MarkState, Verdict, decide_mark, refusals};
use crate::seal;
use crate::store::{self, Name};

/// A proposal to mark a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    /// Appeal whose caller it is.
    pub appeal_id: Uuid,
    /// What was done.
    pub evidence: String,
    /// Recordings and orders that prove it.
    pub references: Vec<String>,
}

impl Intake {
    fn caller_control(&self) -> Result<&CallerControl, Refusal> {
        let rule = self.policy_now().intake().caller_control.as_ref();
        rule.ok_or_else(|| Refusal::new(&refusals::NO_CALLER_CONTROL))
    }

    /// Proposes a mark.
    ///
    /// # Errors
    /// No caller control in the policy, no such appeal, no telephone on it.
    pub async fn mark_caller(&self, marking: Marking, by: &By) -> Result<Mark, Fault> {
        self.caller_control()?;
        let mut tx = self.bus.begin().await?;
        let id = marking.appeal_id;
        let found = store::find(&mut *tx.sql(), Name::Id(id)).await?;
        let record = found.ok_or_else(|| not_found("appeal_id"))?;
        let opened = self.open(&record)?;
        if opened.telephone.is_empty() {
            return Err(Refusal::new(&refusals::MARK_TELEPHONE).field("appeal_id").into());
        }
        let concealed = |text: &String| seal::conceal(text, (&opened).into()).0;
        let mark = Mark {
            id: tx.new_id(),
            appeal_id: id,
            number: record.appeal.case.number,
            state: MarkState::Proposed,
            evidence: concealed(&marking.evidence),
            references: marking.references,
            marked_by: by.actor.clone(),
            marked_at: tx.now(),
            reviewed_by: String::new(),
            review_note: String::new(),
            expires_at: None,
        };
        store::insert_mark(tx.sql(), &mark).await?;
        let line = out(&mut tx, &self.book, id, &contract::caller_marked(&mark))?;
        store::insert_lines(tx.sql(), &[(id, line, mark.marked_at)]).await?;
        tx.commit().await?;
        Ok(mark)
    }

    /// Confirms, refuses or lifts a mark.
    ///
    /// # Errors
    /// No such mark; whatever `decide_mark` refuses.
    pub async fn decide_mark(
        &self,
        id: Uuid,
        verdict: Verdict,
        note: String,
        by: &By,
    ) -> Result<Mark, Fault> {
        let rule = self.caller_control()?;
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        let mark = store::lock_mark(tx.sql(), id).await?;
        let mark = mark.ok_or_else(|| Refusal::new(&refusals::MARK_NOT_FOUND).field("mark_id"))?;
        let who = (by.actor.as_str(), &by.authority);
        let mark = decide_mark(mark, verdict, who, note, (rule, now))?;
        store::save_mark(tx.sql(), &mark).await?;
        let line = out(
            &mut tx,
            &self.book,
            mark.appeal_id,
            &contract::mark_decided(&mark),
        )?;
        store::insert_lines(tx.sql(), &[(mark.appeal_id, line, now)]).await?;
        tx.commit().await?;
        Ok(mark)
    }

    /// The newest marks, of `state` where one is given.
    ///
    /// # Errors
    /// The database.
    pub async fn marks(&self, state: Option<MarkState>) -> Result<Vec<Mark>, Fault> {
        let all = store::marks(self.bus.pool()).await?;
        Ok(of_state(all, state, self.bus.now()))
    }

    /// The confirmed mark of a telephone.
    pub(super) async fn caller_mark_of(&self, telephone: &str) -> Result<Option<Mark>, Fault> {
        let indexes = self.telephone_indexes(telephone);
        Ok(store::mark_of_telephone(self.bus.pool(), &indexes, self.bus.now()).await?)
    }
}

/// The marks that stand so at `now`.
fn of_state(mut marks: Vec<Mark>, state: Option<MarkState>, now: DateTime<Utc>) -> Vec<Mark> {
    if let Some(state) = state {
        marks.retain(|mark| mark.state_at(now) == state);
    }
    marks
}
