//! Settings of the door for people: where it listens, what it serves, how long a session lasts, who vouches for people.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::files::Files;

/// The door for people, `[gateway]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gateway {
    /// Address to listen on. Default `127.0.0.1:12300`.
    pub listen: SocketAddr,
    /// PEM file of the certificate with its chain; with `tls_key`: TLS. Default absent.
    pub tls_cert: Option<PathBuf>,
    /// PEM file of the certificate's key. Default absent.
    pub tls_key: Option<PathBuf>,
    /// Folder of the built web. Default `services/gateway/web/dist`, or `web` beside the program.
    pub web_dir: Option<PathBuf>,
    /// How people reach it, `https://12345.example.gov.cn`; empty: the address it listens on. Default empty.
    pub public_url: String,
    /// Proxies whose `x-forwarded-for` is believed. Default empty.
    pub trusted_proxies: Vec<IpAddr>,
    /// Connections at once; more wait. Default 4096.
    pub connections_max: usize,
    /// Live streams of one session; a browser needs one. Default 6.
    pub streams_per_session: usize,
    /// Live streams of this process. Default 2000.
    pub streams_max: usize,
    /// A session ends after so long without a call, minutes. Default 30.
    pub session_idle_min: u32,
    /// A session ends so long after its sign-in, hours. Default 12.
    pub session_max_h: u32,
    /// Whether people with a password must also give a code of their authenticator. Default `required`.
    pub second_factor: SecondFactor,
    /// The city's identity provider.
    pub oidc: Oidc,
    /// Uploaded files.
    pub files: Files,
}

/// Who must give a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// Everybody with a password here.
    Required,
    /// Those who set one up.
    Optional,
}

/// An OpenID Connect provider; without an issuer people sign in with a password alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oidc {
    /// Issuer, as in its discovery document; empty: none. Default empty.
    pub issuer: String,
    /// Our id at the provider. Default empty.
    pub client_id: String,
    /// File with our secret at the provider; absent: a public client, PKCE alone. Default absent.
    pub client_secret_file: Option<PathBuf>,
    /// Claim that names the account: its username here. Default `preferred_username`.
    pub username_claim: String,
    /// Scopes besides `openid`. Default `["profile"]`.
    pub scopes: Vec<String>,
    /// What the button says after "sign in with". Default `市统一身份认证`.
    pub label: String,
}

impl Gateway {
    /// Whether it speaks TLS itself.
    pub fn has_tls(&self) -> bool {
        self.tls_cert.is_some()
    }

    /// How people reach it, without a slash at the end. `bound` is where it listens.
    pub fn url(&self, bound: SocketAddr) -> String {
        if !self.public_url.is_empty() {
            return self.public_url.trim_end_matches('/').to_owned();
        }
        let scheme = if self.has_tls() { "https" } else { "http" };
        format!("{scheme}://{bound}")
    }

    /// Whether browsers reach it by https: with TLS here, or with a proxy's in front.
    pub fn is_https(&self) -> bool {
        self.has_tls() || self.public_url.starts_with("https://")
    }

    /// Tells `demand` of everything that is wrong.
    pub(super) fn check(&self, demand: &mut impl FnMut(bool, &'static str, &'static str, &'static str)) {
        demand(
            self.tls_cert.is_some() == self.tls_key.is_some(),
            "gateway.tls_key",
            "须与 tls_cert 一同给出",
            "give both tls_cert and tls_key",
        );
        demand(
            self.public_url.is_empty()
                || self.public_url.starts_with("https://")
                || self.public_url.starts_with("http://"),
            "gateway.public_url",
            "应以 https:// 开头",
            "must begin with https://",
        );
        demand(
            self.connections_max > 0,
            "gateway.connections_max",
            "须大于 0",
            "must be above 0",
        );
        demand(
            self.streams_per_session > 0 && self.streams_per_session <= self.streams_max,
            "gateway.streams_per_session",
            "须大于 0 且不超过 streams_max",
            "must be above 0 and at most streams_max",
        );
        demand(
            self.session_idle_min > 0
                && u64::from(self.session_idle_min) <= u64::from(self.session_max_h) * 60,
            "gateway.session_idle_min",
            "须大于 0 且不超过 session_max_h",
            "must be above 0 and at most session_max_h",
        );
        self.files.check(demand);
        let oidc = &self.oidc;
        demand(
            oidc.issuer.is_empty() || !oidc.client_id.is_empty(),
            "gateway.oidc.client_id",
            "给出 issuer 时必填",
            "needed with an issuer",
        );
        demand(
            oidc.issuer.is_empty() || oidc.issuer.starts_with("https://") || is_here(&oidc.issuer),
            "gateway.oidc.issuer",
            "应以 https:// 开头",
            "must begin with https://",
        );
    }
}

/// Whether a plain http address is of this machine.
fn is_here(url: &str) -> bool {
    let host = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split([':', '/']).next());
    matches!(host, Some("127.0.0.1" | "localhost")) && !url.contains('@')
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 12300)),
            tls_cert: None,
            tls_key: None,
            web_dir: None,
            public_url: String::new(),
            trusted_proxies: Vec::new(),
            connections_max: 4_096,
            streams_per_session: 6,
            streams_max: 2_000,
            session_idle_min: 30,
            session_max_h: 12,
            second_factor: SecondFactor::Required,
            oidc: Oidc::default(),
            files: Files::default(),
        }
    }
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret_file: None,
            username_claim: "preferred_username".into(),
            scopes: vec!["profile".into()],
            label: "市统一身份认证".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn a_provider_by_plain_http_is_of_this_machine() {
        assert!(is_here("http://127.0.0.1:3000") && is_here("http://localhost/realm"));
        for other in [
            "http://127.0.0.1.example.com",
            "http://localhost.example.com:80",
            "http://localhost:80@example.com/",
            "http://example.com",
        ] {
            assert!(!is_here(other), "{other}");
        }
    }
}
