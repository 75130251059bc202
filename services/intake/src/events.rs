//! What the register hears of others: each event becomes a line, some move the appeal.

use std::sync::Arc;

use hotline_bus::{Fault, Handle, Handlers, Tx};

use crate::ops::Intake;
use crate::told::{Heard, hear_all};

impl<E: Heard> Handle<E> for Intake {
    async fn handle(&self, event: E, tx: &mut Tx) -> Result<(), Fault> {
        let nameless = || Fault::poison(format!("{} names no appeal", E::full_name()));
        self.hear(event.appeal().ok_or_else(nameless)?, event.told(), tx)
            .await
    }
}

/// Everything that the register hears.
pub(crate) fn handlers(intake: Arc<Intake>) -> Handlers<Intake> {
    hear_all(Handlers::new(intake))
}
