//! Sessions: how they end, by whom, and what follows at once.

use std::time::Duration;

use hotline_proto::gateway::v1::{
    EndOwnSessionRequest, EndOwnSessionResponse, EndSessionsRequest, GetSessionRequest, GetSessionResponse,
    ListOwnSessionsRequest, ListOwnSessionsResponse, ListSessionsRequest, LockAccountRequest,
};

use crate::browser::Browser;
use crate::stage::{PASSWORD, Stage};

const GET_SESSION: &str = "hotline.gateway.v1.SessionService/GetSession";
const OWN: &str = "hotline.gateway.v1.SessionService/ListOwnSessions";
const END_OWN: &str = "hotline.gateway.v1.SessionService/EndOwnSession";

async fn is_in(browser: &mut Browser) -> bool {
    let told: Result<GetSessionResponse, i32> = browser.call(GET_SESSION, &GetSessionRequest {}).await;
    told.is_ok()
}

async fn works(browser: &mut Browser) {
    let told: Result<ListOwnSessionsResponse, i32> = browser.call(OWN, &ListOwnSessionsRequest {}).await;
    told.expect("signed in");
}

#[tokio::test]
async fn a_session_ends_when_nobody_works_and_at_the_end_of_its_day() {
    let stage = Stage::open().await;
    let (_, mut idle) = stage.signed_in("zhang.san", "agent").await;
    let mut busy = stage.browser();
    busy.sign_in("zhang.san", PASSWORD).await;
    for _ in 0..3 {
        stage.rt.clock.advance(Duration::from_secs(10 * 60));
        works(&mut busy).await;
        // What a page asks by itself keeps nobody signed in.
        is_in(&mut idle).await;
    }
    assert!(!is_in(&mut idle).await);
    assert!(is_in(&mut busy).await);
    for _ in 0..45 {
        stage.rt.clock.advance(Duration::from_secs(15 * 60));
        works(&mut busy).await;
    }
    stage.rt.clock.advance(Duration::from_secs(15 * 60));
    assert!(!is_in(&mut busy).await, "12 hours after sign-in");
}

#[tokio::test]
async fn an_ended_session_is_refused_at_once() {
    let stage = Stage::open().await;
    let (account, mut first) = stage.signed_in("zhang.san", "agent").await;
    let mut second = stage.browser();
    second.sign_in("zhang.san", PASSWORD).await;
    let own: ListOwnSessionsResponse = first
        .call(OWN, &ListOwnSessionsRequest {})
        .await
        .expect("signed in");
    assert_eq!(own.sessions.len(), 2);
    let here = own.sessions.iter().filter(|session| session.current);
    assert_eq!(here.count(), 1);
    assert!(is_in(&mut second).await);
    let others = EndOwnSessionRequest::default();
    let ended: EndOwnSessionResponse = first.call(END_OWN, &others).await.expect("ends");
    assert_eq!(ended.ended, 1);
    assert!(!is_in(&mut second).await && is_in(&mut first).await);

    let (_, mut stranger) = stage.signed_in("li.si", "agent").await;
    let foreign = EndOwnSessionRequest {
        session_id: own.sessions[0].id.clone(),
    };
    let refused: Result<EndOwnSessionResponse, i32> = stranger.call(END_OWN, &foreign).await;
    assert_eq!(refused, Err(5), "another's session is unknown");

    let request = ListSessionsRequest {
        account_id: account.id.clone(),
    };
    let listed = stage.accounts().list_sessions(request).await.expect("lists");
    assert_eq!(listed.into_inner().sessions.len(), 1);
    let request = EndSessionsRequest {
        account_id: account.id.clone(),
        session_id: String::new(),
    };
    stage.accounts().end_sessions(request).await.expect("ends");
    assert!(!is_in(&mut first).await);
    let mut third = stage.browser();
    third.sign_in("zhang.san", PASSWORD).await;
    let request = LockAccountRequest {
        account_id: account.id,
        reason: "离岗".into(),
    };
    stage.accounts().lock_account(request).await.expect("locks");
    assert!(!is_in(&mut third).await);
    assert_eq!(stage.browser().sign_in("zhang.san", PASSWORD).await.status, 401);
}

#[tokio::test]
async fn a_sign_in_takes_over_no_session_that_was_there_before() {
    let stage = Stage::open().await;
    let (_, mut browser) = stage.signed_in("zhang.san", "agent").await;
    let old = browser.cookies["hotline_session"].clone();
    let mut planted = stage.browser();
    planted
        .cookies
        .insert("hotline_session".into(), "planted-by-somebody".into());
    planted.sign_in("zhang.san", PASSWORD).await;
    assert_ne!(planted.cookies["hotline_session"], "planted-by-somebody");
    // Signing in again in the same browser ends the session that it had.
    browser.post_again("zhang.san", PASSWORD).await;
    assert_ne!(browser.cookies["hotline_session"], old);
    let mut thief = stage.browser();
    thief.cookies.insert("hotline_session".into(), old);
    assert!(!is_in(&mut thief).await);
    assert!(is_in(&mut browser).await);
}
