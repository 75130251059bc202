//! Commands on registered appeals, through the service: what moves, what is refused, what is told.

use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, AppealState, RegisterAppealRequest};
use tonic::Code::{Aborted, AlreadyExists, FailedPrecondition, InvalidArgument, NotFound, PermissionDenied};

use crate::support::{House, by, by_agent, by_leader, house, refused, request};

fn reject(id: &str, code: &str, explanation: &str) -> proto::RejectAppealRequest {
    let [appeal_id, code, explanation] = [id, code, explanation].map(str::to_owned);
    proto::RejectAppealRequest {
        appeal_id,
        version: 0,
        code,
        explanation,
        guidance: String::new(),
        earlier_appeal: String::new(),
    }
}

fn refer(id: &str) -> proto::ReferAppealRequest {
    proto::ReferAppealRequest {
        appeal_id: id.into(),
        version: 0,
        question: "是否属于我市".into(),
    }
}

fn accept(id: &str, version: i64) -> proto::AcceptAppealRequest {
    proto::AcceptAppealRequest {
        appeal_id: id.into(),
        version,
    }
}

fn merge(id: &str, into: &str) -> proto::MergeAppealRequest {
    proto::MergeAppealRequest {
        appeal_id: id.into(),
        version: 0,
        into_appeal_id: into.into(),
    }
}

fn urge(id: &str, key: &str, note: &str) -> proto::UrgeAppealRequest {
    let [appeal_id, idempotency_key, note] = [id, key, note].map(str::to_owned);
    proto::UrgeAppealRequest {
        appeal_id,
        idempotency_key,
        note,
    }
}

async fn last(house: &House, id: &str) -> proto::TimelineEntry {
    house.timeline(id).await.pop().expect("a line")
}

#[tokio::test]
async fn a_rejection_names_its_article_and_where_to_go() {
    let h = house().await;
    let id = h.registered("k").await.appeal_id;
    let unknown = h
        .desk
        .reject_appeal(by_agent(reject(&id, "mood", "不想办")))
        .await;
    refused(unknown, InvalidArgument, "appeal.reject_code", "code", "");
    let silent = h
        .desk
        .reject_appeal(by_agent(reject(&id, "outside_jurisdiction", " ")))
        .await;
    refused(silent, InvalidArgument, "text.required", "explanation", "");
    let dropped = h
        .desk
        .reject_appeal(by_agent(reject(&id, "emergency", "紧急")))
        .await;
    refused(dropped, FailedPrecondition, "appeal.hand_over", "code", "10(5)");
    let words = "该路段在外市,您的号码13812345678已记录";
    let done = h
        .desk
        .reject_appeal(by_agent(reject(&id, "outside_jurisdiction", words)))
        .await
        .expect("rejected");
    let appeal = done.into_inner().appeal.expect("an appeal");
    assert_eq!(
        (appeal.state(), appeal.reject_code.as_str(), appeal.version),
        (AppealState::Rejected, "outside_jurisdiction", 2)
    );
    assert!(appeal.disposition.contains("区号加12345") && !appeal.disposition.contains("13812345678"));
    assert_eq!(last(&h, &id).await.article, "10(1)");
    let late = h.desk.accept_appeal(by_agent(accept(&id, 0))).await;
    refused(late, FailedPrecondition, "appeal.disposed", "", "");
}

#[tokio::test]
async fn a_referred_appeal_is_a_leader_s() {
    let h = house().await;
    let id = h.registered("k").await.appeal_id;
    h.desk.refer_appeal(by_agent(refer(&id))).await.expect("referred");
    for answer in [
        h.desk.accept_appeal(by_agent(accept(&id, 0))).await.map(drop),
        h.desk.refer_appeal(by_agent(refer(&id))).await.map(drop),
        h.desk
            .reject_appeal(by_agent(reject(&id, "other", "不属于")))
            .await
            .map(drop),
    ] {
        refused(answer, PermissionDenied, "appeal.leader_decides", "", "11");
    }
    h.desk
        .refer_appeal(by_leader(refer(&id)))
        .await
        .expect("one level up");
    assert!(last(&h, &id).await.text.contains("第2级(热线负责人)"));
    let appeal = h.get(&id).await;
    assert_eq!(
        (appeal.referral_level, appeal.decider.as_str()),
        (2, "supervisor")
    );
    let below = h.desk.accept_appeal(by_leader(accept(&id, 0))).await;
    refused(below, PermissionDenied, "appeal.leader_decides", "", "11");
    let accepted = h
        .desk
        .accept_appeal(by(&["supervisor"], accept(&id, 0)))
        .await
        .expect("accepted")
        .into_inner();
    assert_eq!(accepted.appeal.expect("an appeal").state(), AppealState::Accepted);
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    let h = house().await;
    let appeal = h.registered("k").await;
    h.desk
        .refer_appeal(by_agent(refer(&appeal.appeal_id)))
        .await
        .expect("referred");
    let stale = h
        .desk
        .accept_appeal(by_leader(accept(&appeal.appeal_id, appeal.version)))
        .await;
    refused(stale, Aborted, "appeal.stale_version", "version", "");
    h.desk
        .accept_appeal(by_leader(accept(&appeal.appeal_id, appeal.version + 1)))
        .await
        .expect("accepted");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let h = house().await;
    for id in ["", "7", "0190a0b0-0000-7000-8000-000000000000"] {
        let answer = h.desk.accept_appeal(by_agent(accept(id, 0))).await;
        refused(answer, NotFound, "appeal.not_found", "appeal_id", "");
        let answer = h
            .desk
            .get_appeal(by_agent(proto::GetAppealRequest { appeal: id.into() }))
            .await;
        refused(answer, NotFound, "appeal.not_found", "appeal", "");
    }
}

