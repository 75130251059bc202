//! Callers of the product by role, each with clients of every service.

use std::time::Duration;

use anyhow::Result;
use hotline_proto::analytics::v1::analytics_service_client::AnalyticsServiceClient;
use hotline_proto::bus::v1::journal_service_client::JournalServiceClient;
use hotline_proto::callback::v1::callback_service_client::CallbackServiceClient;
use hotline_proto::enterprise::v1::enterprise_service_client::EnterpriseServiceClient;
use hotline_proto::intake::v1::intake_service_client::IntakeServiceClient;
use hotline_proto::routing::v1::routing_service_client::RoutingServiceClient;
use hotline_proto::sla::v1::sla_timer_service_client::SlaTimerServiceClient;
use hotline_proto::sla::v1::supervision_service_client::SupervisionServiceClient;
use hotline_runtime::{Caller, Tokens};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};

use super::platform::Platform;

/// Life of a test's token: longer than any test.
const TTL: Duration = Duration::from_secs(3_600);

/// A channel that adds a token.
pub type Wire = InterceptedService<Channel, Bearer>;

/// Puts a token on every call; none for nobody.
#[derive(Clone)]
pub struct Bearer(Option<MetadataValue<Ascii>>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(bearer) = &self.0 {
            request.metadata_mut().insert("authorization", bearer.clone());
        }
        Ok(request)
    }
}

/// Somebody who calls.
#[derive(Clone)]
pub struct Person {
    /// Subject of the token.
    pub subject: String,
    wire: Wire,
}

impl Person {
    /// The register.
    pub fn intake(&self) -> IntakeServiceClient<Wire> {
        IntakeServiceClient::new(self.wire.clone())
    }

    /// Orders and legs.
    pub fn routing(&self) -> RoutingServiceClient<Wire> {
        RoutingServiceClient::new(self.wire.clone())
    }

    /// Clocks.
    pub fn sla(&self) -> SlaTimerServiceClient<Wire> {
        SlaTimerServiceClient::new(self.wire.clone())
    }

    /// The supervision ledger.
    pub fn supervision(&self) -> SupervisionServiceClient<Wire> {
        SupervisionServiceClient::new(self.wire.clone())
    }

    /// Call-backs.
    pub fn callback(&self) -> CallbackServiceClient<Wire> {
        CallbackServiceClient::new(self.wire.clone())
    }

    /// The second send.
    pub fn enterprise(&self) -> EnterpriseServiceClient<Wire> {
        EnterpriseServiceClient::new(self.wire.clone())
    }

    /// Figures.
    pub fn analytics(&self) -> AnalyticsServiceClient<Wire> {
        AnalyticsServiceClient::new(self.wire.clone())
    }

    /// Journals.
    pub fn journal(&self) -> JournalServiceClient<Wire> {
        JournalServiceClient::new(self.wire.clone())
    }

    /// The channel itself.
    pub fn wire(&self) -> Wire {
        self.wire.clone()
    }
}

/// Everybody who works on an appeal.
pub struct Callers {
    /// Registers.
    pub agent: Person,
    /// Decides on scope.
    pub leader: Person,
    /// Sends orders out.
    pub dispatcher: Person,
    /// Looks at replies.
    pub reviewer: Person,
    /// Calls back.
    pub callback: Person,
    /// Determines, judges.
    pub supervisor: Person,
    /// Heads the authority in charge.
    pub authority: Person,
    /// Follows the second send.
    pub enterprise: Person,
    /// Keeps the installation.
    pub operator: Person,
    /// Another process of the installation.
    pub service: Person,
    channel: Channel,
    tokens: Vec<(String, String)>,
}

