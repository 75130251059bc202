//! What happens when a form of sign-in is opened or sent.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use hotline_bus::Fault;
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde::Deserialize;

use super::{Next, oidc, pages};
use crate::asker::{Asker, note, seconds};
use crate::cookie::Cookie;
use crate::ops::{BY_PROVIDER, Entered, Outcome};

/// Username and password.
#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    form: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// A code.
#[derive(Deserialize)]
pub struct Code {
    #[serde(default)]
    form: String,
    #[serde(default)]
    code: String,
}

/// A new password, twice.
#[derive(Deserialize)]
pub struct NewPassword {
    #[serde(default)]
    form: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// A form without fields.
#[derive(Deserialize)]
pub struct Empty {
    #[serde(default)]
    form: String,
}

/// The page of sign-in; whoever is signed in goes on.
pub async fn ask(asker: Asker, Query(Next { next }): Query<Next>) -> Response {
    match asker.signed().await {
        Ok(None) => pages::sign_in(&asker, StatusCode::OK, &next, "", None),
        Ok(Some(_)) => asker.go(crate::domain::next_page(&next), &[]),
        Err(response) => response,
    }
}

/// Username and password came.
pub async fn enter(asker: Asker, Form(sent): Form<SignIn>) -> Response {
    if let Err(response) = asker.check(&sent.form) {
        return response;
    }
    let (people, visitor) = (&asker.door.people, asker.visitor());
    let entering = people.enter(&visitor, &sent.username, &sent.password, &sent.next);
    let wrong = |asker: &Asker| {
        let text = asker.say(
            "用户名或密码不正确,或账号暂不可用。连续输错会暂停片刻。",
            "Username or password is not right, or the account is not open now. Repeated failures wait a while.",
        );
        let status = StatusCode::UNAUTHORIZED;
        pages::sign_in(asker, status, &sent.next, &sent.username, Some(text))
    };
    answer(&asker, entering.await, wrong)
}

/// The page for the code.
pub async fn ask_code(asker: Asker) -> Response {
    code_page(&asker, StatusCode::OK, None).await
}

/// A code came.
pub async fn complete(asker: Asker, Form(sent): Form<Code>) -> Response {
    if let Err(response) = asker.check(&sent.form) {
        return response;
    }
    let Some(half) = asker.cookie(Cookie::Half) else {
        return gone(&asker);
    };
    let completed = asker
        .door
        .people
        .complete(&asker.visitor(), half, &sent.code)
        .await;
    if matches!(completed, Ok(Outcome::Wrong)) {
        let text = asker.say("动态码不正确,请重试。", "The code is not right. Try again.");
        return code_page(&asker, StatusCode::UNAUTHORIZED, Some(text)).await;
    }
    answer(&asker, completed, gone)
}

async fn code_page(asker: &Asker, status: StatusCode, error: Option<&str>) -> Response {
    let Some(half) = asker.cookie(Cookie::Half) else {
        return gone(asker);
    };
    match asker.door.people.setup(half).await {
        Ok(Some(setup)) => pages::code(asker, status, &setup, error),
        Ok(None) => gone(asker),
        Err(fault) => asker.fault(fault),
    }
}

/// The page of a one-time link. Opening it uses nothing up: mail programs look at links, too.
pub async fn ask_password(asker: Asker, Path(token): Path<String>) -> Response {
    match asker.door.people.link_account(&token).await {
        Ok(Some(account)) => pages::new_password(&asker, StatusCode::OK, &account.username, &token, None),
        Ok(None) => no_link(&asker),
        Err(fault) => asker.fault(fault),
    }
}

/// A new password came by a one-time link.
pub async fn enter_by_link(
    asker: Asker,
    Path(token): Path<String>,
    Form(sent): Form<NewPassword>,
) -> Response {
    if let Err(response) = asker.check(&sent.form) {
        return response;
    }
    let account = match asker.door.people.link_account(&token).await {
        Ok(Some(account)) => account,
        Ok(None) => return no_link(&asker),
        Err(fault) => return asker.fault(fault),
    };
    let again = |text: &str| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        pages::new_password(&asker, status, &account.username, &token, Some(text))
    };
    if sent.password != sent.again {
        return again(asker.say("两次输入的密码不一致。", "The two passwords differ."));
    }
    let (people, visitor) = (&asker.door.people, asker.visitor());
    let entering = people.enter_by_link(&visitor, &token, &sent.password);
    match entering.await {
        Err(Fault::Refused(refusal)) => {
            let remedy = refusal.code.remedy(asker.lang);
            again(&format!("{}。{remedy}", refusal.code.text(asker.lang)))
        }
        outcome => answer(&asker, outcome, no_link),
    }
}

