//! What others did: a line on the timeline, and the appeal moves where its order did.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use hotline_bus::{Fault, Tx};
use uuid::Uuid;

use super::Intake;
use crate::domain::{Holding, Line, Progress, State, follow};
use crate::store;
use crate::told::Told;

/// What one transaction heard, until [`Intake::write_heard`].
#[derive(Default)]
struct Heard {
    lines: Vec<(Uuid, Line, DateTime<Utc>)>,
    /// In the order in which it was told.
    progress: Vec<(Uuid, Progress)>,
    holdings: Vec<Holding>,
}

impl Intake {
    /// Keeps the line of an event about the appeal `id`, that the appeal moves if the event moves it, and which unit holds it.
    pub fn hear(&self, id: Uuid, told: Told<'_>, tx: &mut Tx) {
        let Some(line) = self.book.line(told) else {
            return;
        };
        let at = tx.event().map_or_else(|| tx.now(), |event| event.occurred_at);
        let heard = tx.keep::<Heard>();
        heard
            .progress
            .extend(told.progress().map(|progress| (id, progress)));
        heard.holdings.extend(told.holding());
        heard.lines.push((id, line, at));
    }

    /// Writes the lines of all that the transaction heard, in their order, and moves the appeals.
    ///
    /// An event that comes after the appeal moved on, or once more, moves nothing.
    ///
    /// # Errors
    /// The database.
    pub async fn write_heard(&self, tx: &mut Tx) -> Result<(), Fault> {
        let Heard {
            lines,
            progress,
            holdings,
        } = std::mem::take(tx.keep());
        if !progress.is_empty() {
            let ids: Vec<Uuid> = progress.iter().map(|(id, _)| *id).collect();
            let standing = store::lock_standings(tx.sql(), &ids).await?;
            let moved = moved(standing, &progress);
            store::save_states(tx.sql(), &moved).await?;
        }
        store::save_holdings(tx.sql(), &holdings).await?;
        if !lines.is_empty() {
            store::insert_lines(tx.sql(), &lines).await?;
        }
        Ok(())
    }
}

/// The appeals that moved, each with where it stands in the end and by how many steps it came there.
fn moved(mut standing: HashMap<Uuid, State>, progress: &[(Uuid, Progress)]) -> Vec<(Uuid, State, i64)> {
    let mut steps: BTreeMap<Uuid, i64> = BTreeMap::new();
    for (id, progress) in progress {
        if let Some(state) = standing.get_mut(id)
            && let Some(next) = follow(state, *progress)
        {
            *state = next;
            *steps.entry(*id).or_default() += 1;
        }
    }
    let last = steps.into_iter();
    last.filter_map(|(id, steps)| standing.remove(&id).map(|state| (id, state, steps)))
        .collect()
}
