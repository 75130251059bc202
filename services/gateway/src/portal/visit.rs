//! Who looks at a page and how: which portal, language, large type, the browser's own secret, and forms that are ours.
//!
//! Invariant: a form is taken only from our own page in the same browser: same origin, and the token of its cookie.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hotline_policy::Lang;
use hotline_vault::Field;
use http::header::{COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use maud::Markup;
use sha2::{Digest as _, Sha256};

use super::Portal;
use super::limit::network;
use super::stop::Stop;
use crate::Remote;

/// The fields of a form.
pub type Fields = HashMap<String, String>;

/// Field that carries the token.
pub const TOKEN: &str = "form";
/// Field that people do not see and machines fill in.
pub const TRAP: &str = "website";
/// Random bytes of a browser's secret.
const SECRET_BYTES: usize = 24;
/// What a form's token is made under.
const TOKEN_KIND: &str = "portal form ";
/// Life of the browser's cookie, seconds: as long as a draft.
const COOKIE_AGE_S: u32 = 86_400;

/// One of the two portals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// For people.
    Public,
    /// For enterprises.
    Enterprise,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Public, Self::Enterprise];

    /// Where its pages begin.
    pub const fn base(self) -> &'static str {
        match self {
            Self::Public => "/portal",
            Self::Enterprise => "/enterprise",
        }
    }
}

/// One request to a portal.
pub struct Visit {
    /// The portals.
    pub portal: Arc<Portal>,
    /// Which of them.
    pub side: Side,
    /// Language of the page.
    pub lang: Lang,
    /// Large type.
    pub large: bool,
    /// The path that was asked for.
    pub path: String,
    /// Where it came from.
    pub address: IpAddr,
    /// How this browser reaches us: scheme and host.
    pub origin: String,
    secret: String,
    fresh: bool,
    ours: bool,
}

impl FromRequestParts<Arc<Portal>> for Visit {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Stop> {
        let headers = &parts.headers;
        let remote = parts.extensions.get::<Remote>().copied();
        let remote = remote.unwrap_or(Remote(IpAddr::from([0, 0, 0, 0])));
        let known = cookie(headers, name(portal.https)).filter(|text| is_secret(text));
        let fresh = known.is_none();
        let secret = match known {
            Some(secret) => secret.to_owned(),
            None => random()?,
        };
        let path = parts.uri.path().to_owned();
        let side = if path.starts_with(Side::Enterprise.base()) {
            Side::Enterprise
        } else {
            Side::Public
        };
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let scheme = if portal.https { "https" } else { "http" };
        let origin = match (portal.public_url.as_str(), host) {
            ("", Some(host)) => format!("{scheme}://{host}"),
            (told, _) => told.to_owned(),
        };
        let wish = cookie(headers, "portal_view").unwrap_or_default();
        Ok(Self {
            lang: if wish.starts_with("en") {
                Lang::En
            } else {
                Lang::Zh
            },
            large: wish.ends_with("large"),
            address: network(remote.client(headers, &portal.trusted)),
            ours: is_ours(headers, &portal.public_url),
            portal: Arc::clone(portal),
            origin,
            side,
            path,
            secret,
            fresh,
        })
    }
}

impl Visit {
    /// One of two texts, by language.
    pub fn t<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Which of how many pages this is, in words.
    pub fn step_words(&self, place: usize, of: usize) -> String {
        match self.lang {
            Lang::Zh => format!("第 {place} 步，共 {of} 步"),
            Lang::En => format!("Step {place} of {of}"),
        }
    }

    /// A path of this portal.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.side.base())
    }

    /// What the browser's rows are kept under: a digest, so that the table lets nobody in.
    pub fn owner(&self) -> Vec<u8> {
        Sha256::digest(self.secret.as_bytes()).to_vec()
    }

    /// The token of this browser's forms.
    pub fn token(&self) -> String {
        let text = format!("{TOKEN_KIND}{}", self.secret);
        let index = self.portal.runtime.vault.blind_index(Field::Content, &text);
        URL_SAFE_NO_PAD.encode(index.as_bytes())
    }

    /// Checks that a form is ours and from a person; machines that fill in everything are told that all went well.
    ///
    /// # Errors
    /// The answer to a form that is not.
    pub fn check(&self, fields: &Fields) -> Result<(), Stop> {
        let text = format!("{TOKEN_KIND}{}", self.secret);
        let indexes = self.portal.runtime.vault.blind_indexes(Field::Content, &text);
        let given = fields
            .get(TOKEN)
            .and_then(|token| URL_SAFE_NO_PAD.decode(token).ok());
        let fits = given.is_some_and(|given| {
            let mut all = indexes.iter();
            all.any(|index| Sha256::digest(index.as_bytes()) == Sha256::digest(&given))
        });
        if !self.ours || self.fresh || !fits {
            return Err(Stop::foreign());
        }
        match fields.get(TRAP) {
            Some(text) if !text.is_empty() => Err(Stop::busy(60)),
            _ => Ok(()),
        }
    }

    /// Takes one of the sends of this address.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn may_send(&self) -> Result<(), Stop> {
        self.portal.limits.sends.take(&self.address).map_err(Stop::busy)
    }

    /// A page.
    pub fn page(&self, status: StatusCode, page: &Markup) -> Response {
        let mut response = (status, page.clone()).into_response();
        self.remember(&mut response);
        response
    }

    /// On to another page of this portal.
    pub fn go(&self, path: &str) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        if let Ok(target) = HeaderValue::try_from(self.at(path)) {
            response.headers_mut().insert(LOCATION, target);
        }
        self.remember(&mut response);
        response
    }

    fn remember(&self, response: &mut Response) {
        if !self.fresh {
            return;
        }
        let secure = if self.portal.https { "; Secure" } else { "" };
        let name = name(self.portal.https);
        let cookie = format!(
            "{name}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_AGE_S}{secure}",
            self.secret
        );
        if let Ok(value) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
}

/// Random text that nobody guesses.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn random() -> anyhow::Result<String> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn name(https: bool) -> &'static str {
    if https { "__Host-portal" } else { "portal" }
}

fn is_secret(text: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(text)
        .is_ok_and(|bytes| bytes.len() == SECRET_BYTES)
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// True unless the browser says that another site made the request.
fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = text(ORIGIN.as_str()) else {
        return true;
    };
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    text(HOST.as_str()) == Some(host) || (!public_url.is_empty() && origin == public_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_form_of_another_site_is_not_ours() {
        let of = |pairs: &[(&'static str, &'static str)]| is_ours(&headers(pairs), "https://12345.example");
        assert!(of(&[
            ("host", "a:1"),
            ("origin", "http://a:1"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(of(&[("host", "inside"), ("origin", "https://12345.example")]));
        assert!(of(&[("host", "a:1")]));
        assert!(!of(&[("host", "a:1"), ("origin", "http://b:1")]));
        assert!(!of(&[("host", "a:1"), ("origin", "null")]));
        assert!(!of(&[("host", "a:1"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn a_cookie_is_found_among_others_and_a_bent_one_is_none() {
        let headers = headers(&[("cookie", "a=1; portal=xyz; portal_view=en-large")]);
        assert_eq!(cookie(&headers, "portal"), Some("xyz"));
        assert_eq!(cookie(&headers, "portal_view"), Some("en-large"));
        assert!(!is_secret("xyz") && is_secret(&random().expect("random")));
    }
}
