//! Clients of a running platform: one channel an address, a token, a language, and what a refusal reads like.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use hotline_policy::Lang;
use hotline_proto::analytics::v1::analytics_service_client::AnalyticsServiceClient;
use hotline_proto::bus::v1::journal_service_client::JournalServiceClient;
use hotline_proto::callback::v1::callback_service_client::CallbackServiceClient;
use hotline_proto::enterprise::v1::enterprise_service_client::EnterpriseServiceClient;
use hotline_proto::gateway::v1::account_service_client::AccountServiceClient;
use hotline_proto::intake::v1::call_service_client::CallServiceClient;
use hotline_proto::intake::v1::intake_service_client::IntakeServiceClient;
use hotline_proto::routing::v1::routing_service_client::RoutingServiceClient;
use hotline_proto::sla::v1::sla_timer_service_client::SlaTimerServiceClient;
use hotline_proto::sla::v1::supervision_service_client::SupervisionServiceClient;
use hotline_runtime::{Caller, Settings, Tokens};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_types::StatusExt;

use crate::cli::Global;
use crate::run_file::{RunFile, dialled};

/// Longest wait for a connection.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// Longest single call.
const CALL_MAX: Duration = Duration::from_secs(30);

/// Life of a token that a command issues for itself.
const TOKEN_TTL: Duration = Duration::from_secs(3_600);

/// A channel that adds token and language.
pub type Wire = InterceptedService<Channel, Credentials>;

/// Who calls, and in which language answers are wanted.
#[derive(Clone)]
pub struct Credentials {
    bearer: MetadataValue<Ascii>,
    lang: Lang,
}

impl Credentials {
    /// Credentials of a token.
    ///
    /// # Errors
    /// A token that cannot stand in a header.
    pub fn new(token: &str, lang: Lang) -> anyhow::Result<Self> {
        let mut bearer: MetadataValue<Ascii> = format!("Bearer {token}")
            .parse()
            .context("令牌含有非法字符 / the token cannot stand in a header")?;
        bearer.set_sensitive(true);
        Ok(Self { bearer, lang })
    }
}

impl Interceptor for Credentials {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let lang = if self.lang == Lang::En { "en" } else { "zh-CN" };
        request
            .metadata_mut()
            .insert("authorization", self.bearer.clone());
        request
            .metadata_mut()
            .insert("accept-language", MetadataValue::from_static(lang));
        Ok(request)
    }
}

/// A client of every service, in one person's name. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    here: Channel,
    elsewhere: BTreeMap<String, Channel>,
    credentials: Credentials,
}

impl Client {
    /// A client of the platform that `global` names or that runs on this data folder, with one of `roles`.
    ///
    /// # Errors
    /// Nothing answers at the address; no token was given and the installation's key is not readable here.
    pub async fn connect(global: &Global, roles: &[&str]) -> anyhow::Result<Self> {
        let settings = global.settings()?;
        let token = match &global.token {
            Some(token) => token.clone(),
            None => issue(&settings.keys_dir(), roles)?,
        };
        let addr = address(global, &settings);
        let here = channel(&addr)?.connect().await.with_context(|| {
            format!("无法连接 {addr};请先执行 hotline run,或用 --addr 指定 / cannot connect to {addr}; start `hotline run`, or give --addr")
        })?;
        Self::new(here, &settings, Credentials::new(&token, global.lang())?)
    }

    /// A client on a channel at hand.
    ///
    /// # Errors
    /// An address in `peers` that is none.
    pub fn new(here: Channel, settings: &Settings, credentials: Credentials) -> anyhow::Result<Self> {
        let lazily = |(name, url): (&String, &String)| {
            let endpoint =
                Endpoint::from_shared(url.clone()).with_context(|| format!("peers.{name}: {url}"))?;
            anyhow::Ok((name.replace('_', "-"), endpoint.timeout(CALL_MAX).connect_lazy()))
        };
        let elsewhere = settings.peers.iter().map(lazily).collect::<anyhow::Result<_>>()?;
        Ok(Self {
            here,
            elsewhere,
            credentials,
        })
    }

    /// The same ways in another person's name.
    ///
    /// # Errors
    /// The token cannot be issued.
    pub fn on_behalf(&self, tokens: &Tokens, caller: &Caller) -> anyhow::Result<Self> {
        let token = tokens.issue(caller, TOKEN_TTL)?;
        Ok(Self {
            credentials: Credentials::new(&token, self.credentials.lang)?,
            ..self.clone()
        })
    }