#[tokio::test]
async fn an_answer_keeps_an_office_s_telephone_and_names_its_origin() {
    let h = house().await;
    let id = h.registered("k").await.appeal_id;
    let answer = |basis: &str| proto::AnswerAppealRequest {
        appeal_id: id.clone(),
        version: 0,
        answer: "请致电0516-83712345办理".into(),
        basis: basis.into(),
        reference: if basis == "knowledge" {
            String::new()
        } else {
            "K-1".into()
        },
    };
    let rumour = h.desk.answer_appeal(by_agent(answer("rumour"))).await;
    refused(rumour, InvalidArgument, "appeal.basis", "basis", "");
    let sourceless = h.desk.answer_appeal(by_agent(answer("knowledge"))).await;
    refused(
        sourceless,
        InvalidArgument,
        "appeal.knowledge_source",
        "reference",
        "",
    );
    let known = proto::AnswerAppealRequest {
        reference: "K-1".into(),
        ..answer("knowledge")
    };
    let done = h
        .desk
        .answer_appeal(by_agent(known))
        .await
        .expect("answered")
        .into_inner();
    let appeal = done.appeal.expect("an appeal");
    assert_eq!(
        (
            appeal.state(),
            appeal.disposition.as_str(),
            appeal.disposition_basis.as_str()
        ),
        (AppealState::Answered, "请致电0516-83712345办理", "K-1")
    );
}

#[tokio::test]
async fn an_emergency_is_transferred_by_one_key() {
    let h = house().await;
    let mut emergency = RegisterAppealRequest {
        accept: false,
        ..request("k")
    };
    emergency.urgency = common::Urgency::Emergency.into();
    emergency.appellant = None;
    let id = h
        .register(emergency)
        .await
        .expect("registered")
        .appeal
        .expect("an appeal")
        .appeal_id;
    let accepted = h.desk.accept_appeal(by_agent(accept(&id, 0))).await;
    refused(
        accepted,
        FailedPrecondition,
        "appeal.emergency",
        "urgency",
        "10(5)",
    );
    let transfer = |target: &str| proto::TransferAppealRequest {
        appeal_id: id.clone(),
        version: 0,
        target: target.into(),
        note: "三楼起火,报警人13812345678".into(),
        way: proto::TransferWay::OneKeyTransfer.into(),
    };
    let unknown = h.desk.transfer_appeal(by_agent(transfer("911"))).await;
    refused(unknown, InvalidArgument, "appeal.target", "target", "");
    let done = h
        .desk
        .transfer_appeal(by_agent(transfer("119")))
        .await
        .expect("transferred")
        .into_inner();
    let appeal = done.appeal.expect("an appeal");
    assert_eq!(appeal.state(), AppealState::Transferred);
    assert!(appeal.disposition.contains("119") && appeal.disposition.contains("138****5678"));
    assert_eq!(last(&h, &id).await.article, "10(5)");
}

