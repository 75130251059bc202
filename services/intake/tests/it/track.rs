//! Tracking by number and code: alike for wrong numbers and wrong codes, and not too often.

use hotline_bus::{Handle, Settle};
use hotline_proto::common::v1::OrderFacts;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, AppealState, RegisterAppealRequest, TrackAppealRequest};
use hotline_proto::routing::v1 as routing;
use tonic::Code::{NotFound, ResourceExhausted};
use tonic::{Request, Response, Status};

use crate::support::{House, by_agent, house, refused, request};

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
