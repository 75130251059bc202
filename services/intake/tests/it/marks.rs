//! The list of callers who harass the hotline: proposed, confirmed by a second person, shown, expired.

use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, CallerMarkState};
use tonic::Code::{FailedPrecondition, InvalidArgument, PermissionDenied};

use crate::support::{House, appellant, by, by_agent, house, refused, request};

const DAY: u64 = 24 * 60 * 60;

fn marking(appeal_id: &str) -> proto::MarkCallerRequest {
    proto::MarkCallerRequest {
        appeal_id: appeal_id.into(),
        evidence: "一小时内拨打40次并辱骂,来电13812345678".into(),
        references: vec!["REC-1".into()],
    }
}

async fn proposed(h: &House) -> proto::CallerMark {
    let appeal = h.registered("k-1").await;
    let answer = h.desk.mark_caller(by_agent(marking(&appeal.appeal_id))).await;
    answer.expect("proposed").into_inner().mark.expect("a mark")
}

fn confirm(mark: &proto::CallerMark) -> proto::ReviewCallerMarkRequest {
    proto::ReviewCallerMarkRequest {
        mark_id: mark.mark_id.clone(),
        confirm: true,
        note: "录音属实".into(),
    }
}

async fn shown(h: &House, key: &str) -> Option<proto::CallerMark> {
    h.register(request(key)).await.expect("registered").caller_mark
}

#[tokio::test]
async fn a_mark_is_shown_once_a_second_person_confirmed_it_and_until_it_expires() {
    let h = house().await;
    let mark = proposed(&h).await;
    assert_eq!(mark.state(), CallerMarkState::Proposed);
    assert!(!mark.evidence.contains("13812345678"));
    assert_eq!(shown(&h, "k-2").await, None, "nobody has confirmed it");
    let confirmed = h
        .desk
        .review_caller_mark(by(&["team_leader"], confirm(&mark)))
        .await
        .expect("confirmed");
    let confirmed = confirmed.into_inner().mark.expect("a mark");
    assert_eq!(confirmed.reviewed_by, "u-team_leader");
    let seen = shown(&h, "k-3").await.expect("shown at registration");
    assert_eq!(
        (seen.mark_id.clone(), seen.state()),
        (mark.mark_id.clone(), CallerMarkState::Confirmed)
    );
    let mut stranger = request("k-4");
    appellant(&mut stranger).telephone = "139 0000 0000".into();
    assert_eq!(h.register(stranger).await.expect("registered").caller_mark, None);
    h.advance(90 * DAY);
    assert_eq!(shown(&h, "k-5").await, None, "its time is over");
    let state = CallerMarkState::Expired.into();
    let listed = h
        .desk
        .list_caller_marks(by_agent(proto::ListCallerMarksRequest { state }))
        .await;
    assert_eq!(listed.expect("a list").into_inner().marks.len(), 1);
}

#[tokio::test]
async fn nobody_confirms_the_own_mark_and_nothing_is_marked_without_evidence() {
    let h = house().await;
    let appeal = h.registered("k-1").await;
    let bare = proto::MarkCallerRequest {
        references: Vec::new(),
        ..marking(&appeal.appeal_id)
    };
    let answer = h.desk.mark_caller(by_agent(bare)).await;
    refused(
        answer,
        InvalidArgument,
        "caller_mark.references",
        "references",
        "",
    );
    let own = h
        .desk
        .mark_caller(by(&["team_leader"], marking(&appeal.appeal_id)))
        .await;
    let own = own.expect("proposed").into_inner().mark.expect("a mark");
    let answer = h
        .desk
        .review_caller_mark(by(&["team_leader"], confirm(&own)))
        .await;
    refused(
        answer,
        PermissionDenied,
        "caller_mark.second_person",
        "mark_id",
        "",
    );
    let answer = h.desk.review_caller_mark(by(&["reviewer"], confirm(&own))).await;
    refused(answer, PermissionDenied, "caller_mark.reviewer", "mark_id", "");
    let lift = proto::LiftCallerMarkRequest {
        mark_id: own.mark_id.clone(),
        note: "解除".into(),
    };
    let answer = h.desk.lift_caller_mark(by(&["supervisor"], lift)).await;
    refused(answer, FailedPrecondition, "caller_mark.state", "mark_id", "");
}
