//! Registration: what is refused, what is shown, what is replayed.

use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{AppealState, RegisterAppealRequest};
use tonic::Code::{self, AlreadyExists, FailedPrecondition, InvalidArgument};

use crate::support::{House, appellant, by, house, morning, refused, request};

async fn refuse(
    house: &House,
    change: impl FnOnce(&mut RegisterAppealRequest),
    status: Code,
    code: &str,
    field: &str,
    article: &str,
) {
    let mut request = request("bad");
    change(&mut request);
    refused(house.register(request).await, status, code, field, article);
}

async fn invalid(house: &House, change: impl FnOnce(&mut RegisterAppealRequest), code: &str, field: &str) {
    refuse(house, change, InvalidArgument, code, field, "").await;
}

#[tokio::test]
async fn bad_input_is_refused_by_field_and_changes_nothing() {
    let h = house().await;
    let h = &h;
    invalid(
        h,
        |r| r.idempotency_key.clear(),
        "text.required",
        "idempotency_key",
    )
    .await;
    invalid(
        h,
        |r| r.idempotency_key = "k".repeat(129),
        "text.too_long",
        "idempotency_key",
    )
    .await;
    invalid(h, |r| r.r#type = 0, "appeal.enum", "type").await;
    invalid(h, |r| r.r#type = 99, "appeal.enum", "type").await;
    invalid(h, |r| r.channel = 15, "appeal.enum", "channel").await;
    invalid(h, |r| r.channel = -1, "appeal.enum", "channel").await;
    invalid(h, |r| r.urgency = 4, "appeal.enum", "urgency").await;
    invalid(
        h,
        |r| r.category = "no.such".into(),
        "appeal.category",
        "category",
    )
    .await;
    invalid(h, |r| r.category.clear(), "appeal.category", "category").await;
    invalid(h, |r| r.division = "999999".into(), "appeal.division", "division").await;
    invalid(h, |r| r.title.clear(), "text.required", "title").await;
    invalid(h, |r| r.title = "题".repeat(101), "text.too_long", "title").await;
    invalid(h, |r| r.title = "一\n二".into(), "text.character", "title").await;
    invalid(h, |r| r.title = "一\u{202e}二".into(), "text.character", "title").await;
    invalid(h, |r| r.content = " ".into(), "text.required", "content").await;
    invalid(h, |r| r.content = "字".repeat(10_001), "text.too_long", "content").await;
    invalid(h, |r| r.content = "a\u{0}b".into(), "text.character", "content").await;
    invalid(
        h,
        |r| r.content = "a\u{2066}b".into(),
        "text.character",
        "content",
    )
    .await;
    invalid(
        h,
        |r| r.content = "a\u{200f}b".into(),
        "text.character",
        "content",
    )
    .await;
    invalid(
        h,
        |r| r.incident_place = "处".repeat(201),
        "text.too_long",
        "incident_place",
    )
    .await;
    invalid(
        h,
        |r| r.incident_time = Some(at(1)),
        "appeal.incident_time",
        "incident_time",
    )
    .await;
    invalid(
        h,
        |r| r.incident_time = Some(beyond()),
        "appeal.incident_time",
        "incident_time",
    )
    .await;
    invalid(
        h,
        |r| r.labels = vec!["enterprise".into()],
        "appeal.enterprise_label",
        "labels",
    )
    .await;
    invalid(h, |r| r.labels = vec!["a,b".into()], "appeal.labels", "labels[0]").await;
    invalid(h, |r| r.labels = vec!["a".into(); 17], "appeal.labels", "labels").await;
    invalid(
        h,
        |r| r.source = "province".into(),
        "appeal.source",
        "source_reference",
    )
    .await;
    invalid(h, |r| r.source_reference = "7".into(), "appeal.source", "source").await;
    invalid(
        h,
        |r| r.source = "A B".into(),
        "appeal.source",
        "source_reference",
    )
    .await;
    invalid(
        h,
        |r| appellant(r).name = "名".repeat(65),
        "text.too_long",
        "appellant.name",
    )
    .await;
    invalid(
        h,
        |r| appellant(r).anonymous = true,
        "appellant.anonymous_name",
        "appellant.name",
    )
    .await;
    invalid(
        h,
        |r| appellant(r).telephone = "12".into(),
        "appellant.telephone",
        "appellant.telephone",
    )
    .await;
    invalid(
        h,
        |r| appellant(r).telephone = "没有".into(),
        "appellant.telephone",
        "appellant.telephone",
    )
    .await;
    let identity = "appellant.identity_number";
    invalid(
        h,
        |r| appellant(r).identity_number = "11010519491231002Y".into(),
        identity,
        identity,
    )
    .await;
    invalid(
        h,
        |r| appellant(r).identity_number = "110105194912310021".into(),
        identity,
        identity,
    )
    .await;
    invalid(
        h,
        |r| appellant(r).address = "a\tb".into(),
        "text.character",
        "appellant.address",
    )
    .await;
    let code = ("appellant.credit_code", "appellant.enterprise.credit_code");
    invalid(
        h,
        |r| appellant(r).enterprise = enterprise("某公司", "91350100M000100Y44"),
        code.0,
        code.1,
    )
    .await;
    let name = ("text.required", "appellant.enterprise.name");
    invalid(
        h,
        |r| appellant(r).enterprise = enterprise(" ", "91350100M000100Y43"),
        name.0,
        name.1,
    )
    .await;
    let required = (FailedPrecondition, "appellant.identity_required");
    refuse(
        h,
        |r| appellant(r).name.clear(),
        required.0,
        required.1,
        "appellant.name",
        "12(1)",
    )
    .await;
    refuse(
        h,
        |r| appellant(r).telephone.clear(),
        required.0,
        required.1,
        "appellant.telephone",
        "12(1)",
    )
    .await;
    let nameless = |r: &mut RegisterAppealRequest| {
        appellant(r).name.clear();
        appellant(r).anonymous = true;
    };
    refuse(
        h,
        nameless,
        FailedPrecondition,
        "appellant.anonymity",
        "appellant.anonymous",
        "12(1)",
    )
    .await;
    let emergency = |r: &mut RegisterAppealRequest| r.urgency = common::Urgency::Emergency.into();
    refuse(
        h,
        emergency,
        FailedPrecondition,
        "appeal.emergency",
        "urgency",
        "10(5)",
    )
    .await;
    for table in [
        "SELECT count(*) FROM appeal",
        "SELECT count(*) FROM standing",
        "SELECT count(*) FROM appellant",
        "SELECT count(*) FROM timeline",
        "SELECT count(*) FROM outbox",
    ] {
        assert_eq!(h.count(table).await, 0, "{table}");
    }
}

fn at(later: i64) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: morning().timestamp() + later,
        nanos: 0,
    }
}

