//! What routing hears: the register's decisions, the second send's arrival, what the call-back found, and new calendars.

use hotline_bus::{Fault, Handle, Settle, Tx};
use hotline_proto::callback::v1::{BadAnswerJudged, CallbackCompleted, CallbackUnreached, Verdict as Told};
use hotline_proto::common::v1::OrderFacts;
use hotline_proto::enterprise::v1::EnterpriseLegReceived;
use hotline_proto::intake::v1::{
    AppealAccepted, AppealMerged, AppealSupplemented, AppealUrged, AppealWithdrawn,
};
use hotline_proto::sla::v1::CalendarImported;
use uuid::Uuid;

use crate::contract::{instant, read_facts, read_subject};
use crate::domain::{Heard, LegId, OrderId, Outcome, Verdict};
use crate::ops::Routing;

impl Settle for Routing {
    async fn settle(&self, tx: &mut Tx) -> Result<(), Fault> {
        self.write_heard(tx).await
    }
}

impl Handle<AppealAccepted> for Routing {
    async fn handle(&self, event: AppealAccepted, tx: &mut Tx) -> Result<(), Fault> {
        let (id, facts) = order_of(event.facts)?;
        let facts =
            read_facts(&facts).ok_or_else(|| Fault::poison("an accepted appeal has no type or channel"))?;
        let subject = read_subject(event.title, event.content, event.enterprise, event.confidential);
        self.open(tx, id, facts, subject);
        Ok(())
    }
}

impl Handle<AppealWithdrawn> for Routing {
    async fn handle(&self, event: AppealWithdrawn, tx: &mut Tx) -> Result<(), Fault> {
        let (id, _) = order_of(event.facts)?;
        self.hear(tx, id, &Heard::Withdrawn { reason: event.reason }, &event.actor)
            .await
    }
}

impl Handle<AppealMerged> for Routing {
    async fn handle(&self, event: AppealMerged, tx: &mut Tx) -> Result<(), Fault> {
        let (id, _) = order_of(event.facts)?;
        let reason = format!("并入 {} / joined to it", event.into_number);
        self.hear(tx, id, &Heard::Withdrawn { reason }, &event.actor)
            .await
    }
}

impl Handle<AppealUrged> for Routing {
    async fn handle(&self, event: AppealUrged, tx: &mut Tx) -> Result<(), Fault> {
        let (id, _) = order_of(event.facts)?;
        self.hear(
            tx,
            id,
            &Heard::Urged {
                count: event.count.unsigned_abs(),
            },
            &event.actor,
        )
        .await
    }
}

impl Handle<AppealSupplemented> for Routing {
    async fn handle(&self, event: AppealSupplemented, tx: &mut Tx) -> Result<(), Fault> {
        let (id, _) = order_of(event.facts)?;
        self.hear(tx, id, &Heard::Supplemented { text: event.text }, &event.actor)
            .await
    }
}

impl Handle<EnterpriseLegReceived> for Routing {
    async fn handle(&self, event: EnterpriseLegReceived, tx: &mut Tx) -> Result<(), Fault> {
        let (id, _) = order_of(event.facts)?;
        let leg = event
            .leg
            .ok_or_else(|| Fault::poison("the receipt names no leg"))?;
        let leg = LegId(parse(&leg.leg_id)?);
        self.hear(tx, id, &Heard::EnterpriseReceived { leg }, "enterprise")
            .await
    }
}

impl Handle<CallbackCompleted> for Routing {
    async fn handle(&self, event: CallbackCompleted, tx: &mut Tx) -> Result<(), Fault> {
        let (id, facts) = order_of(event.facts)?;
        let round = round_of(&facts);
        let heard = if event.bad {
            Heard::AnsweredBadly { round }
        } else {
            Heard::AnsweredWell { round }
        };
        self.hear(tx, id, &heard, &event.actor).await
    }
}

impl Handle<CallbackUnreached> for Routing {
    async fn handle(&self, event: CallbackUnreached, tx: &mut Tx) -> Result<(), Fault> {
        let (id, facts) = order_of(event.facts)?;
        let satisfied = event.counts_as == "satisfied";
        let outcome = if satisfied {
            Outcome::Satisfied
        } else {
            Outcome::Unreached
        };
        self.hear(
            tx,
            id,
            &Heard::Unreached {
                round: round_of(&facts),
                outcome,
            },
            "callback",
        )
        .await
    }
}

impl Handle<BadAnswerJudged> for Routing {
    async fn handle(&self, event: BadAnswerJudged, tx: &mut Tx) -> Result<(), Fault> {
        let fix_by = event.fix_by.as_ref().and_then(instant);
        let verdict = match event.verdict() {
            Told::Unspecified => return Err(Fault::poison("a judgement without a verdict")),
            Told::Redo => Verdict::Redo,
            Told::Excluded => Verdict::Excluded,
            Told::Escalate => Verdict::Escalate,
            Told::Compliant | Told::Fix => {
                let (id, facts) = order_of(event.facts)?;
                let heard = Heard::Verified {
                    round: round_of(&facts),
                    fix_by,
                    reason: event.reason,
                };
                return self.hear(tx, id, &heard, &event.actor).await;
            }
        };
        let (id, facts) = order_of(event.facts)?;
        let heard = Heard::Judged {
            round: round_of(&facts),
            verdict,
            reason: event.reason,
        };
        self.hear(tx, id, &heard, &event.actor).await
    }
}

impl Handle<CalendarImported> for Routing {
    async fn handle(&self, event: CalendarImported, tx: &mut Tx) -> Result<(), Fault> {
        self.keep_year(tx, event.version, event.year, &event.toml).await
    }
}

fn order_of(facts: Option<OrderFacts>) -> Result<(OrderId, OrderFacts), Fault> {
    let facts = facts.ok_or_else(|| Fault::poison("an event without facts"))?;
    Ok((OrderId(parse(&facts.order_id)?), facts))
}

fn round_of(facts: &OrderFacts) -> u32 {
    facts.round.unsigned_abs()
}

fn parse(id: &str) -> Result<Uuid, Fault> {
    Uuid::parse_str(id).map_err(|_| Fault::poison(format!("{id:?} is no identifier")))
}