/// The page that asks whether to leave: a link alone must not sign anybody out.
pub async fn ask_out(asker: Asker) -> Response {
    pages::sign_out(&asker)
}

/// Leaves.
pub async fn leave(asker: Asker, Form(sent): Form<Empty>) -> Response {
    if let Err(response) = asker.check(&sent.form) {
        return response;
    }
    let signed = match asker.signed().await {
        Ok(signed) => signed,
        Err(response) => return response,
    };
    let mut out = None;
    if let Some(signed) = signed {
        if let Err(fault) = asker.door.people.sign_out(&signed).await {
            return asker.fault(fault);
        }
        if signed.method == BY_PROVIDER {
            out = oidc::way_out(&asker).await;
        }
    }
    let cookies = [(Cookie::Session, None), (Cookie::Half, None)];
    match out {
        // Forms lead to this site alone; a page of ours may lead on.
        Some(out) => asker.with_cookies(pages::onward(&asker, &out), &cookies),
        None => asker.go("/sign-in", &cookies),
    }
}

/// What follows an attempt; `wrong` is the page of one that failed.
pub fn answer(
    asker: &Asker,
    outcome: Result<Outcome, Fault>,
    wrong: impl FnOnce(&Asker) -> Response,
) -> Response {
    match outcome {
        Ok(Outcome::Entered(entered)) => inside(asker, &entered),
        Ok(Outcome::Half(half)) => asker.go("/sign-in/code", &[(Cookie::Half, Some(&half))]),
        Ok(Outcome::Wrong) => wrong(asker),
        Ok(Outcome::Gone) => gone(asker),
        Ok(Outcome::Waits(until)) => {
            let left = (until - asker.door.bus.now()).num_seconds();
            too_many(asker, left)
        }
        Err(fault) => asker.fault(fault),
    }
}

/// The answer to an address that tries too often, with the seconds to wait.
pub fn too_many(asker: &Asker, wait_s: i64) -> Response {
    let text = asker.say(
        "尝试次数过多,请稍后再试。",
        "Too many attempts from here. Try again later.",
    );
    let mut response = note(asker.lang, StatusCode::TOO_MANY_REQUESTS, text);
    response.headers_mut().insert(RETRY_AFTER, seconds(wait_s));
    response
}

/// Signed in: on to the desk, or first the recovery codes.
fn inside(asker: &Asker, entered: &Entered) -> Response {
    let cookies = [
        (Cookie::Session, Some(entered.token.as_str())),
        (Cookie::Half, None),
    ];
    if entered.codes.is_empty() {
        return asker.go(&entered.next, &cookies);
    }
    let page = pages::recovery_codes(asker, &entered.codes, &entered.next);
    asker.with_cookies(page, &cookies)
}

fn gone(asker: &Asker) -> Response {
    asker.go("/sign-in", &[(Cookie::Half, None)])
}

fn no_link(asker: &Asker) -> Response {
    let text = asker.say(
        "链接已失效:可能已使用、已过期或已有新链接。请向安全管理员索取新链接。",
        "The link no longer works: it was used, is too old, or a newer one was made. Ask for a new one.",
    );
    note(asker.lang, StatusCode::NOT_FOUND, text)
}