#[tokio::test]
async fn a_merge_joins_one_open_appeal_and_can_be_undone() {
    let h = house().await;
    let main = h.accepted("main").await.appeal_id;
    let twin = h.registered("twin").await.appeal_id;
    let third = h.registered("third").await.appeal_id;
    let itself = h.desk.merge_appeal(by_agent(merge(&twin, &twin))).await;
    refused(itself, InvalidArgument, "appeal.merge_self", "into_appeal_id", "");
    let nowhere = h.desk.merge_appeal(by_agent(merge(&twin, "7"))).await;
    refused(nowhere, NotFound, "appeal.not_found", "into_appeal_id", "");
    let joined = h
        .desk
        .merge_appeal(by_agent(merge(&twin, &main)))
        .await
        .expect("joined")
        .into_inner();
    assert_eq!(joined.appeal.expect("an appeal").merged_into, main);
    let chain = h.desk.merge_appeal(by_agent(merge(&third, &twin))).await;
    refused(
        chain,
        FailedPrecondition,
        "appeal.merge_chain",
        "into_appeal_id",
        "",
    );
    h.desk
        .merge_appeal(by_agent(merge(&third, &main)))
        .await
        .expect("joined too");
    let unmerge = |id: &str| proto::UnmergeAppealRequest {
        appeal_id: id.into(),
        version: 0,
    };
    let undone = h
        .desk
        .unmerge_appeal(by_agent(unmerge(&twin)))
        .await
        .expect("undone")
        .into_inner();
    assert_eq!(undone.appeal.expect("an appeal").state(), AppealState::Registered);
    let twice = h.desk.unmerge_appeal(by_agent(unmerge(&twin))).await;
    refused(twice, FailedPrecondition, "appeal.not_merged", "", "");
    let withdraw = || proto::WithdrawAppealRequest {
        appeal_id: main.clone(),
        version: 0,
        reason: "已解决".into(),
    };
    let carrying = h.desk.withdraw_appeal(by_agent(withdraw())).await;
    refused(carrying, FailedPrecondition, "appeal.others_joined", "", "");
    h.desk
        .unmerge_appeal(by_agent(unmerge(&third)))
        .await
        .expect("undone");
    h.desk
        .withdraw_appeal(by_agent(withdraw()))
        .await
        .expect("withdrawn");
    let closed = h.desk.merge_appeal(by_agent(merge(&twin, &main))).await;
    refused(
        closed,
        FailedPrecondition,
        "appeal.merge_closed",
        "into_appeal_id",
        "",
    );
}

#[tokio::test]
async fn an_urge_is_counted_once_a_key() {
    let h = house().await;
    let id = h.accepted("k").await.appeal_id;
    let other = h.accepted("other").await.appeal_id;
    for _ in 0..2 {
        let done = h
            .desk
            .urge_appeal(by_agent(urge(&id, "u-1", "请尽快,13812345678")))
            .await
            .expect("urged");
        assert_eq!(done.into_inner().appeal.expect("an appeal").urge_count, 1);
    }
    let more = h
        .desk
        .urge_appeal(by_agent(urge(&id, "u-2", "")))
        .await
        .expect("urged")
        .into_inner();
    assert_eq!(more.appeal.expect("an appeal").urge_count, 2);
    for changed in [
        urge(&id, "u-1", "别的"),
        urge(&other, "u-1", "请尽快,13812345678"),
    ] {
        let answer = h.desk.urge_appeal(by_agent(changed)).await;
        refused(
            answer,
            AlreadyExists,
            "appeal.idempotency_key_reused",
            "idempotency_key",
            "",
        );
    }
    assert_eq!(h.count("SELECT count(*) FROM urge").await, 2);
    assert_eq!(
        h.count("SELECT count(*) FROM urge WHERE note LIKE '%13812345678%'")
            .await,
        0
    );
    let withdraw = proto::WithdrawAppealRequest {
        appeal_id: id.clone(),
        version: 0,
        reason: String::new(),
    };
    h.desk
        .withdraw_appeal(by_agent(withdraw))
        .await
        .expect("withdrawn");
    let late = h.desk.urge_appeal(by_agent(urge(&id, "u-3", ""))).await;
    refused(late, FailedPrecondition, "appeal.not_open", "", "");
    let replayed = h
        .desk
        .urge_appeal(by_agent(urge(&id, "u-2", "")))
        .await
        .expect("replayed")
        .into_inner();
    assert_eq!(replayed.appeal.expect("an appeal").urge_count, 2);
}

#[tokio::test]
async fn every_command_tells_the_bus_and_the_timeline() {
    let h = house().await;
    let id = h.registered("k").await.appeal_id;
    h.desk.refer_appeal(by_agent(refer(&id))).await.expect("referred");
    h.desk
        .accept_appeal(by_leader(accept(&id, 2)))
        .await
        .expect("accepted");
    h.desk
        .urge_appeal(by_agent(urge(&id, "u", "急")))
        .await
        .expect("urged");
    let withdraw = proto::WithdrawAppealRequest {
        appeal_id: id.clone(),
        version: 4,
        reason: "已解决".into(),
    };
    h.desk
        .withdraw_appeal(by_agent(withdraw))
        .await
        .expect("withdrawn");
    let told: Vec<String> = sqlx::query_scalar("SELECT type FROM outbox ORDER BY id, place")
        .fetch_all(h.bus.pool())
        .await
        .expect("the outbox");
    let lines: Vec<String> = h
        .timeline(&id)
        .await
        .into_iter()
        .map(|line| line.r#type)
        .collect();
    assert_eq!(told, lines);
    let names = [
        "AppealRegistered",
        "AppealReferred",
        "AppealAccepted",
        "AppealUrged",
        "AppealWithdrawn",
    ];
    assert_eq!(told, names.map(|name| format!("hotline.intake.v1.{name}")));
}
