//! To the city's identity provider and back.

use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use super::forms::answer;
use super::{Next, pages};
use crate::asker::{Asker, note};
use crate::cookie::Cookie;
use crate::ops::Outcome;

/// Where the provider sends browsers back to.
const CALLBACK: &str = "/sign-in/oidc/callback";

/// What the provider sends along.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// Goes to the provider.
pub async fn leave(asker: Asker, Query(Next { next }): Query<Next>) -> Response {
    let Some(provider) = asker.door.provider.as_ref() else {
        return asker.go("/sign-in", &[]);
    };
    let people = &asker.door.people;
    let way = match provider.way(people.url(CALLBACK)).await {
        Ok(way) => way,
        Err(error) => return unreachable(&asker, &error),
    };
    match people.leave(&way.state, &way.nonce, &way.verifier, &next).await {
        Ok(flow) => asker.go(&way.url, &[(Cookie::Flow, Some(&flow))]),
        Err(fault) => asker.fault(fault),
    }
}

/// Comes back from the provider.
pub async fn back(asker: Asker, Query(back): Query<Back>) -> Response {
    let (Some(provider), Some(flow)) = (asker.door.provider.as_ref(), asker.cookie(Cookie::Flow)) else {
        return asker.go("/sign-in", &[(Cookie::Flow, None)]);
    };
    let people = &asker.door.people;
    let flow = match people.back(flow).await {
        Ok(Some(flow)) if flow.state == back.state && !back.code.is_empty() => flow,
        Ok(_) => return refused(&asker),
        Err(fault) => return asker.fault(fault),
    };
    let vouched = provider
        .vouched(people.url(CALLBACK), back.code, flow.verifier, flow.nonce)
        .await;
    let vouched = match vouched {
        Ok(vouched) => vouched,
        Err(error) => return unreachable(&asker, &error),
    };
    let (visitor, name) = (asker.visitor(), vouched.username.as_deref());
    let entering = people.enter_vouched(&visitor, &vouched.subject, name, &flow.next);
    match entering.await {
        // A redirect from here would still count as the other site's: the cookie would not come along.
        Ok(Outcome::Entered(entered)) => {
            let page = pages::onward(&asker, &entered.next);
            asker.with_cookies(
                page,
                &[(Cookie::Session, Some(&entered.token)), (Cookie::Flow, None)],
            )
        }
        outcome => answer(&asker, outcome, refused),
    }
}

fn refused(asker: &Asker) -> Response {
    let text = asker.say(
        "统一身份认证未完成,或本平台没有与之对应的账号。请联系安全管理员。",
        "The identity provider did not finish, or no account here belongs to that person.",
    );
    note(asker.lang, StatusCode::FORBIDDEN, text)
}

fn unreachable(asker: &Asker, error: &anyhow::Error) -> Response {
    tracing::warn!(error = %format_args!("{error:#}"), "the identity provider");
    let text = asker.say(
        "统一身份认证暂不可用,请稍后重试,或用密码登录。",
        "The identity provider does not answer properly. Try again later, or use a password.",
    );
    note(asker.lang, StatusCode::BAD_GATEWAY, text)
}
