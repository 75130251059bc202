//! What the register hears of others: each event becomes a line, some move the appeal.

use std::sync::Arc;
use std::time::Duration;

use hotline_bus::{Fault, Handle, Handlers, Settle, Tx};
use hotline_proto::sla::v1::ClocksChanged;

use crate::ops::Intake;
use crate::told::{Heard, Tells, appeal_of, hear_all};

impl<E: Heard> Handle<E> for Intake {
    async fn handle(&self, event: E, tx: &mut Tx) -> Result<(), Fault> {
        let nameless = || Fault::poison(format!("{} names no appeal", E::full_name()));
        self.hear(event.appeal().ok_or_else(nameless)?, event.told(), tx);
        Ok(())
    }
}

impl Handle<ClocksChanged> for Intake {
    async fn handle(&self, event: ClocksChanged, tx: &mut Tx) -> Result<(), Fault> {
        let nameless = || Fault::poison("ClocksChanged names no appeal");
        let appeal = appeal_of(event.facts.as_ref()).ok_or_else(nameless)?;
        let stopped = event.stopped.iter().map(Tells::told);
        let moved = event.moved.iter().map(Tells::told);
        let armed = event.armed.iter().map(Tells::told);
        let marked = event.marked.iter().map(Tells::told);
        for told in stopped.chain(moved).chain(armed).chain(marked) {
            self.hear(appeal, told, tx);
        }
        Ok(())
    }
}

impl Settle for Intake {
    async fn settle(&self, tx: &mut Tx) -> Result<(), Fault> {
        self.write_heard(tx).await
    }
}

/// What was heard is written on timelines, which people read.
const PACE: Duration = Duration::from_millis(25);

/// Everything that the register hears.
pub(crate) fn handlers(intake: Arc<Intake>) -> Handlers<Intake> {
    hear_all(Handlers::new(intake).settling()).paced(PACE)
}
