//! What the register hears: both timelines, and the appeal moves with its order, once.

use hotline_bus::{Fault, Handle};
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, AppealState};
use hotline_proto::{routing::v1 as routing, sla};
use tonic::Request;

use crate::life::{UNIT, clock, facts, whole_life};
use crate::support::{by_agent, house, request};

#[tokio::test]
async fn an_appeal_follows_its_order_to_the_archive() {
    let h = house().await;
    let id = h.accepted("k").await.appeal_id;
    h.hear(routing::OrderOpened { facts: facts(&id) }).await;
    assert_eq!(h.state(&id).await, AppealState::InProgress);
    h.hear(routing::OrderSettled {
        facts: facts(&id),
        lead_unit_id: UNIT.into(),
        public_text: "已修好".into(),
    })
    .await;
    assert_eq!(h.state(&id).await, AppealState::Settled);
    h.hear(routing::OrderRedone {
        facts: facts(&id),
        ..Default::default()
    })
    .await;
    assert_eq!(h.state(&id).await, AppealState::InProgress);
    h.hear(routing::OrderSettled {
        facts: facts(&id),
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderEscalated {
        facts: facts(&id),
        ..Default::default()
    })
    .await;
    assert_eq!(h.state(&id).await, AppealState::InProgress);
    h.hear(routing::OrderSettled {
        facts: facts(&id),
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderClosed {
        facts: facts(&id),
        ..Default::default()
    })
    .await;
    assert_eq!(h.state(&id).await, AppealState::Closed);
    h.hear(routing::OrderArchived {
        facts: facts(&id),
        ..Default::default()
    })
    .await;
    assert_eq!(h.state(&id).await, AppealState::Archived);
    h.hear(routing::OrderRedone {
        facts: facts(&id),
        ..Default::default()
    })
    .await;
    assert_eq!(
        h.state(&id).await,
        AppealState::Archived,
        "an archived appeal never moves"
    );
}

#[tokio::test]
async fn an_event_heard_twice_moves_the_appeal_once() {
    let h = house().await;
    let id = h.accepted("k").await.appeal_id;
    for _ in 0..2 {
        h.hear(routing::OrderOpened { facts: facts(&id) }).await;
        assert_eq!(
            (h.state(&id).await, h.get(&id).await.version),
            (AppealState::InProgress, 3)
        );
    }
    for _ in 0..2 {
        h.hear(routing::OrderSettled {
            facts: facts(&id),
            ..Default::default()
        })
        .await;
        assert_eq!(
            (h.state(&id).await, h.get(&id).await.version),
            (AppealState::Settled, 4)
        );
    }
    h.hear(routing::OrderOpened { facts: facts(&id) }).await;
    assert_eq!(
        (h.state(&id).await, h.get(&id).await.version),
        (AppealState::Settled, 4)
    );
}

#[tokio::test]
async fn what_comes_after_a_withdrawal_is_written_and_moves_nothing() {
    let h = house().await;
    let id = h.accepted("k").await.appeal_id;
    let withdraw = proto::WithdrawAppealRequest {
        appeal_id: id.clone(),
        version: 0,
        reason: "已解决".into(),
    };
    h.desk
        .withdraw_appeal(by_agent(withdraw))
        .await
        .expect("withdrawn");
    h.hear(routing::OrderOpened { facts: facts(&id) }).await;
    h.hear(routing::OrderSettled {
        facts: facts(&id),
        ..Default::default()
    })
    .await;
    h.hear(routing::OrderWithdrawn {
        facts: facts(&id),
        reason: "撤回".into(),
    })
    .await;
    assert_eq!(h.state(&id).await, AppealState::Withdrawn);
    assert_eq!(h.timeline(&id).await.len(), 6);
}

#[tokio::test]
async fn an_event_that_names_no_appeal_is_set_aside() {
    let h = house().await;
    for facts in [None, facts("seven")] {
        let mut tx = h.bus.begin().await.expect("a transaction");
        let heard = h.intake.handle(routing::OrderOpened { facts }, &mut tx).await;
        assert!(matches!(heard, Err(Fault::Poison(_))));
    }
}

#[tokio::test]
async fn everything_heard_is_on_the_staff_s_timeline_and_the_public_one_names_nobody() {
    let h = house().await;
    let registered = h.register(request("k")).await.expect("registered");
    let appeal = registered.appeal.expect("an appeal");
    whole_life(&h, &appeal.appeal_id).await;
    let staff = h.timeline(&appeal.number).await;
    assert_eq!(staff.len(), 2 + 38);
    assert!(
        staff
            .iter()
            .all(|line| !line.text.is_empty() && !line.text_en.is_empty())
    );
    let of = |kind: &str| {
        staff
            .iter()
            .find(|line| line.r#type.ends_with(kind))
            .expect("the line")
    };
    assert!(
        of("OrderDispatched").text.contains("主办市教育局")
            && of("OrderDispatched").text.contains("企服平台")
    );
    assert_eq!(
        of("ClockArmed").text,
        "市教育局 签收时限5个工作日,2026-09-30 11:00前"
    );
    assert!(
        of("ExtensionRequested").text.contains("(2个工作日)")
            && of("ExtensionRequested").text_en.contains("2 working days")
    );
    assert!(of("CallbackUnreached").text.ends_with(",不计入满意度"));
    let judged = of("BadAnswerJudged");
    assert!(
        judged.text.contains("依规剔除(无办理空间)") && judged.text_en.contains("(no room for handling)")
    );
    assert_eq!(
        [&judged.article, &of("ReturnDecided").article],
        ["14(7)", "12(4)"]
    );
    assert_eq!(
        (
            of("ClockBreached").actor.as_str(),
            of("ClockBreached").article.as_str()
        ),
        ("sla-timer", "12(3)")
    );
    assert_eq!(of("ExtensionDecided").article, "12(4)");
    let track = proto::TrackAppealRequest {
        number: appeal.number,
        tracking_code: registered.tracking_code,
    };
    let public = h
        .desk
        .track_appeal(Request::new(track))
        .await
        .expect("tracked")
        .into_inner()
        .entries;
    assert!(public.len() > 10 && public.len() < staff.len());
    assert!(
        public
            .iter()
            .all(|line| line.actor.is_empty() && !line.text.contains("u-"))
    );
    let texts: Vec<_> = public.iter().map(|line| line.text.as_str()).collect();
    for wanted in [
        "诉求已登记",
        "已交市教育局办理",
        "预计2026-09-30 11:00前答复",
        "市教育局答复:电梯已修好",
        "已结案",
    ] {
        assert!(texts.contains(&wanted), "{wanted} in {texts:?}");
    }
    for inner in ["约定上门", "职责不符", "初稿"] {
        assert!(
            texts.iter().all(|text| !text.contains(inner)),
            "{inner} is the staff's"
        );
    }
}

#[tokio::test]
async fn a_clock_that_stops_in_time_leaves_no_line() {
    let h = house().await;
    let id = h.accepted("k").await.appeal_id;
    for (in_time, cancelled) in [(true, false), (false, true)] {
        let stopped = vec![sla::v1::ClockStopped {
            clock: clock("sign"),
            in_time,
            cancelled,
        }];
        h.hear(sla::v1::ClocksChanged {
            facts: facts(&id),
            stopped,
            ..Default::default()
        })
        .await;
    }
    assert_eq!(h.timeline(&id).await.len(), 2);
}