    /// The register.
    pub fn intake(&self) -> IntakeServiceClient<Wire> {
        IntakeServiceClient::new(self.wire("intake"))
    }

    /// Telephone calls.
    pub fn calls(&self) -> CallServiceClient<Wire> {
        CallServiceClient::new(self.wire("intake"))
    }

    /// Orders and legs.
    pub fn routing(&self) -> RoutingServiceClient<Wire> {
        RoutingServiceClient::new(self.wire("routing"))
    }

    /// Clocks.
    pub fn sla(&self) -> SlaTimerServiceClient<Wire> {
        SlaTimerServiceClient::new(self.wire("sla"))
    }

    /// The supervision ledger.
    pub fn supervision(&self) -> SupervisionServiceClient<Wire> {
        SupervisionServiceClient::new(self.wire("sla"))
    }

    /// Call-backs.
    pub fn callback(&self) -> CallbackServiceClient<Wire> {
        CallbackServiceClient::new(self.wire("callback"))
    }

    /// The second send.
    pub fn enterprise(&self) -> EnterpriseServiceClient<Wire> {
        EnterpriseServiceClient::new(self.wire("enterprise"))
    }

    /// Figures.
    pub fn analytics(&self) -> AnalyticsServiceClient<Wire> {
        AnalyticsServiceClient::new(self.wire("analytics"))
    }

    /// People's accounts.
    pub fn accounts(&self) -> AccountServiceClient<Wire> {
        AccountServiceClient::new(self.wire("gateway"))
    }

    /// The journal of `producer`.
    pub fn journal(&self, producer: &str) -> JournalServiceClient<Wire> {
        JournalServiceClient::new(self.wire(producer))
    }

    /// The way to a service: another process where `peers` names one.
    fn wire(&self, producer: &str) -> Wire {
        let channel = self.elsewhere.get(producer).unwrap_or(&self.here);
        InterceptedService::new(channel.clone(), self.credentials.clone())
    }
}

/// The address to dial: the flag, the running platform, the configured one.
fn address(global: &Global, settings: &Settings) -> String {
    let running = || RunFile::read(&settings.data_dir).map(|run| run.dial().to_string());
    let configured = || dialled(settings.grpc.listen).to_string();
    global.addr.clone().or_else(running).unwrap_or_else(configured)
}

/// An endpoint with every limit that tonic leaves unset.
///
/// # Errors
/// An address that is none.
pub fn channel(addr: &str) -> anyhow::Result<Endpoint> {
    let url = if addr.contains("://") {
        addr.to_owned()
    } else {
        format!("http://{addr}")
    };
    let endpoint = Endpoint::from_shared(url)
        .with_context(|| format!("{addr} 不是地址,应如 127.0.0.1:12345 / {addr} is no address"))?;
    Ok(endpoint
        .connect_timeout(CONNECT_MAX)
        .timeout(CALL_MAX)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_while_idle(true))
}

/// A token from the installation's own key, which is never made here: a new one would open nothing.
fn issue(keys_dir: &Path, roles: &[&str]) -> anyhow::Result<String> {
    if !keys_dir.join("token.ed25519.pem").is_file() {
        bail!(
            "{0} 中没有可读的密钥;请用 --token 提供令牌,或用 --data-dir 指明平台的数据目录 / \
             no readable key in {0}; give --token, or name the platform's folder with --data-dir",
            keys_dir.display()
        );
    }
    Tokens::open(keys_dir)?.issue(&Caller::new("cli", roles), TOKEN_TTL)
}

/// A refused or failed call as an error for people: the message in their language, and the code.
pub fn told(status: Status) -> anyhow::Error {
    let details = status.get_error_details();
    let code = details.error_info().map(|info| info.reason.clone());
    let words = details.localized_message().map(|message| message.message.clone());
    match (words, code) {
        (Some(words), Some(code)) => anyhow::anyhow!("{words} [{code}]"),
        _ => anyhow::anyhow!("{:?}: {}", status.code(), status.message()),
    }
}

/// The stable code of a refusal; empty when the status carries none.
pub fn code_of(status: &Status) -> String {
    status
        .get_error_details()
        .error_info()
        .map(|info| info.reason.clone())
        .unwrap_or_default()
}
