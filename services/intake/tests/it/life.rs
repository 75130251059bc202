//! What others tell about an appeal: single events, and a whole life of them.

use hotline_bus::{Handle, Settle};
use hotline_intake::Intake;
use hotline_proto::common::v1::{LegFacts, LegKind, OrderFacts};
use hotline_proto::intake::v1::AppealState;
use hotline_proto::routing::v1 as routing;
use hotline_proto::{callback, enterprise, sla};

use crate::support::{House, morning};

pub const UNIT: &str = "xz-education";

pub fn facts(id: &str) -> Option<OrderFacts> {
    Some(OrderFacts {
        order_id: id.into(),
        round: 1,
        ..Default::default()
    })
}

pub fn leg(kind: LegKind) -> Option<LegFacts> {
    Some(LegFacts {
        leg_id: "l".into(),
        kind: kind.into(),
        unit_id: UNIT.into(),
        ..Default::default()
    })
}

pub fn clock(obligation: &str) -> Option<sla::v1::ClockFacts> {
    let due = prost_types::Timestamp {
        seconds: morning().timestamp() + 3600,
        nanos: 0,
    };
    Some(sla::v1::ClockFacts {
        obligation: obligation.into(),
        unit_id: UNIT.into(),
        due_at: Some(due),
        limit: "5 working days".into(),
        article: "12(3)".into(),
        ..Default::default()
    })
}

impl House {
    pub async fn hear<E>(&self, event: E)
    where
        Intake: Handle<E>,
    {
        let mut tx = self.bus.begin().await.expect("a transaction");
        self.intake.handle(event, &mut tx).await.expect("heard");
        self.intake.settle(&mut tx).await.expect("written");
        tx.commit().await.expect("committed");
    }

    pub async fn state(&self, id: &str) -> AppealState {
        self.get(id).await.state()
    }
}

