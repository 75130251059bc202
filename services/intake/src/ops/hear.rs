//! What others did: a line on the timeline, and the appeal moves where its order did.

use hotline_bus::{Fault, Tx};
use uuid::Uuid;

use super::Intake;
use crate::domain::follow;
use crate::store;
use crate::told::Told;

impl Intake {
    /// Writes the line of an event about the appeal `id` and moves the appeal if the event does.
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
                store::save_state(tx.sql(), id, &next, &line, at).await?;
                return Ok(());
            }
        }
        store::insert_line(tx.sql(), id, &line, at).await?;
        Ok(())
    }
}
