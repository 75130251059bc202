//! Who asks for a page: their address, language and cookies, and the proof that a form of theirs came from us.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Redirect, Response};
use hotline_bus::Fault;
use hotline_policy::Lang;
use http::header::{SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use maud::{Markup, html};
use sha2::{Digest as _, Sha256};

use crate::cookie::Cookie;
use crate::ops::{Signed, Visitor};
use crate::origin::is_ours;
use crate::page::{frame, lang_of, say};
use crate::secrets::Token;
use crate::{Door, Remote};

/// Who asks.
pub struct Asker {
    /// What the gateway's routes share.
    pub door: Arc<Door>,
    /// The request's headers.
    pub headers: HeaderMap,
    /// Network address.
    pub address: IpAddr,
    /// Language of the page.
    pub lang: Lang,
    https: bool,
    form: String,
    form_is_new: bool,
}

impl FromRequestParts<Arc<Door>> for Asker {
    type Rejection = Response;

    async fn from_request_parts(head: &mut Parts, door: &Arc<Door>) -> Result<Self, Response> {
        let settings = door.settings();
        let https = settings.is_https();
        let remote = head.extensions.get::<Remote>().copied();
        let Some(remote) = remote else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let lang = match Cookie::Language.of(&head.headers, https) {
            Some("en") => Lang::En,
            Some(_) => Lang::Zh,
            None => lang_of(&head.headers),
        };
        if head.method == Method::POST && !is_ours(head, &settings.public_url) {
            return Err(foreign(lang));
        }
        let known = Cookie::Form.of(&head.headers, https).map(str::to_owned);
        let form_is_new = known.is_none();
        let form = match known {
            Some(form) => form,
            None => Token::fresh().map_err(|error| broken(lang, &error))?.text,
        };
        Ok(Self {
            address: remote.client(&head.headers, &settings.trusted_proxies),
            headers: head.headers.clone(),
            door: Arc::clone(door),
            lang,
            https,
            form,
            form_is_new,
        })
    }
}

impl Asker {
    /// One of two texts.
    pub fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        say(self.lang, zh, en)
    }

    /// The value of a cookie.
    pub fn cookie(&self, cookie: Cookie) -> Option<&str> {
        cookie.of(&self.headers, self.https)
    }

    /// Who is signed in at this browser.
    ///
    /// # Errors
    /// A page that says that it does not work now.
    pub async fn signed(&self) -> Result<Option<Arc<Signed>>, Response> {
        match self.cookie(Cookie::Session) {
            None => Ok(None),
            Some(token) => {
                let found = self.door.people.who(token, true).await;
                found.map_err(|fault| self.fault(fault))
            }
        }
    }

    /// The same as a visitor at the door.
    pub fn visitor(&self) -> Visitor {
        let agent = self.headers.get(USER_AGENT);
        Visitor {
            address: self.address,
            agent: agent
                .and_then(|agent| agent.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
            old: self.cookie(Cookie::Session).map(str::to_owned),
        }
    }

    /// What a form of ours holds in its hidden field `form`.
    pub fn proof(&self) -> String {
        let digest = Sha256::digest(format!("form:{}", self.form));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The hidden field of every form.
    pub fn field(&self) -> Markup {
        html! { input type="hidden" name="form" value=(self.proof()); }
    }

    /// Refuses a form that was not ours.
    ///
    /// # Errors
    /// A page that says so.
    #[expect(
        clippy::result_large_err,
        reason = "the answer itself; it is given to the browser as it is"
    )]
    pub fn check(&self, proof: &str) -> Result<(), Response> {
        if !self.form_is_new && proof == self.proof() {
            return Ok(());
        }
        Err(foreign(self.lang))
    }

    /// A page of ours, with what its forms need.
    pub fn page(&self, status: StatusCode, title: &str, main: &Markup) -> Response {
        let mut response = (status, frame(self.lang, title, main)).into_response();
        if self.form_is_new
            && let Ok(cookie) = Cookie::Form.set(&self.form, self.https)
        {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }

    /// Goes on to `path`, with cookies set (a value) or removed (none).
    pub fn go(&self, path: &str, cookies: &[(Cookie, Option<&str>)]) -> Response {
        self.with_cookies(Redirect::to(path).into_response(), cookies)
    }

    /// An answer with cookies set (a value) or removed (none).
    pub fn with_cookies(&self, mut response: Response, cookies: &[(Cookie, Option<&str>)]) -> Response {
        for (cookie, value) in cookies {
            let line = match value {
                Some(value) => cookie.set(value, self.https),
                None => cookie.remove(self.https),
            };
            match line {
                Ok(line) => drop(response.headers_mut().append(SET_COOKIE, line)),
                Err(error) => return broken(self.lang, &error),
            }
        }
        response
    }

    /// The page of a fault.
    pub fn fault(&self, fault: Fault) -> Response {
        match fault {
            Fault::Refused(refusal) => note(
                self.lang,
                StatusCode::UNPROCESSABLE_ENTITY,
                &refusal.text(self.lang),
            ),
            Fault::Retry(error) => {
                tracing::warn!(error = %format_args!("{error:#}"), "a page must be tried again");
                let text = self.say(
                    "暂时无法办理,请稍后重试。",
                    "This does not work right now. Try again later.",
                );
                note(self.lang, StatusCode::SERVICE_UNAVAILABLE, text)
            }
            Fault::Poison(error) => broken(self.lang, &error),
        }
    }
}

/// The answer to what a page of another site sent, or a form that is too old.
fn foreign(lang: Lang) -> Response {
    let text = say(
        lang,
        "表单已过期,或请求并非来自本站页面。请返回重新打开页面再提交。",
        "The form is too old, or the request comes from another site. Open the page again and repeat.",
    );
    note(lang, StatusCode::FORBIDDEN, text)
}

/// A defect: logged here, told to nobody.
fn broken(lang: Lang, error: &anyhow::Error) -> Response {
    tracing::error!(error = %format_args!("{error:#}"), "a page failed");
    let text = say(lang, "内部错误,请稍后重试。", "Internal error. Try again later.");
    note(lang, StatusCode::INTERNAL_SERVER_ERROR, text)
}

/// A page with one sentence.
pub fn note(lang: Lang, status: StatusCode, text: &str) -> Response {
    let title = say(lang, "提示", "Notice");
    let main = html! {
        h1 { (title) }
        p class="error" role="alert" { (text) }
        p { a href="/sign-in" { (say(lang, "返回登录", "Back to sign-in")) } }
    };
    (status, frame(lang, title, &main)).into_response()
}

/// A header with a number of seconds.
pub fn seconds(seconds: i64) -> HeaderValue {
    HeaderValue::from(seconds.max(1))
}
