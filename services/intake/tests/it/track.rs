//! Tracking by number and code: alike for wrong numbers and wrong codes, and not too often.

use hotline_bus::{Handle, Settle};
use hotline_proto::common::v1::OrderFacts;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, AppealState, RegisterAppealRequest, TrackAppealRequest};
use hotline_proto::routing::v1 as routing;
use tonic::Code::{NotFound, ResourceExhausted};
use tonic::{Request, Response, Status};

use crate::support::{House, by, by_agent, house, refused, request};

async fn track(house: &House, number: &str, code: &str) -> Result<proto::TrackAppealResponse, Status> {
    let request = TrackAppealRequest {
        number: number.into(),
        tracking_code: code.into(),
    };
    house
        .desk
        .track_appeal(Request::new(request))
        .await
        .map(Response::into_inner)
}

#[tokio::test]
async fn number_and_code_show_the_public_timeline() {
    let h = house().await;
    let answer = h.register(request("k")).await.expect("registered");
    let number = answer.appeal.expect("an appeal").number;
    let spoken = format!(
        " {}-{} ",
        &answer.tracking_code[..4],
        answer.tracking_code[4..].to_lowercase()
    );
    let tracked = track(&h, &number, &spoken).await.expect("tracked");
    assert_eq!(
        (tracked.number.as_str(), tracked.state()),
        (number.as_str(), AppealState::Accepted)
    );
    let texts: Vec<_> = tracked.entries.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["诉求已登记", "诉求已受理"]);
}