impl Callers {
    /// Everybody, with tokens of this installation of Xuzhou's.
    ///
    /// # Errors
    /// A token cannot be issued.
    pub fn of(platform: &Platform) -> Result<Self> {
        let path = crate::workspace_root().join("deploy/cities/xuzhou/units.toml");
        let text = std::fs::read_to_string(path)?;
        let ids = text
            .lines()
            .filter_map(|line| line.strip_prefix("id ")?.split('"').nth(1));
        Self::on(platform.tokens(), platform.channel(), ids)
    }

    /// Everybody of a city with these units, over a channel.
    ///
    /// # Errors
    /// A token cannot be issued.
    pub fn on<'u>(tokens: &Tokens, channel: Channel, units: impl Iterator<Item = &'u str>) -> Result<Self> {
        let person = |subject: &str, role: &str| of(tokens, &channel, &Caller::new(subject, &[role]));
        Ok(Self {
            agent: person("u-agent", "agent")?,
            leader: person("u-leader", "team_leader")?,
            dispatcher: person("u-dispatcher", "dispatcher")?,
            reviewer: person("u-reviewer", "reviewer")?,
            callback: person("u-callback", "callback_agent")?,
            supervisor: person("u-supervisor", "supervisor")?,
            authority: person("u-authority", "leader")?,
            enterprise: person("u-enterprise", "enterprise_desk")?,
            operator: person("u-operator", "operator")?,
            service: of(tokens, &channel, &Caller::service())?,
            tokens: clerks(tokens, units)?,
            channel,
        })
    }

    /// The clerk of a unit.
    ///
    /// # Errors
    /// The city has no such unit.
    pub fn clerk(&self, unit: &str) -> Result<Person> {
        let token = self.tokens.iter().find(|(of, _)| of == unit);
        let (_, token) = token.ok_or_else(|| anyhow::anyhow!("no unit is called {unit}"))?;
        Ok(Person {
            subject: clerk_of(unit),
            wire: wire(&self.channel, Some(token))?,
        })
    }
}

/// A caller with a token of their own.
///
/// # Errors
/// The token cannot be issued.
pub fn person(platform: &Platform, caller: &Caller) -> Result<Person> {
    of(platform.tokens(), &platform.channel(), caller)
}

/// Somebody without a token.
///
/// # Errors
/// None in practice.
pub fn nobody(platform: &Platform) -> Result<Person> {
    without(&platform.channel())
}

/// Somebody without a token, over a channel.
///
/// # Errors
/// None in practice.
pub fn without(channel: &Channel) -> Result<Person> {
    Ok(Person {
        subject: String::new(),
        wire: wire(channel, None)?,
    })
}

/// Somebody with this token, whatever it is.
///
/// # Errors
/// A token that cannot stand in a header.
pub fn bearer(platform: &Platform, token: &str) -> Result<Person> {
    Ok(Person {
        subject: "bearer".to_owned(),
        wire: wire(&platform.channel(), Some(token))?,
    })
}

/// A caller with a token of their own, over a channel.
///
/// # Errors
/// The token cannot be issued.
pub fn of(tokens: &Tokens, channel: &Channel, caller: &Caller) -> Result<Person> {
    let token = tokens.issue(caller, TTL)?;
    Ok(Person {
        subject: caller.subject.clone(),
        wire: wire(channel, Some(&token))?,
    })
}

fn wire(channel: &Channel, token: Option<&str>) -> Result<Wire> {
    let bearer = token.map(|token| format!("Bearer {token}").parse()).transpose()?;
    Ok(InterceptedService::new(channel.clone(), Bearer(bearer)))
}

fn clerk_of(unit: &str) -> String {
    format!("u-clerk-{unit}")
}

/// A clerk's token for every unit of a city.
fn clerks<'u>(tokens: &Tokens, units: impl Iterator<Item = &'u str>) -> Result<Vec<(String, String)>> {
    units
        .map(|unit| {
            let caller = Caller::new(clerk_of(unit), &["unit_clerk"]).of_unit(unit);
            Ok((unit.to_owned(), tokens.issue(&caller, TTL)?))
        })
        .collect()
}
