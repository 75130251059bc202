//! Ways in: a one-time link, a password, a second factor; and how they are kept shut.

use std::time::Duration;

use hotline_proto::gateway::v1::{
    Account, GetAccountRequest, GetSessionRequest, GetSessionResponse, IssueLinkRequest,
    OpenFirstAccountRequest,
};

use crate::stage::{PASSWORD, Stage};

const GET_SESSION: &str = "hotline.gateway.v1.SessionService/GetSession";

/// Seconds of a code.
const STEP: Duration = Duration::from_secs(30);

async fn read(stage: &Stage, id: &str) -> Account {
    let request = GetAccountRequest {
        account_id: id.to_owned(),
    };
    let read = stage.accounts().get_account(request).await.expect("reads");
    read.into_inner().account.expect("an account")
}

#[tokio::test]
async fn a_link_sets_a_password_signs_in_and_works_once() {
    let stage = Stage::open().await;
    let (account, link) = stage.account("zhang.san", "unit_clerk").await;
    let mut browser = stage.browser();
    assert_eq!(browser.get(&link).await.status, 200, "opening it uses nothing up");
    for weak in ["short", "password1234", "zhang.san-1a2b3c"] {
        assert_eq!(browser.set_password(&link, weak).await.status, 422, "{weak}");
    }
    let entered = browser.set_password(&link, PASSWORD).await;
    assert_eq!((entered.status, entered.location.as_str()), (303, "/desk/"));
    let cookie = entered.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
    assert_eq!(stage.browser().get(&link).await.status, 404);
    let who: GetSessionResponse = browser
        .call(GET_SESSION, &GetSessionRequest {})
        .await
        .expect("signed in");
    assert_eq!(
        (who.account_id, who.roles, who.unit_id),
        (
            account.id,
            vec!["unit_clerk".to_owned()],
            "xz-education".to_owned()
        )
    );
    assert!(who.expires_at.is_some() && who.city == "xuzhou" && who.unit_name == "市教育局");
    let left = browser.post("/sign-out", "/sign-out", &[]).await;
    assert_eq!(left.location, "/sign-in");
    assert!(!browser.cookies.contains_key("hotline_session"));
}

#[tokio::test]
async fn a_link_ends_after_a_day_or_with_a_newer_one() {
    let stage = Stage::open().await;
    let (account, link) = stage.account("zhang.san", "agent").await;
    let request = IssueLinkRequest {
        account_id: account.id,
        reset_second_factor: false,
    };
    let newer = stage.accounts().issue_link(request).await.expect("issued");
    let newer = newer.into_inner().link.expect("a link").url;
    assert_eq!(stage.browser().get(&link).await.status, 404);
    let newer = &newer[format!("http://{}", stage.addr).len()..];
    assert_eq!(stage.browser().get(newer).await.status, 200);
    stage.rt.clock.advance(Duration::from_secs(24 * 3_600));
    assert_eq!(stage.browser().get(newer).await.status, 404);
}

#[tokio::test]
async fn without_a_second_factor_nobody_is_signed_in_where_it_is_required() {
    let stage = Stage::with(|_| {}).await;
    let (account, link) = stage.account("zhang.san", "agent").await;
    let mut browser = stage.browser();
    let half = browser.set_password(&link, PASSWORD).await;
    assert_eq!(half.location, "/sign-in/code");
    assert_eq!(
        browser
            .call::<GetSessionResponse>(GET_SESSION, &GetSessionRequest {})
            .await,
        Err(16)
    );
    let page = browser.get("/sign-in/code").await;
    assert!(page.body.contains("<svg"), "{}", page.body);
    let secret = page.after("id=\"secret\">");
    let code = |code: String| [("code".to_owned(), code)];
    let wrong = code("000000".into());
    let wrong = [(wrong[0].0.as_str(), wrong[0].1.as_str())];
    let refused = browser.post("/sign-in/code", "/sign-in/code", &wrong).await;
    assert_eq!(refused.status, 401);
    let right = stage.code(&secret);
    let entered = browser
        .post("/sign-in/code", "/sign-in/code", &[("code", &right)])
        .await;
    assert_eq!(entered.status, 200, "{}", entered.body);
    let recovery = entered.after("<li><code>");
    assert!(
        browser
            .call::<GetSessionResponse>(GET_SESSION, &GetSessionRequest {})
            .await
            .is_ok()
    );
    assert!(read(&stage, &account.id).await.has_second_factor);

    let mut second = stage.browser();
    assert_eq!(
        second.sign_in("zhang.san", PASSWORD).await.location,
        "/sign-in/code"
    );
    let replayed = second
        .post("/sign-in/code", "/sign-in/code", &[("code", &right)])
        .await;
    assert_eq!(replayed.status, 401, "a code is good for once");
    stage.rt.clock.advance(STEP);
    let fresh = stage.code(&secret);
    let entered = second
        .post("/sign-in/code", "/sign-in/code", &[("code", &fresh)])
        .await;
    assert_eq!((entered.status, entered.location.as_str()), (303, "/desk/"));

    for expected in [303, 401] {
        let mut third = stage.browser();
        third.sign_in("zhang.san", PASSWORD).await;
        let typed = recovery.to_uppercase();
        let entered = third
            .post("/sign-in/code", "/sign-in/code", &[("code", &typed)])
            .await;
        assert_eq!(entered.status, expected, "a recovery code is good for once");
    }
}

