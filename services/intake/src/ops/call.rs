//! Calls at seats: reported by the exchange, opened by their agent, registered from.

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Tx};
use hotline_policy::Refusal;
use hotline_vault::{Field, mask};
use uuid::Uuid;

use super::{Intake, unopened};
use crate::contract;
use crate::domain::{Call, CallReport, refusals};
use crate::seal;
use crate::store::{self, SealedCall, TakenSeat};
use crate::told::Tells;

/// What the reference of a caller is made under.
const CALLER_KIND: &str = "caller";
/// Bytes of that reference: enough to tell a city's callers apart.
const REFERENCE_BYTES: usize = 16;

/// What an exchange reports.
#[derive(Clone, PartialEq, Eq)]
pub struct Reported {
    /// Adapter and the exchange's reference.
    pub name: (String, String),
    /// What happened.
    pub report: CallReport,
    /// Seat.
    pub seat: String,
    /// Agent; whoever sits at the seat when empty.
    pub agent: String,
    /// Number of the caller in its normal form; empty when withheld.
    pub telephone: String,
    /// Hotline number that was dialled.
    pub line: String,
    /// When it happened; now when not told.
    pub at: Option<DateTime<Utc>>,
}

/// A call as its agent sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenCall {
    /// The call.
    pub call: Call,
    /// Number in clear; empty for whoever may not see it.
    pub telephone: String,
    /// Appeals that were registered from it: identifier and number.
    pub appeals: Vec<(Uuid, String)>,
}

impl Intake {
    /// Takes in a report; gives the call, and whether the report was news.
    ///
    /// # Errors
    /// The database.
    pub async fn report_call(&self, reported: Reported) -> Result<(Call, bool), Fault> {
        let mut tx = self.bus.begin().await?;
        let at = reported.at.unwrap_or_else(|| tx.now()).min(tx.now());
        let name = (reported.name.0.as_str(), reported.name.1.as_str());
        let mut is_new = false;
        if store::lock_call(tx.sql(), name).await?.is_none() {
            let new = self.new_call(&mut tx, &reported, at).await?;
            is_new = store::insert_call(tx.sql(), name, &new).await?;
            if is_new {
                tx.publish(new.call.id, &contract::ringing(&new.call));
            }
        }
        let lost = || Fault::retry("a call that was there is gone");
        let mut call = store::lock_call(tx.sql(), name).await?.ok_or_else(lost)?.call;
        let is_ringing = reported.report == CallReport::Ringing;
        if call.take(reported.report.clone(), at) {
            store::save_call(tx.sql(), &call).await?;
            self.tell_call(&mut tx, &call, &reported.report, at).await?;
            is_new = true;
        } else if !is_ringing {
            is_new = false;
        }
        tx.commit().await?;
        Ok((call, is_new))
    }

    /// A call that nobody knows yet, with its agent; it rings now, whatever was reported first.
    async fn new_call(
        &self,
        tx: &mut Tx,
        reported: &Reported,
        at: DateTime<Utc>,
    ) -> Result<SealedCall, Fault> {
        let agent = if reported.agent.is_empty() {
            store::agent_at(tx.sql(), &reported.seat)
                .await?
                .unwrap_or_default()
        } else {
            reported.agent.clone()
        };
        let (id, number) = (tx.new_id(), reported.telephone.as_str());
        let known = !number.is_empty();
        let sealed = || {
            self.vault
                .seal(Field::Telephone, id.as_bytes(), number)
                .into_bytes()
        };
        let call = Call {
            id,
            seat: reported.seat.clone(),
            agent,
            line: reported.line.clone(),
            masked_number: if known {
                mask::telephone(number)
            } else {
                String::new()
            },
            caller_reference: if known {
                self.caller_reference(number)
            } else {
                String::new()
            },
            rang_at: at,
            answered_at: None,
            ended_at: None,
            recording: None,
            shown_at: None,
        };
        Ok(SealedCall {
            call,
            telephone: known.then(sealed),
        })
    }

    /// The same for every call of a number, and nothing that the blind index of an appellant could be found by.
    fn caller_reference(&self, number: &str) -> String {
        let digest = seal::digest(&self.vault, CALLER_KIND, number.as_bytes());
        let bytes = digest.iter().take(REFERENCE_BYTES);
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }

