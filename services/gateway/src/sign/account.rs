//! One's own account: password, second factor, sessions.

use std::sync::Arc;

use axum::Form;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, Utc};
use hotline_bus::Fault;
use http::StatusCode;
use maud::html;
use serde::Deserialize;

use super::pages;
use crate::asker::Asker;
use crate::cookie::Cookie;
use crate::ops::Signed;

/// Seconds east of Greenwich of the country's one time.
const CHINA_S: i32 = 8 * 3_600;

/// The old password and a new one, twice.
#[derive(Deserialize)]
pub struct Change {
    #[serde(default)]
    form: String,
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// The password, to prove oneself.
#[derive(Deserialize)]
pub struct Proof {
    #[serde(default)]
    form: String,
    #[serde(default)]
    old: String,
}

/// Which session to end; empty: all others.
#[derive(Deserialize)]
pub struct End {
    #[serde(default)]
    form: String,
    #[serde(default)]
    session: String,
}

/// Who is signed in, or the way to sign-in.
async fn signed(asker: &Asker) -> Result<Arc<Signed>, Response> {
    let signed = asker.signed().await?;
    signed.ok_or_else(|| asker.go("/sign-in?next=/account", &[]))
}

/// The page.
pub async fn show(asker: Asker) -> Response {
    match signed(&asker).await {
        Ok(signed) => page(&asker, &signed, StatusCode::OK, None, None).await,
        Err(response) => response,
    }
}

/// A change of password came.
pub async fn change_password(asker: Asker, Form(sent): Form<Change>) -> Response {
    let signed = match (asker.check(&sent.form), signed(&asker).await) {
        (Ok(()), Ok(signed)) => signed,
        (Err(response), _) | (_, Err(response)) => return response,
    };
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    if sent.password != sent.again {
        let text = asker.say("两次输入的密码不一致。", "The two passwords differ.");
        return page(&asker, &signed, unfit, Some(text), None).await;
    }
    let people = &asker.door.people;
    let changed = people
        .change_password(&asker.visitor(), &signed, &sent.old, &sent.password)
        .await;
    match changed {
        Ok(true) => {
            let text = asker.say(
                "密码已更改,其他会话已结束。",
                "The password is changed; other sessions have ended.",
            );
            page(&asker, &signed, StatusCode::OK, None, Some(text)).await
        }
        Ok(false) => {
            let text = asker.say("原密码不正确。", "The old password is not right.");
            page(&asker, &signed, unfit, Some(text), None).await
        }
        Err(Fault::Refused(refusal)) => {
            let text = format!(
                "{}。{}",
                refusal.code.text(asker.lang),
                refusal.code.remedy(asker.lang)
            );
            page(&asker, &signed, unfit, Some(&text), None).await
        }
        Err(fault) => asker.fault(fault),
    }
}

/// A new authenticator is wanted.
pub async fn begin_setup(asker: Asker, Form(sent): Form<Proof>) -> Response {
    let signed = match (asker.check(&sent.form), signed(&asker).await) {
        (Ok(()), Ok(signed)) => signed,
        (Err(response), _) | (_, Err(response)) => return response,
    };
    let begun = asker
        .door
        .people
        .begin_setup(&asker.visitor(), &signed, &sent.old)
        .await;
    match begun {
        Ok(Some(half)) => asker.go("/sign-in/code", &[(Cookie::Half, Some(&half))]),
        Ok(None) => {
            let text = asker.say("密码不正确。", "The password is not right.");
            page(
                &asker,
                &signed,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(text),
                None,
            )
            .await
        }
        Err(fault) => asker.fault(fault),
    }
}

/// A session, or all others, shall end.
pub async fn end_sessions(asker: Asker, Form(sent): Form<End>) -> Response {
    let signed = match (asker.check(&sent.form), signed(&asker).await) {
        (Ok(()), Ok(signed)) => signed,
        (Err(response), _) | (_, Err(response)) => return response,
    };
    let one = match sent.session.as_str() {
        "" => None,
        text => match text.parse() {
            Ok(id) => Some(id),
            Err(_) => return asker.go("/account", &[]),
        },
    };
    let subject = &signed.caller.subject;
    let ended = asker
        .door
        .people
        .end_sessions(subject, signed.account, one, Some(signed.session));
    match ended.await {
        // One that is gone already is no fault.
        Ok(_) | Err(Fault::Refused(_)) => asker.go("/account", &[]),
        Err(fault) => asker.fault(fault),
    }
}

async fn page(
    asker: &Asker,
    signed: &Signed,
    status: StatusCode,
    error: Option<&str>,
    done: Option<&str>,
) -> Response {
    let sessions = match asker.door.people.sessions_of(signed.account).await {
        Ok(sessions) => sessions,
        Err(fault) => return asker.fault(fault),
    };
    let title = asker.say("我的账号", "My account");
    let main = html! {
        h1 { (title) }
        @if let Some(error) = error { p class="error" role="alert" { (error) } }
        @if let Some(done) = done { p class="notice" role="status" { (done) } }
        p { strong { (signed.caller.name.as_deref().unwrap_or_default()) } " · " (signed.caller.roles.join(", ")) }
        h2 { (asker.say("更改密码", "Change password")) }
        form method="post" action="/account/password" {
            (asker.field())
            label for="old" { (asker.say("原密码", "Old password")) }
            input id="old" name="old" type="password" autocomplete="current-password" required maxlength="128";
            (pages::password_fields(asker))
            button type="submit" { (asker.say("更改密码", "Change password")) }
        }
        h2 { (asker.say("动态码验证器", "Authenticator")) }
        form method="post" action="/account/factor" {
            (asker.field())
            label for="proof" { (asker.say("密码", "Password")) }
            input id="proof" name="old" type="password" autocomplete="current-password" required maxlength="128";
            button class="plain" type="submit" { (asker.say("设置新的验证器", "Set up a new authenticator")) }
        }
        h2 { (asker.say("登录中的会话", "Sessions")) }
        table {
            thead { tr {
                th scope="col" { (asker.say("登录时间", "Signed in")) }
                th scope="col" { (asker.say("地址", "Address")) }
                th scope="col" { (asker.say("操作", "Action")) }
            } }
            tbody { @for row in &sessions { tr {
                td { (local(row.created_at)) }
                td { (row.address) }
                td {
                    @if row.id == signed.session { (asker.say("当前", "this one")) }
                    @else {
                        form method="post" action="/account/sessions" {
                            (asker.field())
                            input type="hidden" name="session" value=(row.id);
                            button class="plain" type="submit" { (asker.say("结束", "End")) }
                        }
                    }
                }
            } } }
        }
        form method="post" action="/account/sessions" {
            (asker.field())
            button class="plain" type="submit" { (asker.say("结束其他全部会话", "End all others")) }
        }
        p { a href="/desk/" { (asker.say("返回工作台", "Back to the desks")) } " · "
            a href="/sign-out" { (asker.say("退出登录", "Sign out")) } }
        (pages::foot(asker, "/account"))
    };
    asker.page(status, title, &main)
}

/// The time on the wall.
fn local(at: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(CHINA_S);
    let shown = |zone| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    zone.map(shown).unwrap_or_default()
}
