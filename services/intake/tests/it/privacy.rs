//! Personal data: nowhere in clear, shown on a recorded reason alone, readable across rotations.

use std::sync::Arc;

use hotline_intake::Desk;
use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, RegisterAppealRequest};
use hotline_vault::{IndexSuite, Keyring, Suite, Vault};
use sqlx::AssertSqlSafe;
use tonic::Code::InvalidArgument;
use tonic::Request;

use crate::support::{House, appellant, by, by_agent, house, morning, refused, register_of, request};

const NAME: &str = "欧阳晴雪";
const TELEPHONE: &str = "13698765432";
const IDENTITY: &str = "11010519491231002X";
const ADDRESS: &str = "徐州市泉山区月桂苑小区7号楼602室";
const PLACE: &str = "徐州市泉山区青梅路38号地下车库";

fn telling(key: &str) -> RegisterAppealRequest {
    let mut request = request(key);
    request.title = format!("{NAME}反映车库积水");
    request.content = format!("我是{NAME},身份证{IDENTITY},电话 136-9876-5432,住{ADDRESS},车库积水多日。");
    request.incident_place = PLACE.into();
    let person = appellant(&mut request);
    person.name = NAME.into();
    person.telephone = TELEPHONE.into();
    person.identity_number = IDENTITY.into();
    person.address = ADDRESS.into();
    person.enterprise = Some(common::Enterprise {
        name: "徐州某物业有限公司".into(),
        credit_code: String::new(),
    });
    request
}

/// Everything that a text of a command may carry.
fn gossip() -> String {
    format!("{NAME}({TELEPHONE},{IDENTITY})住{ADDRESS}")
}

/// Takes an appeal through every command whose words a person writes.
async fn talkative_life(h: &House) -> String {
    let id = |answer: proto::RegisterAppealResponse| answer.appeal.expect("an appeal").appeal_id;
    let open = |key: &str| RegisterAppealRequest {
        accept: false,
        ..telling(key)
    };
    let version = 0;
    let appeal_id = id(h.register(open("k-1")).await.expect("registered"));
    let refer = proto::ReferAppealRequest {
        appeal_id: appeal_id.clone(),
        version,
        question: gossip(),
    };
    h.desk.refer_appeal(by_agent(refer)).await.expect("referred");
    let accept = proto::AcceptAppealRequest {
        appeal_id: appeal_id.clone(),
        version,
    };
    h.desk
        .accept_appeal(by(&["team_leader"], accept))
        .await
        .expect("accepted");
    let urge = proto::UrgeAppealRequest {
        appeal_id: appeal_id.clone(),
        idempotency_key: "u".into(),
        note: gossip(),
    };
    h.desk.urge_appeal(by_agent(urge)).await.expect("urged");
    let reveal = proto::RevealAppellantRequest {
        appeal_id: appeal_id.clone(),
        reason: format!("回拨{}", gossip()),
    };
    h.desk.reveal_appellant(by_agent(reveal)).await.expect("revealed");
    let withdraw = proto::WithdrawAppealRequest {
        appeal_id: appeal_id.clone(),
        version,
        reason: gossip(),
    };
    h.desk
        .withdraw_appeal(by_agent(withdraw))
        .await
        .expect("withdrawn");
    let second = id(h.register(open("k-2")).await.expect("registered"));
    let [explanation, guidance] = [gossip(), gossip()];
    let code = "other".to_owned();
    let reject = proto::RejectAppealRequest {
        appeal_id: second,
        version,
        code,
        explanation,
        guidance,
        earlier_appeal: String::new(),
    };
    h.desk.reject_appeal(by_agent(reject)).await.expect("rejected");
    let third = id(h.register(open("k-3")).await.expect("registered"));
    let basis = "agent".to_owned();
    let answer = proto::AnswerAppealRequest {
        appeal_id: third,
        version,
        answer: gossip(),
        basis,
        reference: String::new(),
    };
    h.desk.answer_appeal(by_agent(answer)).await.expect("answered");
    let fourth = id(h.register(open("k-4")).await.expect("registered"));
    let target = "110".to_owned();
    let transfer = proto::TransferAppealRequest {
        appeal_id: fourth,
        version,
        target,
        note: gossip(),
        way: proto::TransferWay::OneKeyTransfer.into(),
    };
    h.desk
        .transfer_appeal(by_agent(transfer))
        .await
        .expect("transferred");
    appeal_id
}

