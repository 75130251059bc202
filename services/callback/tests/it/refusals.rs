//! Every refusal, by its code, field and article; none of them changes anything.

use crate::house::{House, agent, by, complete};
use crate::*;

fn refused(status: &Status, code: Code, reason: &str, field: &str) {
    let details = status.get_error_details();
    assert_eq!(status.code(), code, "{status}");
    assert_eq!(
        details.error_info().map(|info| info.reason.as_str()),
        Some(reason)
    );
    let named = details
        .bad_request()
        .map(|bad| bad.field_violations[0].field.clone());
    assert_eq!(named.as_deref().unwrap_or_default(), field, "{reason}");
}

#[tokio::test]
async fn every_bad_request_is_refused_and_changes_nothing() {
    let house = House::open().await;
    let callback = house.settled().await;
    let desk = &house.desk;
    let good = complete(&callback, Satisfaction::Satisfied, "");

    let completes = [
        (
            CompleteCallbackRequest {
                callback_id: "17".into(),
                ..good.clone()
            },
            Code::InvalidArgument,
            "id_invalid",
            "callback_id",
        ),
        (
            CompleteCallbackRequest {
                callback_id: Uuid::nil().to_string(),
                ..good.clone()
            },
            Code::NotFound,
            "absent",
            "callback_id",
        ),
        (
            CompleteCallbackRequest {
                version: 7,
                ..good.clone()
            },
            Code::Aborted,
            "stale",
            "version",
        ),
        (
            CompleteCallbackRequest {
                satisfaction: 0,
                ..good.clone()
            },
            Code::InvalidArgument,
            "value_unknown",
            "satisfaction",
        ),
        (
            CompleteCallbackRequest {
                satisfaction: 99,
                ..good.clone()
            },
            Code::InvalidArgument,
            "value_unknown",
            "satisfaction",
        ),
        (
            CompleteCallbackRequest {
                satisfaction: 4,
                ..good.clone()
            },
            Code::InvalidArgument,
            "reason_missing",
            "reason",
        ),
        (
            CompleteCallbackRequest {
                reason: "x".repeat(2_001),
                ..good.clone()
            },
            Code::InvalidArgument,
            "text_too_long",
            "reason",
        ),
        (
            CompleteCallbackRequest {
                reason: "a\u{202e}b".into(),
                ..good.clone()
            },
            Code::InvalidArgument,
            "text_unprintable",
            "reason",
        ),
        (
            CompleteCallbackRequest {
                reason: "a\u{7}b".into(),
                ..good.clone()
            },
            Code::InvalidArgument,
            "text_unprintable",
            "reason",
        ),
    ];
    for (asked, code, reason, field) in completes {
        let status = desk
            .complete_callback(by(agent(), asked))
            .await
            .expect_err(reason);
        refused(&status, code, &format!("callback.{reason}"), field);
    }
    let tried = RecordAttemptRequest {
        callback_id: callback.callback_id.clone(),
        version: 0,
        result: "asleep".into(),
    };
    let status = desk
        .record_attempt(by(agent(), tried))
        .await
        .expect_err("refused");
    refused(&status, Code::InvalidArgument, "callback.value_unknown", "result");
    let judged = JudgeBadAnswerRequest {
        callback_id: callback.callback_id.clone(),
        ..Default::default()
    };
    let status = desk
        .judge_bad_answer(by(agent(), judged.clone()))
        .await
        .expect_err("refused");
    refused(
        &status,
        Code::InvalidArgument,
        "callback.value_unknown",
        "verdict",
    );
    let early = JudgeBadAnswerRequest {
        verdict: Verdict::Redo.into(),
        reason: "x".into(),
        ..judged
    };
    let status = desk
        .judge_bad_answer(by(agent(), early))
        .await
        .expect_err("refused");
    refused(&status, Code::FailedPrecondition, "callback.state_wrong", "");
    let listed = ListCallbacksRequest {
        state: 99,
        ..Default::default()
    };
    let status = desk
        .list_callbacks(by(agent(), listed))
        .await
        .expect_err("refused");
    refused(&status, Code::InvalidArgument, "callback.value_unknown", "state");
    let listed = ListCallbacksRequest {
        page_token: "x".into(),
        ..Default::default()
    };
    let status = desk
        .list_callbacks(by(agent(), listed))
        .await
        .expect_err("refused");
    refused(&status, Code::InvalidArgument, "page.token_invalid", "page_token");

    assert_eq!(house.get(&callback.callback_id).await, callback);
    assert!(house.told::<CallbackCompleted>().await.is_empty());
}

#[tokio::test]
async fn a_refusal_names_its_article() {
    let house = House::open().await;
    let bad = complete(&house.settled().await, Satisfaction::Dissatisfied, "");
    let status = house
        .desk
        .complete_callback(by(agent(), bad))
        .await
        .expect_err("refused");
    let info = status.get_error_details().error_info().cloned().expect("details");
    assert_eq!(info.metadata.get("article").map(String::as_str), Some("12(5)"));
}

#[tokio::test]
async fn a_call_back_of_another_or_before_its_time_is_refused() {
    let house = House::open().await;
    let callback = house.settled().await;
    let claim = ClaimCallbackRequest {
        callback_id: callback.callback_id.clone(),
        version: 0,
    };
    house
        .desk
        .claim_callback(by(agent(), claim.clone()))
        .await
        .expect("claimed");
    let other = || Caller::new("u-other", &["callback_agent"]);
    let status = house
        .desk
        .claim_callback(by(other(), claim.clone()))
        .await
        .expect_err("refused");
    refused(&status, Code::Aborted, "callback.claimed", "");
    let tried = RecordAttemptRequest {
        callback_id: callback.callback_id.clone(),
        version: 0,
        result: "busy".into(),
    };
    house
        .desk
        .record_attempt(by(agent(), tried))
        .await
        .expect("recorded");
    let status = house
        .desk
        .claim_callback(by(other(), claim))
        .await
        .expect_err("refused");
    refused(&status, Code::FailedPrecondition, "callback.not_due", "");
}

#[test]
fn every_refusal_has_words_and_a_name_of_its_own() {
    let ids: HashSet<_> = REFUSALS.iter().map(|code| code.id).collect();
    assert_eq!(ids.len(), REFUSALS.len());
    for code in REFUSALS {
        assert!(
            [code.zh, code.en, code.remedy_zh, code.remedy_en]
                .iter()
                .all(|words| !words.is_empty()),
            "{}",
            code.id
        );
    }
}
