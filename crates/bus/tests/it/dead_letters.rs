//! An event that cannot be applied is set aside, holds back only its own appeal, and can be replayed.

use std::sync::PoisonError;

use hotline_proto::bus::v1::journal_service_client::JournalServiceClient;
use hotline_proto::bus::v1::{ListDeadLettersRequest, ReplayDeadLettersRequest};
use hotline_runtime::Caller;
use tonic::Request;

use crate::platform::Platform;

fn asked<T>(platform: &Platform, message: T) -> Request<T> {
    let operator = Caller::new("tester", &["operator"]);
    let token = platform
        .test
        .runtime
        .tokens
        .issue(&operator, std::time::Duration::from_secs(60))
        .expect("a token");
    let mut request = Request::new(message);
    let value = format!("Bearer {token}").parse().expect("a header");
    request.metadata_mut().insert("authorization", value);
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_appeal_waits_alone_and_is_replayed_in_order() {
    let platform = Platform::start().await;
    let beta = &platform.process.talkers[1];
    let bad = platform.process.buses[0].new_id();
    beta.chokes_on
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(bad);
    platform.say_about(bad).await;
    platform.say(20).await;
    platform.say_about(bad).await;
    platform.settles().await;

    let channel = platform.test.runtime.peers.channel("beta").expect("a channel");
    let mut journal = JournalServiceClient::new(channel);
    let list = ListDeadLettersRequest {
        service: "beta".into(),
        ..Default::default()
    };
    let letters = journal
        .list_dead_letters(asked(&platform, list.clone()))
        .await
        .expect("lists")
        .into_inner();
    assert_eq!(
        letters.dead_letters.len(),
        2,
        "both events of the appeal, and no other"
    );
    assert!(letters.dead_letters[0].error.contains("chokes"));
    assert!(
        letters.dead_letters[1].error.is_empty(),
        "the second only waits behind the first"
    );

    let replay = ReplayDeadLettersRequest {
        service: "beta".into(),
        root: bad.to_string(),
    };
    let still = journal
        .replay_dead_letters(asked(&platform, replay.clone()))
        .await
        .expect("replays")
        .into_inner();
    assert_eq!(
        (still.replayed, still.failed),
        (0, 1),
        "the second waits for the first"
    );

    beta.chokes_on
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clear();
    let cured = journal
        .replay_dead_letters(asked(&platform, replay))
        .await
        .expect("replays")
        .into_inner();
    // What answers the first may come behind the second before that is replayed.
    assert!(cured.replayed >= 2 && cured.failed == 0, "{cured:?}");
    crate::platform::settles_by_appeal(&platform.process.buses).await;
    let none = journal
        .list_dead_letters(asked(&platform, list))
        .await
        .expect("lists")
        .into_inner();
    assert!(none.dead_letters.is_empty());
    platform.process.stop();
}