#[tokio::test]
async fn a_wrong_number_and_a_wrong_code_are_answered_alike() {
    let h = house().await;
    let number = h.accepted("k").await.number;
    let other = hotline_intake::check_digit("32030026093001999999");
    let absent = format!("32030026093001999999{other}");
    let mut answers = Vec::new();
    for (number, code) in [
        (number.as_str(), "00000000"),
        (&absent, "00000000"),
        ("7", "00000000"),
        (&number, ""),
    ] {
        let status = track(&h, number, code).await.expect_err("refused");
        answers.push((
            status.code(),
            status.message().to_owned(),
            status.details().to_vec(),
        ));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    refused(
        track(&h, &absent, "").await,
        NotFound,
        "appeal.not_tracked",
        "",
        "",
    );
}

#[tokio::test]
async fn the_eleventh_attempt_in_a_minute_is_refused_even_with_the_right_code() {
    let h = house().await;
    let answer = h.register(request("k")).await.expect("registered");
    let number = answer.appeal.expect("an appeal").number;
    let absent = format!(
        "32030026093001999999{}",
        hotline_intake::check_digit("32030026093001999999")
    );
    for number in [&number, &absent] {
        for _ in 0..10 {
            refused(
                track(&h, number, "00000000").await,
                NotFound,
                "appeal.not_tracked",
                "",
                "",
            );
        }
        let eleventh = track(&h, number, &answer.tracking_code).await;
        refused(eleventh, ResourceExhausted, "appeal.track_throttled", "", "");
    }
    h.advance(61);
    track(&h, &number, &answer.tracking_code)
        .await
        .expect("a minute later");
    assert_eq!(
        h.count("SELECT count(*) FROM track_attempt").await,
        1,
        "past minutes are swept"
    );
}

#[tokio::test]
async fn a_joined_appeal_stays_alive_under_its_own_number() {
    let h = house().await;
    let main = h.accepted("main").await.appeal_id;
    let twin = RegisterAppealRequest {
        accept: false,
        ..request("twin")
    };
    let twin = h.register(twin).await.expect("registered");
    let (code, twin) = (twin.tracking_code, twin.appeal.expect("an appeal"));
    let merge = proto::MergeAppealRequest {
        appeal_id: twin.appeal_id,
        version: 0,
        into_appeal_id: main.clone(),
    };
    h.desk.merge_appeal(by_agent(merge)).await.expect("joined");
    let mut tx = h.bus.begin().await.expect("a transaction");
    let facts = Some(OrderFacts {
        order_id: main,
        ..Default::default()
    });
    h.intake
        .handle(routing::OrderOpened { facts }, &mut tx)
        .await
        .expect("heard");
    h.intake.settle(&mut tx).await.expect("written");
    tx.commit().await.expect("committed");
    let tracked = track(&h, &twin.number, &code).await.expect("tracked");
    assert_eq!((tracked.number, tracked.entries.len()), (twin.number, 2));
    assert_eq!(tracked.state, i32::from(AppealState::InProgress));
}

#[tokio::test]
async fn whoever_has_the_code_may_look_as_often_as_they_like() {
    let h = house().await;
    let answer = h.register(request("k")).await.expect("registered");
    let number = answer.appeal.expect("an appeal").number;
    for _ in 0..30 {
        track(&h, &number, &answer.tracking_code).await.expect("tracked");
    }
    assert_eq!(
        h.count("SELECT max(attempts)::bigint FROM track_attempt").await,
        0
    );
}

#[tokio::test]
async fn only_a_process_of_the_installation_learns_identifiers_by_tracking() {
    let h = house().await;
    let answer = h.register(request("k")).await.expect("registered");
    let appeal = answer.appeal.expect("an appeal");
    let ask = || TrackAppealRequest {
        number: appeal.number.clone(),
        tracking_code: answer.tracking_code.clone(),
    };
    let outside = track(&h, &appeal.number, &answer.tracking_code)
        .await
        .expect("tracked");
    assert_eq!((outside.appeal_id.as_str(), outside.order_id.as_str()), ("", ""));
    let inside = h
        .desk
        .track_appeal(by(&["service"], ask()))
        .await
        .expect("tracked")
        .into_inner();
    assert_eq!(
        (&inside.appeal_id, &inside.order_id),
        (&appeal.appeal_id, &appeal.appeal_id)
    );
    assert_eq!((inside.division.as_str(), inside.joined), ("320303", false));
}

#[tokio::test]
async fn what_an_appellant_adds_is_kept_once_with_its_numbers_masked() {
    let h = house().await;
    let appeal = h.accepted("k").await;
    let add = |key: &str, text: &str| proto::SupplementAppealRequest {
        appeal_id: appeal.appeal_id.clone(),
        idempotency_key: key.into(),
        text: text.into(),
    };
    for _ in 0..2 {
        let added = h
            .desk
            .supplement_appeal(by(&["service"], add("s", "电话换成 13912345678")))
            .await;
        added.expect("added");
    }
    let lines = h.timeline(&appeal.appeal_id).await;
    let told: Vec<_> = lines
        .iter()
        .filter(|line| line.r#type.ends_with("AppealSupplemented"))
        .collect();
    assert_eq!(told.len(), 1);
    assert!(!told[0].text.contains("13912345678"), "{}", told[0].text);
    let other = h
        .desk
        .supplement_appeal(by(&["service"], add("s", "别的话")))
        .await;
    refused(
        other,
        tonic::Code::AlreadyExists,
        "appeal.idempotency_key_reused",
        "idempotency_key",
        "",
    );
    let long = h
        .desk
        .supplement_appeal(by(&["service"], add("t", &"长".repeat(2_001))))
        .await;
    refused(long, tonic::Code::InvalidArgument, "text.too_long", "text", "");
}

#[tokio::test]
async fn similar_matters_tell_of_open_ones_nearby_and_nothing_that_was_written() {
    let h = house().await;
    let near = h.accepted("near").await;
    let secret = RegisterAppealRequest {
        sensitive: true,
        ..request("secret")
    };
    let elsewhere = RegisterAppealRequest {
        division: "320321".into(),
        ..request("elsewhere")
    };
    let misconduct = RegisterAppealRequest {
        r#type: 4,
        ..request("report")
    };
    for other in [secret, elsewhere, misconduct] {
        h.register(other).await.expect("registered");
    }
    let ask = |division: &str| proto::ListSimilarMattersRequest {
        category: "urban.property".into(),
        division: division.into(),
    };
    let found = h
        .desk
        .list_similar_matters(by(&["service"], ask("320303")))
        .await
        .expect("found")
        .into_inner();
    let ids: Vec<_> = found
        .matters
        .iter()
        .map(|matter| matter.appeal_id.clone())
        .collect();
    assert_eq!(ids, [near.appeal_id]);
    assert_eq!(found.matters[0].state(), AppealState::Accepted);
    h.advance(31 * 86_400);
    let late = h
        .desk
        .list_similar_matters(by(&["service"], ask("320303")))
        .await
        .expect("found");
    assert!(late.into_inner().matters.is_empty());
}
