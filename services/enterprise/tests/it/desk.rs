//! What the desk does: press, add, evaluate; and every bad request, which changes nothing.

use hotline_proto::common::v1::Satisfaction;
use hotline_proto::enterprise::v1::enterprise_service_server::EnterpriseService as _;
use hotline_proto::enterprise::v1::{
    DepartmentUrged, EnterpriseLegEvaluated, EnterpriseLegSupplemented, EvaluateLegRequest,
    GetEnterpriseLegRequest, GetEnterpriseTotalsRequest, SupplementLegRequest, UrgeDepartmentRequest,
};
use hotline_proto::routing::v1::{OrderClosed, OrderSettled};
use prost::Message;
use tonic::Code;
use uuid::Uuid;

use crate::support::{World, asked, facts, refused, world};

fn urge(order: Uuid, note: &str) -> UrgeDepartmentRequest {
    UrgeDepartmentRequest {
        order_id: order.to_string(),
        version: 0,
        note: note.to_owned(),
    }
}

fn supplement(order: Uuid, note: &str) -> SupplementLegRequest {
    SupplementLegRequest {
        order_id: order.to_string(),
        version: 0,
        note: note.to_owned(),
    }
}

fn evaluate(order: Uuid, satisfaction: Satisfaction, note: &str) -> EvaluateLegRequest {
    let satisfaction = satisfaction.into();
    EvaluateLegRequest {
        order_id: order.to_string(),
        version: 0,
        satisfaction,
        note: note.to_owned(),
    }
}

impl World {
    async fn settle(&self, order: Uuid) {
        self.hear(OrderSettled {
            facts: facts(order, 1),
            ..OrderSettled::default()
        })
        .await;
    }

    /// The last event that waits to be published.
    async fn last_told<E: Message + Default>(&self) -> E {
        let payload: Vec<u8> =
            sqlx::query_scalar("SELECT payload FROM outbox ORDER BY id DESC, place DESC LIMIT 1")
                .fetch_one(self.bus.pool())
                .await
                .expect("an event");
        E::decode(payload.as_slice()).expect("the event decodes")
    }
}

#[tokio::test]
async fn pressing_the_department_counts_and_is_told_with_numbers_masked() {
    let world = world().await;
    let order = world.received("u1").await;
    let request = asked(urge(order, " 请尽快联系13812345678 "));
    let leg = world
        .desk
        .urge_department(request)
        .await
        .expect("urges")
        .into_inner()
        .leg
        .expect("the leg");
    assert_eq!((leg.urge_count, leg.version), (1, 2));
    let event: DepartmentUrged = world.last_told().await;
    assert_eq!(
        (event.unit_id.as_str(), event.note.as_str()),
        ("u1", "请尽快联系138****5678")
    );
    assert_eq!(
        (event.actor.as_str(), event.facts, event.leg),
        ("clerk-1", leg.facts, leg.leg)
    );
    assert_eq!(world.told().await, ["EnterpriseLegReceived", "DepartmentUrged"]);
}

#[tokio::test]
async fn what_is_added_is_told_with_numbers_masked() {
    let world = world().await;
    let order = world.received("u1").await;
    world
        .desk
        .supplement_leg(asked(supplement(order, "另电0516-83712345")))
        .await
        .expect("supplements");
    let event: EnterpriseLegSupplemented = world.last_told().await;
    assert_eq!(event.note, "另电0516****2345");
    world
        .hear(OrderClosed {
            facts: facts(order, 1),
            ..OrderClosed::default()
        })
        .await;
    let late = world.desk.supplement_leg(asked(supplement(order, "补充"))).await;
    refused(late, Code::FailedPrecondition, "enterprise.ended", "");
}

#[tokio::test]
async fn a_settled_leg_is_evaluated_once() {
    let world = world().await;
    let order = world.received("u1").await;
    let early = world
        .desk
        .evaluate_leg(asked(evaluate(order, Satisfaction::Fair, "")))
        .await;
    refused(early, Code::FailedPrecondition, "enterprise.not_settled", "");
    world.settle(order).await;
    let wordless = world
        .desk
        .evaluate_leg(asked(evaluate(order, Satisfaction::VeryDissatisfied, " ")))
        .await;
    refused(
        wordless,
        Code::InvalidArgument,
        "enterprise.note_required",
        "note",
    );
    let request = asked(evaluate(order, Satisfaction::Dissatisfied, "答非所问"));
    let leg = world
        .desk
        .evaluate_leg(request)
        .await
        .expect("evaluates")
        .into_inner()
        .leg
        .expect("the leg");
    assert_eq!(leg.satisfaction(), Satisfaction::Dissatisfied);
    let event: EnterpriseLegEvaluated = world.last_told().await;
    assert_eq!(
        (event.satisfaction(), event.note.as_str()),
        (Satisfaction::Dissatisfied, "答非所问")
    );
    let again = world
        .desk
        .evaluate_leg(asked(evaluate(order, Satisfaction::Fair, "")))
        .await;
    refused(again, Code::FailedPrecondition, "enterprise.evaluated", "");
    let pressed = world.desk.urge_department(asked(urge(order, "请尽快"))).await;
    refused(pressed, Code::FailedPrecondition, "enterprise.not_open", "");
}