/// Every event of others, once, in an order that could be a life.
pub async fn whole_life(h: &House, id: &str) {
    let f = || facts(id);
    let lead = || leg(LegKind::Lead);
    let actor = || "u-clerk".to_owned();
    h.hear(routing::OrderOpened { facts: f() }).await;
    h.hear(routing::OrderClaimed {
        facts: f(),
        actor: actor(),
    })
    .await;
    h.hear(routing::OrderReleased {
        facts: f(),
        actor: actor(),
    })
    .await;
    h.hear(routing::OrderDispatched {
        facts: f(),
        lead_unit_id: UNIT.into(),
        enterprise_leg: true,
        dispatch_count: 1,
        ..Default::default()
    })
    .await;
    h.hear(routing::DepartmentLegDispatched {
        facts: f(),
        leg: lead(),
        ..Default::default()
    })
    .await;
    h.hear(routing::EnterpriseLegDispatched {
        facts: f(),
        leg: leg(LegKind::Enterprise),
        ..Default::default()
    })
    .await;
    h.hear(routing::LegAcknowledged {
        facts: f(),
        leg: lead(),
        ..Default::default()
    })
    .await;
    let armed = |obligation| sla::v1::ClockArmed {
        clock: clock(obligation),
    };
    h.hear(sla::v1::ClocksChanged {
        facts: f(),
        armed: vec![armed("sign"), armed("answer")],
        ..Default::default()
    })
    .await;
    h.hear(routing::LegSigned {
        facts: f(),
        leg: lead(),
        ..Default::default()
    })
    .await;
    h.hear(routing::LegSigned {
        facts: f(),
        leg: leg(LegKind::CoHandle),
        ..Default::default()
    })
    .await;
    h.hear(routing::AppellantContacted {
        facts: f(),
        leg: lead(),
        note: "约定上门".into(),
        actor: actor(),
    })
    .await;
    h.hear(routing::ReturnRequested {
        facts: f(),
        leg: lead(),
        basis: "职责不符".into(),
        ..Default::default()
    })
    .await;
    h.hear(routing::ReturnDecided {
        facts: f(),
        leg: lead(),
        platform_late: true,
        article: "12(4)".into(),
        ..Default::default()
    })
    .await;
    h.hear(routing::ExtensionRequested {
        facts: f(),
        leg: lead(),
        amount: "2 working days".into(),
        ..Default::default()
    })
    .await;
    let granted = routing::ExtensionDecided {
        facts: f(),
        leg: lead(),
        granted: true,
        article: "12(4)".into(),
        ..Default::default()
    };
    h.hear(granted).await;
    let moved = vec![sla::v1::ClockMoved {
        clock: clock("answer"),
        reason: "calendar".into(),
        ..Default::default()
    }];
    h.hear(sla::v1::ClocksChanged {
        facts: f(),
        moved,
        ..Default::default()
    })
    .await;
    h.hear(sla::v1::ReminderDue {
        facts: f(),
        clock: clock("answer"),
        before: "2 working hours".into(),
    })
    .await;
    h.hear(sla::v1::ClockBreached {
        facts: f(),
        clock: clock("answer"),
        ..Default::default()
    })
    .await;
    h.hear(enterprise::v1::EnterpriseLegReceived {
        facts: f(),
        leg: leg(LegKind::Enterprise),
    })
    .await;
    h.hear(enterprise::v1::DepartmentUrged {
        facts: f(),
        unit_id: UNIT.into(),
        ..Default::default()
    })
    .await;
    h.hear(enterprise::v1::EnterpriseLegSupplemented {
        facts: f(),
        ..Default::default()
    })
    .await;
    h.hear(routing::LegReplied {
        facts: f(),
        leg: lead(),
        public_text: "初稿".into(),
        ..Default::default()
    })
    .await;
    h.hear(routing::ReplySentBack {
        facts: f(),
        leg: lead(),
        faults: vec!["not_concrete".into()],
        ..Default::default()
    })
    .await;
    h.hear(routing::ReplyApproved {
        facts: f(),
        leg: lead(),
        ..Default::default()
    })
    .await;
    let stopped = vec![sla::v1::ClockStopped {
        clock: clock("answer"),
        in_time: false,
        cancelled: false,
    }];
    h.hear(sla::v1::ClocksChanged {
        facts: f(),
        stopped,
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderSettled {
        facts: f(),
        lead_unit_id: UNIT.into(),
        public_text: "电梯已修好".into(),
    })
    .await;
    h.hear(callback::v1::CallbackScheduled {
        facts: f(),
        way: "telephone".into(),
        ..Default::default()
    })
    .await;
    h.hear(callback::v1::CallbackAttempted {
        facts: f(),
        attempt: 1,
        result: "busy".into(),
        ..Default::default()
    })
    .await;
    h.hear(callback::v1::CallbackCompleted {
        facts: f(),
        satisfaction: 4,
        bad: true,
        ..Default::default()
    })
    .await;
    h.hear(callback::v1::CallbackUnreached {
        facts: f(),
        attempts: 3,
        counts_as: "not_counted".into(),
        ..Default::default()
    })
    .await;
    h.hear(callback::v1::BadAnswerJudged {
        facts: f(),
        verdict: 2,
        exclusion: "no_room".into(),
        exclusion_name: "无办理空间".into(),
        exclusion_name_en: "no room for handling".into(),
        article: "14(7)".into(),
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderRedone {
        facts: f(),
        lead_unit_id: UNIT.into(),
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderEscalated {
        facts: f(),
        unit_id: UNIT.into(),
        ..Default::default()
    })
    .await;
    h.hear(enterprise::v1::EnterpriseLegEvaluated {
        facts: f(),
        satisfaction: 2,
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderClosed {
        facts: f(),
        outcome: "satisfied".into(),
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderArchived {
        facts: f(),
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderWithdrawn {
        facts: f(),
        ..Default::default()
    })
    .await;
}
