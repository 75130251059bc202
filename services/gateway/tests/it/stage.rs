//! A running gateway, and its accounts as the installation manages them.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_policy::Library;
use hotline_proto::gateway::v1::account_service_client::AccountServiceClient;
use hotline_proto::gateway::v1::{Account, CreateAccountRequest};
use hotline_runtime::config::SecondFactor;
use hotline_runtime::testing::{self, TestRuntime};
use hotline_runtime::{Clock, PeerChannel, Serving, Settings, serve};
use hotline_worktime::Calendar;
use tempfile::TempDir;
use totp_rs::{Builder, Secret};

use crate::browser::Browser;

/// A password that is good enough.
pub const PASSWORD: &str = "three quiet herons";

/// A running gateway.
pub struct Stage {
    /// Its means; its clock is moved by hand.
    pub rt: TestRuntime,
    /// Where it listens.
    pub addr: SocketAddr,
    /// Folder of its web.
    pub web: TempDir,
    _serving: Serving,
}

impl Stage {
    /// One where nobody needs a second factor.
    pub async fn open() -> Self {
        Self::with(|settings| settings.gateway.second_factor = SecondFactor::Optional).await
    }

    /// One with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let web = TempDir::new().expect("a folder");
        let clock = Clock::virtual_at("2026-09-30T01:00:00Z".parse().expect("an instant"));
        let rt = testing::runtime_with(clock, |settings| {
            settings.gateway.web_dir = Some(web.path().to_path_buf());
            change(settings);
        })
        .await;
        let cities = rt.settings.deploy_dir.join("cities");
        let library = Arc::new(Library::load(&cities).expect("the cities are sound"));
        let calendar = Arc::new(Calendar::new(Vec::new()).expect("an empty calendar"));
        let started = hotline_gateway::start(&rt, library, calendar)
            .await
            .expect("started");
        let serving = serve(&rt, vec![started.parts]).await.expect("serves");
        let addr = serving.own_addrs["gateway"];
        Self {
            rt,
            addr,
            web,
            _serving: serving,
        }
    }

    /// Now, on its clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.rt.clock.now()
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(self.addr)
    }

    /// Accounts, in the name of the installation.
    pub fn accounts(&self) -> AccountServiceClient<PeerChannel> {
        AccountServiceClient::new(self.rt.peers.channel("gateway").expect("a channel"))
    }

    /// An account in `role`, and the path of its link.
    pub async fn account(&self, username: &str, role: &str) -> (Account, String) {
        let request = CreateAccountRequest {
            username: username.into(),
            name: "张三".into(),
            roles: vec![role.into()],
            unit_id: if role.starts_with("unit_") {
                "xz-education".into()
            } else {
                String::new()
            },
            ..CreateAccountRequest::default()
        };
        let made = self.accounts().create_account(request).await.expect("is made");
        let made = made.into_inner();
        let url = made.link.expect("a link").url;
        let origin = format!("http://{}", self.addr);
        let path = url.strip_prefix(&origin).expect("a link of this site");
        (made.account.expect("an account"), path.to_owned())
    }

    /// A browser in which somebody in `role` is signed in.
    pub async fn signed_in(&self, username: &str, role: &str) -> (Account, Browser) {
        let (account, link) = self.account(username, role).await;
        let mut browser = self.browser();
        let page = browser.set_password(&link, PASSWORD).await;
        assert_eq!(
            (page.status, page.location.as_str()),
            (303, "/desk/"),
            "{}",
            page.body
        );
        (account, browser)
    }

    /// The code that an authenticator with `secret` shows now.
    pub fn code(&self, secret: &str) -> String {
        let secret = Secret::try_from_base32(secret).expect("a secret");
        let totp = Builder::new()
            .with_secret(secret)
            .build()
            .expect("an authenticator");
        let now = u64::try_from(self.now().timestamp()).expect("after 1970");
        totp.generate(now).to_string()
    }
}
