//! What others did: a line on the timeline, and the appeal moves where its order did.

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Tx};
use uuid::Uuid;

use super::Intake;
use crate::domain::{Line, follow};
use crate::store;
use crate::told::Told;

/// Lines of one transaction, until [`Intake::write_heard`].
#[derive(Default)]
struct Lines(Vec<(Uuid, Line, DateTime<Utc>)>);

impl Intake {
    /// Keeps the line of an event about the appeal `id` and moves the appeal if the event does.
    ///
    /// An event that comes after the appeal moved on, or once more, moves nothing.
    ///
    /// # Errors
    /// The database.
    pub async fn hear(&self, id: Uuid, told: Told<'_>, tx: &mut Tx) -> Result<(), Fault> {
        let Some(line) = self.book.line(told) else {
            return Ok(());
        };
        let at = tx.event().map_or_else(|| tx.now(), |event| event.occurred_at);
        if let Some(progress) = told.progress() {
            let state = store::lock_standing(tx.sql(), id).await?;
            if let Some(next) = state.and_then(|state| follow(&state, progress)) {
                store::save_state(tx.sql(), id, &next).await?;
            }
        }
        tx.keep::<Lines>().0.push((id, line, at));
        Ok(())
    }

    /// Writes the lines of all that the transaction heard, in their order.
    ///
    /// # Errors
    /// The database.
    pub async fn write_heard(&self, tx: &mut Tx) -> Result<(), Fault> {
        let Lines(lines) = std::mem::take(tx.keep());
        if !lines.is_empty() {
            store::insert_lines(tx.sql(), &lines).await?;
        }
        Ok(())
    }
}