    async fn tell_call(
        &self,
        tx: &mut Tx,
        call: &Call,
        report: &CallReport,
        at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        match report {
            CallReport::Ringing => {}
            CallReport::Answered => tx.publish(call.id, &contract::call_answered(call, at)),
            CallReport::Ended => tx.publish(call.id, &contract::call_ended(call, at)),
            CallReport::RecordingReady(recording) => {
                let event = contract::recording_ready(call, recording);
                tx.publish(call.id, &event);
                let now = tx.now();
                let appeals = store::appeals_of_call(&mut *tx.sql(), call.id).await?;
                let line = self.book.line(event.told());
                let lines: Vec<_> = appeals
                    .iter()
                    .filter_map(|(appeal, _)| Some((*appeal, line.clone()?, now)))
                    .collect();
                if !lines.is_empty() {
                    store::insert_lines(tx.sql(), &lines).await?;
                }
            }
        }
        Ok(())
    }

    /// The call as `actor` may see it: in clear for its own agent, masked for an `overseer`, not there for others.
    ///
    /// # Errors
    /// `call.not_found`.
    pub async fn open_call(&self, id: Uuid, actor: &str, overseer: bool) -> Result<SeenCall, Fault> {
        let found = store::call(self.bus.pool(), id).await?;
        let sealed = found.filter(|sealed| overseer || sealed.call.is_of(actor));
        let sealed = sealed.ok_or_else(|| no_call("call_id"))?;
        let mut telephone = String::new();
        if sealed.call.is_clear_for(actor, self.bus.now()) {
            telephone = self.number_of(&sealed)?;
            if sealed.call.shown_at.is_none() && !telephone.is_empty() {
                self.note_shown(id, actor).await?;
            }
        }
        Ok(SeenCall {
            appeals: store::appeals_of_call(self.bus.pool(), id).await?,
            call: sealed.call,
            telephone,
        })
    }

    /// The number that an appeal of `actor` registered from this call has.
    ///
    /// # Errors
    /// `call.not_found` for a call that is not the actor's, or not any more.
    pub(crate) async fn number_for_appeal(&self, id: Uuid, actor: &str) -> Result<String, Fault> {
        let found = store::call(self.bus.pool(), id).await?;
        let sealed = found.filter(|sealed| sealed.call.is_clear_for(actor, self.bus.now()));
        self.number_of(&sealed.ok_or_else(|| no_call("call_id"))?)
    }

    /// Recorded before it is shown, once a call: its agent hears the caller anyway.
    async fn note_shown(&self, id: Uuid, actor: &str) -> Result<(), Fault> {
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        if store::note_shown(tx.sql(), id, now).await? {
            tx.publish(id, &contract::caller_shown(id, actor));
        }
        tx.commit().await
    }

    fn number_of(&self, sealed: &SealedCall) -> Result<String, Fault> {
        let Some(telephone) = &sealed.telephone else {
            return Ok(String::new());
        };
        let row = sealed.call.id;
        let opened = self
            .vault
            .open_sealed(Field::Telephone, row.as_bytes(), telephone)
            .map_err(|error| unopened(&error))?;
        Ok(opened.expose().to_owned())
    }

    /// The newest calls of `actor`.
    ///
    /// # Errors
    /// The database.
    pub async fn calls_of(&self, actor: &str) -> Result<Vec<Call>, Fault> {
        Ok(store::calls_of(self.bus.pool(), actor).await?)
    }

    /// Puts `actor` at a seat; gives who sat there.
    ///
    /// # Errors
    /// The database.
    pub async fn take_seat(&self, seat: &str, actor: &str) -> Result<String, Fault> {
        let mut tx = self.bus.begin().await?;
        let now = tx.now();
        let left = store::take_seat(tx.sql(), seat, actor, now).await?;
        tx.commit().await?;
        Ok(left.filter(|left| left != actor).unwrap_or_default())
    }

    /// Takes `actor` from the seat; gives its number.
    ///
    /// # Errors
    /// The database.
    pub async fn leave_seat(&self, actor: &str) -> Result<String, Fault> {
        let left = store::leave_seat(self.bus.pool(), actor).await?;
        Ok(left.unwrap_or_default())
    }

    /// Who sits where.
    ///
    /// # Errors
    /// The database.
    pub async fn seats(&self) -> Result<Vec<TakenSeat>, Fault> {
        Ok(store::seats(self.bus.pool()).await?)
    }
}

/// There is no such call, or not for this caller: the answer does not tell which.
pub fn no_call(field: &str) -> Refusal {
    Refusal::new(&refusals::NO_CALL).field(field)
}