fn beyond() -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: i64::MAX,
        nanos: -1,
    }
}

fn enterprise(name: &str, credit_code: &str) -> Option<common::Enterprise> {
    Some(common::Enterprise {
        name: name.into(),
        credit_code: credit_code.into(),
    })
}

#[tokio::test]
async fn an_appeal_is_registered_and_accepted_in_one_step() {
    let h = house().await;
    let answer = h.register(request("k-1")).await.expect("registered");
    let appeal = answer.appeal.expect("an appeal");
    assert_eq!(appeal.state(), AppealState::Accepted);
    assert_eq!(
        (appeal.version, appeal.earlier_appeals, answer.replayed),
        (2, 0, false)
    );
    assert_eq!(&appeal.number[..14], "32030026093001");
    assert!(hotline_intake::is_number(&appeal.number));
    assert_eq!(
        (appeal.policy_id.as_str(), answer.tracking_code.len()),
        ("xuzhou-2020", 8)
    );
    assert!(appeal.policy_version.starts_with("xuzhou-2020@"));
    let person = appeal.appellant.as_ref().expect("an appellant");
    assert_eq!(
        (person.name.as_str(), person.telephone.as_str()),
        ("张**", "138****5678")
    );
    assert_eq!(h.get(&appeal.appeal_id).await, appeal);
    assert_eq!(h.get(&appeal.number).await, appeal);
    let lines = h.timeline(&appeal.number).await;
    let kinds: Vec<_> = lines.iter().map(|line| line.r#type.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "hotline.intake.v1.AppealRegistered",
            "hotline.intake.v1.AppealAccepted"
        ]
    );
    assert_eq!(
        (lines[0].article.as_str(), lines[0].actor.as_str()),
        ("12(1)", "u-agent")
    );
    assert_eq!(h.count("SELECT count(*) FROM outbox").await, 2);
    let again = h.accepted("k-2").await;
    assert_eq!(again.earlier_appeals, 1, "the same telephone has appealed before");
}

