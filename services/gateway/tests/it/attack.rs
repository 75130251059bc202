//! What a page of another site, a frame, a crafted path or a stolen form can do: nothing.

use hotline_proto::gateway::v1::{GetSessionRequest, GetSessionResponse};
use hotline_proto::intake::v1::{TrackAppealRequest, TrackAppealResponse};

use crate::stage::{PASSWORD, Stage};

const GET_SESSION: &str = "hotline.gateway.v1.SessionService/GetSession";

#[tokio::test]
async fn a_call_from_another_site_is_refused_although_the_cookie_came_along() {
    let stage = Stage::open().await;
    let (_, mut browser) = stage.signed_in("zhang.san", "agent").await;
    let own = format!("http://{}", stage.addr);
    let cases: [&[(&str, &str)]; 5] = [
        &[("origin", &own)],
        &[("x-hotline-csrf", "1"), ("origin", "http://evil.example")],
        &[("x-hotline-csrf", "1"), ("origin", "null")],
        &[("x-hotline-csrf", "1"), ("sec-fetch-site", "cross-site")],
        &[("x-hotline-csrf", "1"), ("sec-fetch-site", "same-site")],
    ];
    for headers in cases {
        let refused: Result<GetSessionResponse, i32> = browser
            .call_with(GET_SESSION, &GetSessionRequest {}, headers)
            .await;
        assert_eq!(refused, Err(7), "{headers:?}");
    }
    // A token of one's own opens nothing here: the session speaks alone.
    let headers = [("x-hotline-csrf", "1"), ("authorization", "Bearer x")];
    let told: Result<GetSessionResponse, i32> = stage
        .browser()
        .call_with(GET_SESSION, &GetSessionRequest {}, &headers)
        .await;
    assert_eq!(told, Err(16));
}

#[tokio::test]
async fn a_form_of_another_site_or_without_proof_is_refused() {
    let stage = Stage::open().await;
    let (_, mut browser) = stage.signed_in("zhang.san", "agent").await;
    let proof = browser.get("/account").await.after("name=\"form\" value=\"");
    let fields = [("form", proof.as_str())];
    assert_eq!(
        browser.post_as("/sign-out", "cross-site", &fields).await.status,
        403
    );
    for fields in [&[][..], &[("form", "0000")][..]] {
        assert_eq!(
            browser.post_as("/sign-out", "same-origin", fields).await.status,
            403
        );
    }
    let mut fresh = stage.browser();
    let sent = [
        ("username", "zhang.san"),
        ("password", PASSWORD),
        ("form", &proof),
    ];
    assert_eq!(
        fresh.post_as("/sign-in", "same-origin", &sent).await.status,
        403,
        "another browser's proof"
    );
    assert_eq!(
        browser.get("/sign-out").await.status,
        200,
        "a link alone signs nobody out"
    );
    assert_eq!(browser.get("/account").await.status, 200);
}

#[tokio::test]
async fn every_answer_forbids_frames_foreign_scripts_and_guessing() {
    let stage = Stage::open().await;
    std::fs::create_dir(stage.web.path().join("assets")).expect("a folder");
    std::fs::write(stage.web.path().join("assets/a-1.js"), "1").expect("writes");
    let (_, mut browser) = stage.signed_in("zhang.san", "agent").await;
    let unbuilt = browser.get("/desk/").await;
    assert!(unbuilt.status == 503 && unbuilt.body.contains("make web"));
    let html = "<html><head><script type=\"module\" nonce=\"__CSP_NONCE__\" src=\"/assets/a-1.js\"></script></head></html>";
    std::fs::write(stage.web.path().join("desk.html"), html).expect("writes");
    for path in [
        "/sign-in",
        "/account",
        "/desk/order/1",
        "/assets/a-1.js",
        "/nowhere",
        "/healthz",
    ] {
        let page = browser.get(path).await;
        let header = |name: &str| page.headers[name].to_str().expect("text").to_owned();
        let policy = header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(
            (header("x-content-type-options"), header("x-frame-options")),
            ("nosniff".to_owned(), "DENY".to_owned())
        );
    }
    let (one, two) = (browser.get("/desk/").await, browser.get("/desk/").await);
    let nonce = one.after("<meta name=\"csp-nonce\" content=\"");
    assert!(one.body.contains(&format!("nonce=\"{nonce}\" src")));
    let policy = one.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.contains(&format!("'nonce-{nonce}'")));
    assert_ne!(nonce, two.after("<meta name=\"csp-nonce\" content=\""));
    let asset = browser.get("/assets/a-1.js").await;
    assert!(
        asset.headers["cache-control"]
            .to_str()
            .expect("text")
            .contains("immutable")
    );
    for path in [
        "/assets/../desk.html",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "//etc/passwd",
    ] {
        let page = browser.get(path).await;
        assert!(
            page.status >= 300 && !page.body.contains("root:"),
            "{path}: {}",
            page.status
        );
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_sign_in_and_nowhere_else() {
    let stage = Stage::open().await;
    let page = stage.browser().get("/desk/order/7?tab=2").await;
    assert_eq!(page.location, "/sign-in?next=/desk/order/7%3Ftab%3D2");
    let (_, link) = stage.account("zhang.san", "agent").await;
    stage.browser().set_password(&link, PASSWORD).await;
    for (next, expected) in [
        ("/desk/order/7?tab=2", "/desk/order/7?tab=2"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
    ] {
        let fields = [("username", "zhang.san"), ("password", PASSWORD), ("next", next)];
        let entered = stage.browser().post("/sign-in", "/sign-in", &fields).await;
        assert_eq!(entered.location, expected, "{next}");
    }
    let told: Result<TrackAppealResponse, i32> = stage
        .browser()
        .call(
            "hotline.intake.v1.IntakeService/TrackAppeal",
            &TrackAppealRequest::default(),
        )
        .await;
    assert_eq!(
        told.err(),
        Some(12),
        "public, but the register is not in this process"
    );
    for closed in [
        "hotline.intake.v1.IntakeService/GetAppeal",
        "hotline.nothing.v1.Nothing/Do",
        "x",
    ] {
        let told: Result<GetSessionResponse, i32> = stage.browser().call(closed, &GetSessionRequest {}).await;
        assert_eq!(told, Err(16), "{closed}");
    }
}
