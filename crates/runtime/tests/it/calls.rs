//! What a call meets at the gate: access, deadline, size, load, panics, traces; and calls between services.

use std::time::Duration;

use hotline_runtime::{Caller, Tokens};
use tempfile::TempDir;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use crate::probe::{Probed, call};

const MINUTE: Duration = Duration::from_secs(60);

fn reason(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}

#[tokio::test]
async fn access_is_as_the_contract_says_and_closed_without_it() {
    let probed = Probed::start(|_| {}).await;
    let bearer =
        |caller: &Caller, ttl| format!("Bearer {}", probed.rt.tokens.issue(caller, ttl).expect("issues"));
    let dispatcher = bearer(&Caller::new("u-1", &["dispatcher"]).of_unit("xz-01"), MINUTE);
    let clerk = bearer(&Caller::new("u-2", &["clerk"]), MINUTE);
    let other_dir = TempDir::new().expect("a folder");
    let other = Tokens::open(other_dir.path()).expect("opens");
    let foreign = format!(
        "Bearer {}",
        other.issue(&Caller::service(), MINUTE).expect("issues")
    );
    for (method, token, code, why) in [
        ("Dispatch", None, Code::Unauthenticated, "access.token_missing"),
        (
            "Dispatch",
            Some(&clerk),
            Code::PermissionDenied,
            "access.role_missing",
        ),
        (
            "Dispatch",
            Some(&foreign),
            Code::Unauthenticated,
            "access.token_invalid",
        ),
        (
            "Dispatch",
            Some(&"Basic eDp5".to_owned()),
            Code::Unauthenticated,
            "access.token_invalid",
        ),
        (
            "Dispatch",
            Some(&"Bearer".to_owned()),
            Code::Unauthenticated,
            "access.token_invalid",
        ),
        (
            "Open",
            Some(&foreign),
            Code::Unauthenticated,
            "access.token_invalid",
        ),
        (
            "Nobody",
            Some(&dispatcher),
            Code::PermissionDenied,
            "access.role_missing",
        ),
        (
            "Forgotten",
            Some(&dispatcher),
            Code::PermissionDenied,
            "access.method_closed",
        ),
        ("Forgotten", None, Code::PermissionDenied, "access.method_closed"),
        (
            "Unheard",
            Some(&dispatcher),
            Code::PermissionDenied,
            "access.method_closed",
        ),
    ] {
        let status = probed
            .call(method, "who", token.map(String::as_str))
            .await
            .expect_err(method);
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (code, why),
            "{method} {token:?}"
        );
    }
    assert_eq!(
        probed
            .call("Dispatch", "who", Some(&dispatcher))
            .await
            .expect("may"),
        "u-1/xz-01"
    );
    assert_eq!(
        probed.call("Open", "who", Some(&clerk)).await.expect("may"),
        "u-2/"
    );
    assert_eq!(probed.call("Open", "who", None).await.expect("may"), "/");
}

#[tokio::test]
async fn a_refused_caller_reads_why_in_their_language() {
    let probed = Probed::start(|_| {}).await;
    for (language, locale, word) in [("en-GB", "en", "sign in"), ("zh-CN", "zh-CN", "令牌")] {
        let mut request = Request::new(String::new());
        request
            .metadata_mut()
            .insert("accept-language", language.parse().expect("a value"));
        let status = call(probed.channel().await, "Dispatch", request)
            .await
            .expect_err("refused");
        let message = status.get_details_localized_message().expect("has a message");
        assert_eq!(message.locale, locale);
        assert!(message.message.contains(word), "{}", message.message);
    }
}

