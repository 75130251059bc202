//! The desk: bad input and other people's orders, each refused by field and rule, changing nothing.

use hotline_proto::routing::v1;
use hotline_proto::routing::v1::routing_service_server::RoutingService;
use hotline_runtime::Caller;
use tonic::Code;

use crate::house::{GULOU, HOUSING, asked, clerk, dispatcher, house, refusal, reviewer};

#[tokio::test]
async fn bad_input_is_refused_by_its_field() {
    let house = house().await;
    let id = house.sent(&[]).await;
    let before = house.order(id).await;
    let (order_id, leg_id) = (id.to_string(), house.leg(id, HOUSING).await);
    let unit = clerk(HOUSING);
    let desk = &house.desk;

    let request = v1::SignLegRequest {
        order_id: "7".into(),
        leg_id: leg_id.clone(),
        version: 0,
    };
    assert_eq!(
        refusal(desk.sign_leg(asked(&unit, request)).await),
        ("id.invalid".into(), "order_id".into())
    );
    let request = v1::SignLegRequest {
        order_id: order_id.clone(),
        leg_id: "x".into(),
        version: 0,
    };
    assert_eq!(
        refusal(desk.sign_leg(asked(&unit, request)).await),
        ("id.invalid".into(), "leg_id".into())
    );
    let request = v1::SignLegRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: -1,
    };
    assert_eq!(
        refusal(desk.sign_leg(asked(&unit, request)).await),
        ("value.unknown".into(), "version".into())
    );
    let note = |note: String| {
        let (order_id, leg_id) = (order_id.clone(), leg_id.clone());
        asked(
            &unit,
            v1::RecordContactRequest {
                order_id,
                leg_id,
                version: 0,
                note,
            },
        )
    };
    for (text, code) in [
        ("长".repeat(2_001), "text.too_long"),
        ("\u{202e}反".into(), "text.unprintable"),
    ] {
        assert_eq!(
            refusal(desk.record_contact(note(text)).await),
            (code.into(), "note".into())
        );
    }
    let request = v1::ReplyLegRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: 0,
        reply: None,
    };
    assert_eq!(
        refusal(desk.reply_leg(asked(&unit, request)).await),
        ("text.missing".into(), "reply".into())
    );
    let request = v1::RequestExtensionRequest {
        order_id,
        leg_id,
        version: 0,
        reason: "x".into(),
        amount: "3 days".into(),
        ..v1::RequestExtensionRequest::default()
    };
    assert_eq!(
        refusal(desk.request_extension(asked(&unit, request)).await),
        ("value.unknown".into(), "amount".into())
    );
    assert_eq!(house.order(id).await, before);
}

#[tokio::test]
async fn refusals_have_canonical_statuses_and_name_the_article() {
    use tonic_types::StatusExt as _;
    let house = house().await;
    let id = house.sent(&["enterprise"]).await;
    let (order_id, leg_id) = (id.to_string(), house.leg(id, HOUSING).await);
    let sign = |caller: &Caller, leg_id: &str| {
        asked(
            caller,
            v1::SignLegRequest {
                order_id: order_id.clone(),
                leg_id: leg_id.into(),
                version: 0,
            },
        )
    };
    let denied = house
        .desk
        .sign_leg(sign(&clerk(GULOU), &leg_id))
        .await
        .expect_err("another unit's");
    assert_eq!(denied.code(), Code::PermissionDenied);
    let second = house.leg(id, "xz-enterprise-platform").await;
    let followed = house
        .desk
        .sign_leg(sign(&clerk("xz-enterprise-platform"), &second))
        .await
        .expect_err("followed");
    assert_eq!(followed.code(), Code::FailedPrecondition);
    assert_eq!(
        followed.get_error_details().error_info().expect("info").metadata["article"],
        "2"
    );
    let archive = v1::ArchiveOrderRequest {
        order_id: order_id.clone(),
        version: 0,
    };
    let early = house
        .desk
        .archive_order(asked(&reviewer(), archive))
        .await
        .expect_err("still handled");
    assert_eq!(early.code(), Code::FailedPrecondition);
    assert!(early.message().contains("is handling"), "{}", early.message());
    let nobody = v1::GetOrderRequest { order: "N0".into() };
    let unknown = house
        .desk
        .get_order(asked(&reviewer(), nobody))
        .await
        .expect_err("nobody's");
    assert_eq!(unknown.code(), Code::NotFound);
}

