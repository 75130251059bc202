//! The doors of the city: what registration obeys, what the guide tells, and repeats that a person judges.

use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, AppealState, RegisterAppealRequest};
use tonic::Code::{FailedPrecondition, InvalidArgument};
use tonic_types::StatusExt;

use crate::support::{House, appellant, by_agent, house, refused, request};

#[tokio::test]
async fn everything_wrong_with_a_request_is_told_at_once() {
    let h = house().await;
    let mut wrong = RegisterAppealRequest {
        title: String::new(),
        category: "nonsense".into(),
        division: "999999".into(),
        r#type: 0,
        ..request("k")
    };
    appellant(&mut wrong).telephone = "abc".into();
    let refusal = h.register(wrong).await.expect_err("refused");
    let details = refusal.get_error_details();
    let fields: Vec<_> = details
        .bad_request()
        .expect("has violations")
        .field_violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(
        fields,
        ["type", "category", "division", "title", "appellant.telephone"]
    );
    assert_eq!(h.count("SELECT count(*) FROM appeal").await, 0);
}

#[tokio::test]
async fn lines_seats_and_platforms_are_those_of_the_guide() {
    let h = house().await;
    let guide = h
        .desk
        .get_intake_guide(by_agent(proto::GetIntakeGuideRequest {}))
        .await
        .expect("a guide")
        .into_inner();
    let roots: Vec<_> = guide
        .divisions
        .iter()
        .filter(|one| one.parent.is_empty())
        .collect();
    assert_eq!(roots.len(), 1, "one city");
    assert!(guide.divisions.iter().any(|one| one.parent == roots[0].code));
    let consult = guide.limits.iter().find(|row| {
        row.obligation == "answer" && row.types == [1] && row.desks == [common::Desk::Enterprise as i32]
    });
    let consult = consult.map(|row| (row.within.as_str(), row.article.as_str()));
    assert_eq!(consult, Some(("1 working day", "12(3)")), "{:?}", guide.limits);
    let cancelled = guide
        .lines
        .iter()
        .find(|line| line.mode == "cancelled")
        .expect("a cancelled line");
    let with = |change: &dyn Fn(&mut RegisterAppealRequest)| {
        let mut request = request("k");
        change(&mut request);
        request
    };
    let gone = h.register(with(&|r| r.line.clone_from(&cancelled.number))).await;
    refused(gone, FailedPrecondition, "appeal.line_cancelled", "line", "15");
    let unknown = h.register(with(&|r| r.line = "12399".into())).await;
    refused(unknown, InvalidArgument, "appeal.line", "line", "");
    let nowhere = h.register(with(&|r| r.seat = "nowhere".into())).await;
    refused(nowhere, InvalidArgument, "appeal.seat", "seat", "");
    let person = h.register(with(&|r| r.seat = "enterprise".into())).await;
    refused(
        person,
        FailedPrecondition,
        "appeal.seat_enterprise",
        "seat",
        "12(2)",
    );
    let alone = h
        .register(with(&|r| r.channel = common::Channel::CoBuilt.into()))
        .await;
    refused(alone, FailedPrecondition, "appeal.platform", "source", "8(3)");
    let merged = with(&|r| {
        r.line = "12319".into();
        r.seat = "unified".into();
        r.channel = common::Channel::CoBuilt.into();
        r.source = "conduct_hotline".into();
        r.source_reference = "7".into();
    });
    let appeal = h
        .register(merged)
        .await
        .expect("registered")
        .appeal
        .expect("an appeal");
    let appeal = h.get(&appeal.appeal_id).await;
    assert_eq!(
        (
            appeal.line.as_str(),
            appeal.seat.as_str(),
            appeal.registered_by.as_str()
        ),
        ("12319", "unified", "u-agent")
    );
    assert_eq!(appeal.raised_at, appeal.registered_at);
}

async fn candidates(h: &House, id: &str) -> Vec<proto::EarlierAppeal> {
    let request = proto::ListEarlierAppealsRequest { appeal_id: id.into() };
    let answer = h.desk.list_earlier_appeals(by_agent(request)).await;
    answer.expect("an answer").into_inner().candidates
}

#[tokio::test]
async fn the_same_appellant_s_earlier_appeals_are_offered_and_nothing_else() {
    let h = house().await;
    let first = h.registered("k-1").await;
    h.advance(60);
    let mut passport = RegisterAppealRequest {
        category: "security.household".into(),
        title: "护照".into(),
        content: "请问怎么办理护照?".into(),
        accept: false,
        ..request("k-2")
    };
    passport.r#type = common::AppealType::Consult.into();
    h.register(passport).await.expect("registered");
    let mut stranger = request("k-3");
    appellant(&mut stranger).telephone = "139 0000 0000".into();
    h.register(stranger).await.expect("registered");
    h.advance(60);
    let again = h.registered("k-4").await;
    let found = candidates(&h, &again.appeal_id).await;
    assert_eq!(found.len(), 2, "{found:?}");
    let best = found[0].appeal.as_ref().expect("an appeal");
    assert_eq!(
        (best.appeal_id.as_str(), found[0].likeness, found[0].same_category),
        (first.appeal_id.as_str(), 100, true)
    );
    assert!(!found[0].answered && found[1].likeness < 30);
    assert!(
        candidates(&h, &first.appeal_id).await.is_empty(),
        "nothing is earlier"
    );
}

#[tokio::test]
async fn a_difficult_appeal_needs_a_specialist_s_post_in_the_policy() {
    let h = house().await;
    let appeal = h.registered("k").await;
    let submit = proto::SubmitToSpecialistRequest {
        appeal_id: appeal.appeal_id.clone(),
        version: 0,
        question: "政策冲突".into(),
    };
    let answer = h.desk.submit_to_specialist(by_agent(submit)).await;
    refused(answer, FailedPrecondition, "appeal.no_specialist", "", "");
    assert_eq!(h.get(&appeal.appeal_id).await.state(), AppealState::Registered);
}