#[tokio::test]
async fn a_call_without_a_deadline_ends_at_the_default() {
    let probed = Probed::start(|settings| settings.grpc.deadline_default_ms = 200).await;
    let status = probed.call("Open", "forever", None).await.expect_err("late");
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn a_call_to_a_peer_ends_at_the_deadline_it_asks_for() {
    let far = Probed::start(|_| {}).await;
    let (url, keys) = (far.url(), far.rt.settings.keys_dir());
    let near = Probed::start(|settings| {
        settings.peers.insert("far".into(), url);
        settings.keys.dir = Some(keys);
    })
    .await;
    for peer in ["probe", "far"] {
        let mut request = Request::new("forever".to_owned());
        request.set_timeout(Duration::from_millis(50));
        let channel = near.rt.peers.channel(peer).expect("a channel");
        let status = call(channel, "Dispatch", request).await.expect_err("late");
        assert_eq!(status.code(), Code::DeadlineExceeded, "{peer}");
    }
}

#[tokio::test]
async fn a_caller_cannot_ask_for_more_than_the_most() {
    let probed = Probed::start(|settings| {
        settings.grpc.deadline_default_ms = 50;
        settings.grpc.deadline_max_ms = 100;
    })
    .await;
    let mut request = Request::new("forever".to_owned());
    request.set_timeout(MINUTE);
    let late = tokio::time::timeout(
        Duration::from_secs(10),
        call(probed.channel().await, "Open", request),
    );
    assert_eq!(
        late.await.expect("ends").expect_err("late").code(),
        Code::DeadlineExceeded
    );
}

#[tokio::test]
async fn a_request_over_the_size_limit_is_refused() {
    let probed = Probed::start(|settings| settings.grpc.message_max_bytes = 2_048).await;
    assert!(probed.call("Open", &"x".repeat(1_000), None).await.is_ok());
    let status = probed
        .call("Open", &"x".repeat(100_000), None)
        .await
        .expect_err("too large");
    assert_eq!(status.code(), Code::OutOfRange);
}

#[tokio::test]
async fn more_calls_than_the_most_at_once_are_shed_and_the_rest_go_on() {
    let probed = Probed::start(|settings| settings.grpc.concurrency_max = 1).await;
    let waiting = tokio::spawn(call(
        probed.channel().await,
        "Open",
        Request::new("forever".to_owned()),
    ));
    let shed = async {
        loop {
            if let Err(status) = probed.call("Open", "who", None).await {
                return status;
            }
        }
    };
    let status = tokio::time::timeout(Duration::from_secs(10), shed)
        .await
        .expect("sheds");
    assert_eq!(status.code(), Code::ResourceExhausted);
    waiting.abort();
    let served = async { while probed.call("Open", "who", None).await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(10), served)
        .await
        .expect("serves again");
}

#[tokio::test]
async fn a_panic_costs_its_own_call_only() {
    let probed = Probed::start(|_| {}).await;
    let channel = probed.channel().await;
    let status = call(channel.clone(), "Open", Request::new("panic".to_owned()))
        .await
        .expect_err("panics");
    assert_eq!(status.code(), Code::Internal);
    assert!(!status.message().contains("asked to"));
    assert!(
        call(channel, "Open", Request::new("who".to_owned()))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_service_in_this_process_is_called_as_the_installation() {
    let probed = Probed::start(|_| {}).await;
    assert_eq!(
        probed.call("Open", "relay", None).await.expect("relays"),
        "service/"
    );
}

#[tokio::test]
async fn a_service_in_another_process_is_called_the_same_way() {
    let far = Probed::start(|_| {}).await;
    let url = far.url();
    let keys = far.rt.settings.keys_dir();
    let near = Probed::start(|settings| {
        settings.peers.insert("probe".into(), url);
        settings.keys.dir = Some(keys);
    })
    .await;
    assert_eq!(
        near.call("Open", "relay", None).await.expect("relays"),
        "service/"
    );
}

#[tokio::test]
async fn a_service_that_does_not_run_yet_is_unavailable() {
    let dir = TempDir::new().expect("a folder");
    let settings = hotline_runtime::testing::offline_settings(dir.path());
    let rt = hotline_runtime::Runtime::build(settings).expect("builds");
    let channel = rt.peers.channel("probe").expect("a channel");
    let status = call(channel, "Open", Request::new(String::new()))
        .await
        .expect_err("nobody there");
    assert_eq!(status.code(), Code::Unavailable);
}