#[tokio::test]
async fn a_unit_sees_the_orders_that_it_has_a_leg_of() {
    let house = house().await;
    let (sent, pool) = (house.sent(&[]).await, house.opened(&["enterprise"]).await);
    let get = |caller: &Caller, key: String| {
        let request = asked(caller, v1::GetOrderRequest { order: key });
        async { house.desk.get_order(request).await }
    };
    assert!(get(&clerk(HOUSING), sent.to_string()).await.is_ok());
    assert!(get(&clerk(HOUSING), format!("N{}", sent.simple())).await.is_ok());
    let other = get(&clerk("xz-water"), sent.to_string()).await;
    assert_eq!(refusal(other).0, "order.not_found", "as if there were none");
    let enterprise = Caller::new("e-1", &["enterprise_desk"]);
    assert!(get(&enterprise, pool.to_string()).await.is_ok());
    assert_eq!(
        refusal(get(&enterprise, sent.to_string()).await).0,
        "order.not_found"
    );
    let foreign = v1::ListOrdersRequest {
        unit_id: GULOU.into(),
        ..v1::ListOrdersRequest::default()
    };
    let answer = house.desk.list_orders(asked(&clerk(HOUSING), foreign)).await;
    assert_eq!(refusal(answer), ("order.not_yours".into(), "unit_id".into()));
}

#[tokio::test]
async fn the_catalogue_suggests_and_the_units_are_listed() {
    let house = house().await;
    let id = house.opened(&[]).await;
    let request = v1::SuggestDispatchRequest {
        order_id: id.to_string(),
    };
    let found = house
        .desk
        .suggest_dispatch(asked(&dispatcher(), request))
        .await
        .expect("a row")
        .into_inner();
    assert_eq!(found.lead_unit_id, HOUSING);
    assert!(found.basis.contains("catalogue.toml"), "{}", found.basis);
    let units = house
        .desk
        .list_units(asked(&dispatcher(), v1::ListUnitsRequest {}))
        .await
        .expect("units")
        .into_inner();
    assert!(
        units
            .units
            .iter()
            .any(|unit| unit.unit_id == HOUSING && unit.parent_id == "xz-authority")
    );
}

#[tokio::test]
async fn a_return_and_an_extension_are_asked_and_decided_over_the_desk() {
    let house = house().await;
    let id = house.sent(&[]).await;
    let (order_id, leg_id, unit) = (id.to_string(), house.leg(id, HOUSING).await, clerk(HOUSING));
    let sign = v1::SignLegRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: 0,
    };
    house.desk.sign_leg(asked(&unit, sign)).await.expect("signed");
    let ask = v1::RequestExtensionRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: 0,
        reason: "待鉴定".into(),
        amount: "2 working days".into(),
        ..v1::RequestExtensionRequest::default()
    };
    let asked_for = house
        .desk
        .request_extension(asked(&unit, ask))
        .await
        .expect("asked")
        .into_inner();
    let order = asked_for.order.expect("an order");
    let due = order.legs[0].due_at.expect("a due time");
    assert_eq!(
        order.legs[0]
            .extension_request
            .clone()
            .expect("a request")
            .proposal,
        "2 working days"
    );
    let grant = v1::DecideExtensionRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        version: 0,
        granted: true,
        reason: "同意".into(),
    };
    let granted = house
        .desk
        .decide_extension(asked(&dispatcher(), grant))
        .await
        .expect("granted")
        .into_inner();
    let leg = granted.order.expect("an order").legs[0].clone();
    assert_eq!(leg.due_at.expect("a due time").seconds - due.seconds, 2 * 86_400);
    let ask = v1::RequestReturnRequest {
        order_id: order_id.clone(),
        leg_id: leg_id.clone(),
        basis: "不属职责".into(),
        suggestion: "转水务".into(),
        proposed_unit_id: "xz-water".into(),
        ..v1::RequestReturnRequest::default()
    };
    house.desk.request_return(asked(&unit, ask)).await.expect("asked");
    let agree = v1::DecideReturnRequest {
        order_id,
        leg_id,
        version: 0,
        agreed: true,
        reason: "同意".into(),
    };
    let order = house
        .desk
        .decide_return(asked(&dispatcher(), agree))
        .await
        .expect("agreed")
        .into_inner()
        .order;
    let order = order.expect("an order");
    assert_eq!(
        (order.state(), order.proposed_unit_id.as_str()),
        (v1::OrderState::PreReview, "xz-water")
    );
}