#[tokio::test]
async fn an_enterprise_is_labelled_and_its_seat_is_the_enterprise_desk() {
    let h = house().await;
    let mut plain = request("k-1");
    appellant(&mut plain).enterprise = enterprise("徐州某科技有限公司", "91350100m000100y43");
    let appeal = h
        .register(plain)
        .await
        .expect("registered")
        .appeal
        .expect("an appeal");
    assert_eq!(
        (appeal.labels.as_slice(), appeal.desk()),
        (["enterprise".to_owned()].as_slice(), common::Desk::Hotline)
    );
    let told = appeal
        .appellant
        .expect("an appellant")
        .enterprise
        .expect("an enterprise");
    assert_eq!(
        (told.name.as_str(), told.credit_code.as_str()),
        ("徐州某科技有限公司", "91350100M000100Y43")
    );
    let seat = RegisterAppealRequest {
        channel: common::Channel::EnterpriseSeat.into(),
        ..request("k-2")
    };
    let appeal = h
        .register(seat)
        .await
        .expect("registered")
        .appeal
        .expect("an appeal");
    assert_eq!(appeal.desk(), common::Desk::Enterprise);
    let by_desk = h
        .desk
        .register_appeal(by(&["enterprise_desk"], request("k-3")))
        .await
        .expect("registered");
    let appeal = by_desk.into_inner().appeal.expect("an appeal");
    assert_eq!(
        (appeal.desk(), appeal.labels.len()),
        (common::Desk::Enterprise, 0)
    );
}

#[tokio::test]
async fn the_city_s_own_division_stands_in_for_none() {
    let h = house().await;
    let request = RegisterAppealRequest {
        division: String::new(),
        ..request("k")
    };
    let appeal = h
        .register(request)
        .await
        .expect("registered")
        .appeal
        .expect("an appeal");
    assert_eq!(appeal.division, "320300");
}

#[tokio::test]
async fn the_same_request_gives_the_same_appeal_and_another_one_under_its_key_is_refused() {
    let h = house().await;
    let first = h.register(request("k")).await.expect("registered");
    h.advance(60);
    let again = h.register(request("k")).await.expect("replayed");
    assert!(again.replayed && !first.replayed);
    assert_eq!(
        (&again.appeal, &again.tracking_code),
        (&first.appeal, &first.tracking_code)
    );
    let other = RegisterAppealRequest {
        title: "另一件事".into(),
        ..request("k")
    };
    refused(
        h.register(other).await,
        AlreadyExists,
        "appeal.idempotency_key_reused",
        "idempotency_key",
        "",
    );
    let mut caller = request("k");
    appellant(&mut caller).telephone = "13912345678".into();
    refused(
        h.register(caller).await,
        AlreadyExists,
        "appeal.idempotency_key_reused",
        "idempotency_key",
        "",
    );
    assert_eq!(h.count("SELECT count(*) FROM appeal").await, 1);
    assert_eq!(h.count("SELECT count(*) FROM outbox").await, 2);
}

#[tokio::test]
async fn a_source_and_its_reference_name_one_appeal() {
    let h = house().await;
    let from = |key: &str, reference: &str| RegisterAppealRequest {
        source: "province".into(),
        source_reference: reference.into(),
        ..request(key)
    };
    h.register(from("k-1", "P-7")).await.expect("registered");
    h.register(from("k-2", "P-8")).await.expect("registered");
    refused(
        h.register(from("k-3", "P-7")).await,
        AlreadyExists,
        "appeal.source_taken",
        "source_reference",
        "",
    );
}
