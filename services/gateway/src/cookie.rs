//! The cookies of this site: all HttpOnly; with https Secure and bound to the host.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The session.
    Session,
    /// The first half of a sign-in.
    Half,
    /// The way to the identity provider.
    Flow,
    /// What forms are proved by.
    Form,
    /// The language.
    Language,
}

impl Cookie {
    fn plain(self) -> &'static str {
        match self {
            Self::Session => "hotline_session",
            Self::Half => "hotline_half",
            Self::Flow => "hotline_flow",
            Self::Form => "hotline_form",
            Self::Language => "hotline_language",
        }
    }

    fn name(self, https: bool) -> String {
        let prefix = if https { "__Host-" } else { "" };
        format!("{prefix}{}", self.plain())
    }

    /// Its value among a request's headers.
    pub fn of(self, headers: &HeaderMap, https: bool) -> Option<&str> {
        let name = self.name(https);
        let lines = headers.get_all(COOKIE).iter();
        lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// What sets it; it ends with the browser, the language in a year.
    ///
    /// # Errors
    /// A value that cannot stand in a header.
    pub fn set(self, value: &str, https: bool) -> anyhow::Result<HeaderValue> {
        let site = match self {
            // Both are wanted on the way back from the identity provider.
            Self::Flow | Self::Language => "Lax",
            Self::Session | Self::Half | Self::Form => "Strict",
        };
        let secure = if https { "; Secure" } else { "" };
        let life = if self == Self::Language {
            "; Max-Age=31536000"
        } else {
            ""
        };
        let name = self.name(https);
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite={site}{secure}{life}");
        Ok(HeaderValue::try_from(line)?)
    }

    /// What removes it.
    ///
    /// # Errors
    /// Never in practice.
    pub fn remove(self, https: bool) -> anyhow::Result<HeaderValue> {
        let mut line = self.set("", https)?.to_str()?.to_owned();
        line.push_str("; Max-Age=0");
        Ok(HeaderValue::try_from(line)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sessions_cookie_is_for_this_host_and_no_script() {
        let set = Cookie::Session.set("abc", true).expect("a header");
        assert_eq!(
            set,
            "__Host-hotline_session=abc; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        let plain = Cookie::Session.set("abc", false).expect("a header");
        assert_eq!(plain, "hotline_session=abc; Path=/; HttpOnly; SameSite=Strict");
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            HeaderValue::from_static("xhotline_session=bad; hotline_session=good; a=b"),
        );
        assert_eq!(Cookie::Session.of(&headers, false), Some("good"));
        assert_eq!(Cookie::Session.of(&headers, true), None);
    }
}
