//! To the city's identity provider and back.

use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use maud::html;
use serde::Deserialize;

use super::forms::too_many;
use super::provider::{Brought, Provider, Unvouched};
use super::{Next, pages};
use crate::asker::{Asker, note};
use crate::cookie::Cookie;
use crate::ops::Outcome;
use crate::portal::limit::network;

/// Where the provider sends browsers back to.
const CALLBACK: &str = "/sign-in/oidc/callback";

/// Where it sends those who left it.
const LEFT: &str = "/sign-in";

/// What the provider sends along.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    /// Who answers (RFC 9207); empty where the provider does not say.
    #[serde(default)]
    iss: String,
}

/// Goes to the provider.
pub async fn leave(asker: Asker, Query(Next { next }): Query<Next>) -> Response {
    let Some(provider) = asker.door.provider.as_ref() else {
        return asker.go("/sign-in", &[]);
    };
    if let Err(wait_s) = asker.door.ways.take(&network(asker.address)) {
        return too_many(&asker, i64::try_from(wait_s).unwrap_or(i64::MAX));
    }
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
    let answer = come_back(&asker, provider, flow, back).await;
    asker.with_cookies(answer, &[(Cookie::Flow, None)])
}

async fn come_back(asker: &Asker, provider: &Provider, flow: &str, back: Back) -> Response {
    let (people, visitor) = (&asker.door.people, asker.visitor());
    let flow = match people.back(flow).await {
        Ok(Some(flow)) if flow.state == back.state && !back.code.is_empty() && provider.gave(&back.iss) => {
            flow
        }
        Ok(_) => return unproved(asker).await,
        Err(fault) => return asker.fault(fault),
    };
    let brought = Brought {
        redirect: people.url(CALLBACK),
        code: back.code,
        verifier: flow.verifier,
        nonce: flow.nonce,
    };
    let vouched = match provider.vouched(brought).await {
        Ok(vouched) => vouched,
        Err(Unvouched::Away(error)) => return unreachable(asker, &error),
        Err(Unvouched::Unproved(error)) => {
            tracing::warn!(error = %format_args!("{error:#}"), "the identity provider vouched for nobody");
            return unproved(asker).await;
        }
    };
    let name = vouched.username.as_deref();
    let entering = people.enter_vouched(&visitor, &vouched.subject, name, &flow.next);
    match entering.await {
        // A redirect from here would still count as the other site's: the cookie would not come along.
        Ok(Outcome::Entered(entered)) => {
            let page = pages::onward(asker, &entered.next);
            asker.with_cookies(page, &[(Cookie::Session, Some(&entered.token))])
        }
        Ok(_) => stranger(asker, provider).await,
        Err(fault) => asker.fault(fault),
    }
}

/// After a sign-out here of somebody who came by the provider: the way out there, so that whoever sits down next at this
/// browser is not let in as them. `None`: there is none, or it cannot be found now.
pub async fn way_out(asker: &Asker) -> Option<String> {
    let provider = asker.door.provider.as_ref()?;
    let way = provider.way_out(asker.door.people.url(LEFT)).await;
    way.unwrap_or_else(|error| {
        tracing::warn!(error = %format_args!("{error:#}"), "no way out of the identity provider");
        None
    })
}

/// The answer to what proves nothing: given up at the provider, used twice, begun elsewhere, or tampered with.
async fn unproved(asker: &Asker) -> Response {
    if let Err(fault) = asker.door.people.not_vouched(&asker.visitor()).await {
        return asker.fault(fault);
    }
    let text = asker.say(
        "统一身份认证未完成:已取消、已超时,或返回的凭证已用过、与本次登录不符。请返回重新登录。",
        "The sign-in was not finished: given up, too late, or what came back was used before or is of another sign-in. \
         Begin again.",
    );
    note(asker.lang, StatusCode::FORBIDDEN, text)
}

/// The answer to a person whom the provider knows and nobody here does.
async fn stranger(asker: &Asker, provider: &Provider) -> Response {
    let title = asker.say("没有与您对应的账号", "No account here is yours");
    let out = provider.way_out(asker.door.people.url(LEFT)).await;
    let main = html! {
        h1 { (title) }
        p class="error" role="alert" {
            (asker.say("统一身份认证已确认您的身份,但本平台没有与您对应的账号,或账号已停用。请联系安全管理员。",
                "The identity provider knows you, but no open account here belongs to you. Ask the administrator of security."))
        }
        @if let Ok(Some(out)) = out {
            p { a href=(out) { (asker.say("换一个人:退出统一身份认证", "Somebody else: sign out at the provider")) } }
        }
        p { a href="/sign-in" { (asker.say("返回登录", "Back to sign-in")) } }
    };
    asker.page(StatusCode::FORBIDDEN, title, &main)
}

fn unreachable(asker: &Asker, error: &anyhow::Error) -> Response {
    tracing::warn!(error = %format_args!("{error:#}"), "the identity provider");
    let text = asker.say(
        "统一身份认证暂不可用,请稍后重试,或用密码登录。",
        "The identity provider does not answer properly. Try again later, or use a password.",
    );
    note(asker.lang, StatusCode::BAD_GATEWAY, text)
}
