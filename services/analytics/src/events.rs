//! What analytics hears: everything.

use std::sync::Arc;
use std::time::Duration;

use hotline_bus::{Fault, HandleAny, Handlers, Settle, Tx};

use crate::{contract, ops};

/// Hears for the figures.
pub struct Ear;

/// Totals are looked at by people: a tenth of a second is soon enough.
const PACE: Duration = Duration::from_millis(100);

/// The table of what is heard: every event, whoever tells it.
pub fn handlers() -> Handlers<Ear> {
    Handlers::new(Arc::new(Ear)).on_any().settling().paced(PACE)
}

impl HandleAny for Ear {
    async fn handle_any(&self, type_name: &str, payload: &[u8], tx: &mut Tx) -> Result<(), Fault> {
        let event = tx
            .event()
            .ok_or_else(|| Fault::poison("what is counted is an event of the bus"))?;
        let (partition, at) = (event.partition, event.occurred_at);
        for happening in contract::read(type_name, payload)? {
            ops::count(tx, partition, at, happening).await?;
        }
        Ok(())
    }
}

impl Settle for Ear {
    async fn settle(&self, tx: &mut Tx) -> Result<(), Fault> {
        ops::write(tx).await
    }
}
