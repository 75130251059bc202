//! Two people at once: one wins, the other is told why not.

use std::collections::BTreeMap;

use futures::future::join_all;
use hotline_proto::routing::v1;
use hotline_proto::routing::v1::routing_service_server::RoutingService;
use hotline_runtime::Caller;
use hotline_runtime::testing::calling;

use crate::house::{HOUSING, asked, clerk, house, refusal};

const SIGN: &str = "/hotline.routing.v1.RoutingService/SignLeg";

#[tokio::test]
async fn of_two_who_sign_at_once_one_wins_and_the_other_is_refused() {
    let house = house().await;
    let id = house.sent(&["enterprise"]).await;
    let leg_id = house.leg(id, HOUSING).await;
    let request = || v1::SignLegRequest {
        order_id: id.to_string(),
        leg_id: leg_id.clone(),
        version: 0,
    };
    let caller = clerk(HOUSING);
    let (one, two) = tokio::join!(
        house.desk.sign_leg(asked(&caller, request())),
        house.desk.sign_leg(asked(&caller, request()))
    );
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert!(won.is_ok());
    assert_eq!(refusal(lost).0, "leg.state");
    let told = house.told(id).await;
    assert_eq!(told.iter().filter(|name| *name == "LegSigned").count(), 1);
}

#[tokio::test]
async fn of_many_who_claim_at_once_one_wins() {
    let house = house().await;
    let id = house.opened(&[]).await;
    let claims = (0..8).map(|number| {
        let caller = Caller::new(format!("d-{number}"), &["dispatcher"]);
        let request = asked(
            &caller,
            v1::ClaimOrderRequest {
                order_id: id.to_string(),
                version: 0,
            },
        );
        house.desk.claim_order(request)
    });
    let mut answers: BTreeMap<String, u32> = BTreeMap::new();
    for answer in join_all(claims).await {
        let code = if answer.is_ok() {
            "won".to_owned()
        } else {
            refusal(answer).0
        };
        *answers.entry(code).or_default() += 1;
    }
    assert_eq!(
        answers,
        BTreeMap::from([("won".to_owned(), 1), ("order.claimed".to_owned(), 7)])
    );
}

#[tokio::test]
async fn what_a_units_staff_ask_for_at_once_is_committed_together_and_nothing_of_others() {
    let house = house().await;
    let mut asked_for = Vec::new();
    for _ in 0..16 {
        let id = house.sent(&[]).await;
        asked_for.push(v1::SignLegRequest {
            order_id: id.to_string(),
            leg_id: house.leg(id, HOUSING).await,
            version: 0,
        });
    }
    let sign = async |unit: &str, request: &v1::SignLegRequest| {
        let caller = clerk(unit);
        let signed = house.desk.sign_leg(asked(&caller, request.clone()));
        calling(SIGN, caller, request, signed).await
    };
    let (own, foreign) = tokio::join!(
        join_all(asked_for.iter().map(|request| sign(HOUSING, request))),
        join_all(asked_for.iter().map(|request| sign("xz-tax", request)))
    );
    assert!(own.iter().all(Result::is_ok), "{own:?}");
    for answer in foreign {
        assert_eq!(refusal(answer).0, "order.not_found");
    }
    let (commits,): (i64,) = sqlx::query_as("SELECT count(DISTINCT xmin::text) FROM leg WHERE unit_id = $1")
        .bind(HOUSING)
        .fetch_one(house.bus.pool())
        .await
        .expect("counts");
    assert!(commits < 16, "{commits} commits");
    let (entries,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM audit_waiting WHERE unit = $1 AND method LIKE '%/SignLeg' AND outcome = 'ok'",
    )
    .bind(HOUSING)
    .fetch_one(house.bus.pool())
    .await
    .expect("counts");
    assert_eq!(entries, 16, "each has its own entry");
}

#[tokio::test]
async fn a_command_on_a_version_that_is_gone_changes_nothing() {
    let house = house().await;
    let id = house.sent(&[]).await;
    let before = house.order(id).await;
    let leg_id = house.leg(id, HOUSING).await;
    let request = v1::SignLegRequest {
        order_id: id.to_string(),
        leg_id,
        version: before.version - 1,
    };
    let answer = house.desk.sign_leg(asked(&clerk(HOUSING), request)).await;
    assert_eq!(answer.as_ref().expect_err("stale").code(), tonic::Code::Aborted);
    assert_eq!(refusal(answer), ("order.stale".to_owned(), "version".to_owned()));
    assert_eq!(house.order(id).await, before);
}