/// Every table of the schema as text, and every payload of the outbox as it is.
async fn dump(h: &House) -> Vec<u8> {
    let mut admin = h.admin().await;
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'intake'")
            .fetch_all(&mut admin)
            .await
            .expect("the tables");
    assert!(tables.len() > 10, "{tables:?}");
    let mut bytes = Vec::new();
    for table in tables {
        let query = AssertSqlSafe(format!(
            "SELECT string_agg(t::text, E'\\n')::bytea FROM intake.\"{table}\" t"
        ));
        let rows: Option<Vec<u8>> = sqlx::query_scalar(query)
            .fetch_one(&mut admin)
            .await
            .expect("a dump");
        bytes.extend(rows.unwrap_or_default());
    }
    let payloads: Vec<Vec<u8>> = sqlx::query_scalar("SELECT payload FROM outbox")
        .fetch_all(h.bus.pool())
        .await
        .expect("the outbox");
    assert!(payloads.len() >= 12);
    bytes.extend(payloads.concat());
    bytes
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn no_table_and_no_event_holds_personal_data_in_clear() {
    let h = house().await;
    talkative_life(&h).await;
    let dump = dump(&h).await;
    let holds = |needle: &str| {
        dump.windows(needle.len())
            .any(|window| window == needle.as_bytes())
    };
    assert!(
        holds("车库积水多日") && holds("徐州某物业有限公司"),
        "the dump sees what may be seen"
    );
    for canary in [
        NAME,
        TELEPHONE,
        IDENTITY,
        ADDRESS,
        PLACE,
        "136-9876-5432",
        "+8613698765432",
    ] {
        assert!(!holds(canary), "{canary} stands in clear");
        assert!(!holds(&hex(canary)), "{canary} stands in clear in bytes");
    }
}

#[tokio::test]
async fn no_refusal_repeats_personal_data() {
    let h = house().await;
    let mut wrong = telling("k");
    appellant(&mut wrong).telephone = "1369876543".into();
    let status = h.register(wrong).await.expect_err("refused");
    assert!(!format!("{status:?}").contains("1369876543"));
    let mut wrong = telling("k");
    appellant(&mut wrong).identity_number = "110105194912310021".into();
    let status = h.register(wrong).await.expect_err("refused");
    let details = String::from_utf8_lossy(status.details()).into_owned();
    assert!(!details.contains("110105194912310021") && !status.message().contains("110105194912310021"));
}

#[tokio::test]
async fn personal_data_is_shown_on_a_recorded_reason() {
    let h = house().await;
    let appeal_id = h
        .register(telling("k"))
        .await
        .expect("registered")
        .appeal
        .expect("an appeal")
        .appeal_id;
    let reveal = |reason: &str| {
        let request = proto::RevealAppellantRequest {
            appeal_id: appeal_id.clone(),
            reason: reason.into(),
        };
        h.desk.reveal_appellant(by(&["callback_agent"], request))
    };
    refused(
        reveal("回访").await,
        InvalidArgument,
        "appellant.reveal_reason",
        "reason",
        "",
    );
    refused(reveal("").await, InvalidArgument, "text.required", "reason", "");
    assert_eq!(h.count("SELECT count(*) FROM reveal").await, 0);
    let clear = reveal("回访核实").await.expect("revealed").into_inner();
    let person = clear.appellant.expect("an appellant");
    assert_eq!(
        (person.name.as_str(), person.telephone.as_str()),
        (NAME, "+8613698765432")
    );
    assert_eq!(
        (person.identity_number.as_str(), person.address.as_str()),
        (IDENTITY, ADDRESS)
    );
    assert_eq!(clear.incident_place, PLACE);
    let recorded = "SELECT count(*) FROM reveal WHERE actor = 'u-callback_agent' AND reason = '回访核实'";
    assert_eq!(h.count(recorded).await, 1);
    assert_eq!(
        h.count("SELECT count(*) FROM outbox WHERE type LIKE '%AppellantRevealed'")
            .await,
        1
    );
    let line = h.timeline(&appeal_id).await.pop().expect("a line");
    assert_eq!(line.text, "查看诉求人信息:回访核实");
    let masked = h.get(&appeal_id).await;
    assert_eq!(masked.incident_place, "徐州市泉山区***");
    assert_eq!(
        masked.appellant.expect("an appellant").identity_number,
        "110**************X"
    );
}

#[tokio::test]
async fn a_record_of_disclosure_can_not_be_altered_by_the_service() {
    let h = house().await;
    let denied = sqlx::query("DELETE FROM reveal").execute(h.bus.pool()).await;
    assert!(denied.is_err_and(|error| error.to_string().contains("permission denied")));
}

/// Everything that must work for an appeal that was registered under older keys.
async fn works(h: &House, desk: &Desk, answer: &proto::RegisterAppealResponse) {
    let appeal = answer.appeal.as_ref().expect("an appeal");
    let get = proto::GetAppealRequest {
        appeal: appeal.number.clone(),
    };
    let seen = desk
        .get_appeal(by_agent(get))
        .await
        .expect("found")
        .into_inner()
        .appeal
        .expect("an appeal");
    assert_eq!(seen.appellant, appeal.appellant);
    let list = proto::ListAppealsRequest {
        telephone: TELEPHONE.into(),
        ..Default::default()
    };
    let found = desk
        .list_appeals(by_agent(list))
        .await
        .expect("a page")
        .into_inner()
        .appeals;
    assert_eq!(found.len(), 1);
    h.advance(61);
    let track = proto::TrackAppealRequest {
        number: appeal.number.clone(),
        tracking_code: answer.tracking_code.clone(),
    };
    desk.track_appeal(Request::new(track)).await.expect("tracked");
}

#[tokio::test]
async fn a_rotation_loses_nothing_and_frees_the_older_keys() {
    let h = house().await;
    let mut ring = Keyring::generate(Suite::Aes256Gcm, morning());
    let under = |ring: &Keyring| register_of(&h.rt, &h.bus, Arc::new(Vault::from_keyring(ring.clone())));
    let first = Desk::new(under(&ring));
    let answer = first
        .register_appeal(by_agent(telling("k")))
        .await
        .expect("registered")
        .into_inner();
    ring.rotate(Suite::Sm4Gcm, morning());
    ring.rotate_index(IndexSuite::HmacSm3, morning());
    let intake = under(&ring);
    let second = Desk::new(Arc::clone(&intake));
    works(&h, &second, &answer).await;
    let replayed = second
        .register_appeal(by_agent(telling("k")))
        .await
        .expect("replayed")
        .into_inner();
    assert!(replayed.replayed && replayed.tracking_code == answer.tracking_code);
    assert_eq!(intake.reseal_aged().await.expect("resealed"), 1);
    assert_eq!(intake.reseal_aged().await.expect("nothing left"), 0);
    ring.forget(1).expect("forgotten");
    ring.forget_index(1).expect("forgotten");
    works(&h, &Desk::new(under(&ring)), &answer).await;
}

#[tokio::test]
async fn who_reported_is_shown_to_the_cleared_alone() {
    let h = house().await;
    let mut report = telling("k");
    report.r#type = hotline_proto::common::v1::AppealType::Report.into();
    let appeal = h
        .register(report)
        .await
        .expect("registered")
        .appeal
        .expect("an appeal");
    assert_eq!(appeal.secrecy(), hotline_proto::common::v1::Secrecy::Report);
    let reveal = |role: &str| {
        let request = proto::RevealAppellantRequest {
            appeal_id: appeal.appeal_id.clone(),
            reason: "回访核实情况".into(),
        };
        h.desk.reveal_appellant(by(&[role], request))
    };
    for role in ["agent", "enterprise_desk"] {
        let status = reveal(role).await.expect_err("not cleared");
        assert_eq!(status.code(), tonic::Code::PermissionDenied, "{role}");
    }
    assert_eq!(h.count("SELECT count(*) FROM reveal").await, 0);
    for role in ["callback_agent", "team_leader", "service"] {
        reveal(role).await.expect("cleared");
    }
}