#[tokio::test]
async fn totals_count_each_leg_once() {
    let world = world().await;
    let (first, second) = (world.received("u1").await, world.received("u2").await);
    world.received("u3").await;
    for _ in 0..2 {
        world
            .desk
            .urge_department(asked(urge(first, "请尽快")))
            .await
            .expect("urges");
    }
    for order in [first, second] {
        world.settle(order).await;
    }
    world
        .desk
        .evaluate_leg(asked(evaluate(first, Satisfaction::Fair, "")))
        .await
        .expect("evaluates");
    world
        .hear(OrderClosed {
            facts: facts(first, 1),
            ..OrderClosed::default()
        })
        .await;
    let request = asked(GetEnterpriseTotalsRequest {});
    let totals = world
        .desk
        .get_enterprise_totals(request)
        .await
        .expect("counts")
        .into_inner();
    assert_eq!(
        (totals.received, totals.settled, totals.evaluated, totals.urges),
        (3, 2, 1, 2)
    );
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    let world = world().await;
    let order = world.received("u1").await;
    world
        .desk
        .urge_department(asked(urge(order, "请尽快")))
        .await
        .expect("urges");
    let stale = UrgeDepartmentRequest {
        version: 1,
        ..urge(order, "请尽快")
    };
    refused(
        world.desk.urge_department(asked(stale)).await,
        Code::Aborted,
        "enterprise.stale",
        "version",
    );
    let current = UrgeDepartmentRequest {
        version: 2,
        ..urge(order, "请尽快")
    };
    world.desk.urge_department(asked(current)).await.expect("urges");
}

#[tokio::test]
async fn two_clerks_at_once_both_count() {
    let world = world().await;
    let order = world.received("u1").await;
    let (one, two) = tokio::join!(
        world.desk.urge_department(asked(urge(order, "请尽快"))),
        world.desk.urge_department(asked(urge(order, "请尽快"))),
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(world.leg(order).await.urge_count, 2);
}

#[tokio::test]
async fn bad_input_is_refused_by_its_field_and_changes_nothing() {
    let world = world().await;
    let order = world.received("u1").await;
    let long = "长".repeat(2_001);
    for (note, id) in [
        ("", "enterprise.note_required"),
        (" \u{3000}\n", "enterprise.note_required"),
        (long.as_str(), "enterprise.note_too_long"),
        ("a\u{0}b", "enterprise.note_character"),
        ("a\u{202e}b", "enterprise.note_character"),
    ] {
        let urged = world.desk.urge_department(asked(urge(order, note))).await;
        refused(urged, Code::InvalidArgument, id, "note");
        let added = world.desk.supplement_leg(asked(supplement(order, note))).await;
        refused(added, Code::InvalidArgument, id, "note");
    }
    for satisfaction in [0, 6, -1] {
        let request = EvaluateLegRequest {
            satisfaction,
            ..evaluate(order, Satisfaction::Fair, "")
        };
        let outcome = world.desk.evaluate_leg(asked(request)).await;
        refused(
            outcome,
            Code::InvalidArgument,
            "enterprise.satisfaction",
            "satisfaction",
        );
    }
    let negative = UrgeDepartmentRequest {
        version: -1,
        ..urge(order, "请尽快")
    };
    let outcome = world.desk.urge_department(asked(negative)).await;
    refused(outcome, Code::InvalidArgument, "enterprise.version", "version");
    let nameless = UrgeDepartmentRequest {
        order_id: "7".to_owned(),
        ..urge(order, "请尽快")
    };
    let outcome = world.desk.urge_department(asked(nameless)).await;
    refused(outcome, Code::InvalidArgument, "enterprise.id", "order_id");
    let outcome = world
        .desk
        .urge_department(asked(urge(Uuid::from_u128(7), "请尽快")))
        .await;
    refused(outcome, Code::NotFound, "enterprise.not_found", "order_id");
    let request = asked(GetEnterpriseLegRequest {
        order_id: String::new(),
    });
    refused(
        world.desk.get_enterprise_leg(request).await,
        Code::InvalidArgument,
        "enterprise.id",
        "order_id",
    );
    assert_eq!(world.leg(order).await.version, 1);
    assert_eq!(world.told().await, ["EnterpriseLegReceived"]);
}