#[tokio::test]
async fn wrong_passwords_wait_and_nobody_learns_who_has_an_account() {
    let stage = Stage::open().await;
    let (_, link) = stage.account("zhang.san", "agent").await;
    stage.browser().set_password(&link, PASSWORD).await;
    let mut answers = Vec::new();
    for name in ["zhang.san", "nobody", "x' or '1'='1"] {
        let page = stage.browser().sign_in(name, "not the password").await;
        let text = page
            .body
            .replace(name, "")
            .replace("x&#39; or &#39;1&#39;=&#39;1", "");
        let text = text
            .split("name=\"form\"")
            .map(|part| part.split_once('>').map_or(part, |(_, rest)| rest));
        answers.push((page.status, text.collect::<String>()));
    }
    assert_eq!(answers[0].0, 401);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, answers[2].0);
    for _ in 0..4 {
        stage.browser().sign_in("zhang.san", "not the password").await;
    }
    let waits = stage.browser().sign_in("zhang.san", PASSWORD).await;
    assert_eq!((waits.status, &waits.body.len()), (401, &waits.body.len()));
    stage.rt.clock.advance(Duration::from_secs(61));
    assert_eq!(stage.browser().sign_in("zhang.san", PASSWORD).await.status, 303);
    for _ in 0..30 {
        stage.browser().sign_in("nobody", "not the password").await;
    }
    let waits = stage.browser().sign_in("zhang.san", PASSWORD).await;
    assert_eq!(waits.status, 429, "an address that guesses waits");
    let seconds: i64 = waits.headers["retry-after"]
        .to_str()
        .expect("text")
        .parse()
        .expect("a number");
    assert!((1..=3_600).contains(&seconds));
}

#[tokio::test]
async fn a_password_of_before_does_not_come_back() {
    let stage = Stage::open().await;
    let (_, mut browser) = stage.signed_in("zhang.san", "agent").await;
    let mut other = stage.browser();
    other.sign_in("zhang.san", PASSWORD).await;
    let change = async |browser: &mut crate::browser::Browser, old: &str, new: &str| {
        let fields = [("old", old), ("password", new), ("again", new)];
        browser
            .post("/account", "/account/password", &fields)
            .await
            .status
    };
    assert_eq!(
        change(&mut browser, "wrong wrong wrong", "four loud geese").await,
        422
    );
    assert_eq!(change(&mut browser, PASSWORD, PASSWORD).await, 422);
    assert_eq!(change(&mut browser, PASSWORD, "four loud geese").await, 200);
    assert_eq!(change(&mut browser, "four loud geese", PASSWORD).await, 422);
    assert_eq!(other.get("/account").await.status, 303, "other sessions ended");
    assert_eq!(stage.browser().sign_in("zhang.san", PASSWORD).await.status, 401);
}

#[tokio::test]
async fn a_first_start_makes_one_administrator_of_security_until_somebody_signed_in() {
    let stage = Stage::open().await;
    let first = async || {
        let opened = stage
            .accounts()
            .open_first_account(OpenFirstAccountRequest {})
            .await;
        opened.expect("answers").into_inner()
    };
    let (old, new) = (first().await, first().await);
    assert_eq!(old.username, "security");
    let path = |link: Option<hotline_proto::gateway::v1::OneTimeLink>| {
        let url = link.expect("a link").url;
        url[format!("http://{}", stage.addr).len()..].to_owned()
    };
    assert_eq!(
        stage.browser().get(&path(old.link)).await.status,
        404,
        "the newer counts"
    );
    let mut browser = stage.browser();
    assert_eq!(browser.set_password(&path(new.link), PASSWORD).await.status, 303);
    assert!(first().await.link.is_none());
    let account = read(&stage, "security").await;
    assert_eq!(account.roles, ["security_admin"]);
}
