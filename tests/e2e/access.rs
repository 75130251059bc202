//! Who may call what: every method of the contract with every role, as the contract's own option says.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use hotline_proto::FILE_DESCRIPTOR_SET;
use hotline_runtime::Caller;
use hotline_tests::support::callers::{bearer, nobody, person};
use hotline_tests::support::refused::Refused;
use hotline_tests::support::{Options, Person, Platform, tell};
use prost_reflect::{DescriptorPool, Value};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Status};

/// Full name of the method option.
const OPTION: &str = "hotline.auth.v1.access";

/// A role that no method names.
const STRANGER: &str = "stranger";

/// One method and who may call it.
#[derive(Clone)]
pub struct Rule {
    /// How it is called.
    pub path: String,
    /// Anybody may.
    pub public: bool,
    /// Roles that may.
    pub roles: BTreeSet<String>,
}

/// The rules of the contract, and the methods that say nothing.
pub fn rules() -> Result<(Vec<Rule>, Vec<String>)> {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET)?;
    let option = pool
        .get_extension_by_name(OPTION)
        .context("the contract defines the option")?;
    let (mut rules, mut silent) = (Vec::new(), Vec::new());
    for method in pool
        .services()
        .flat_map(|service| service.methods().collect::<Vec<_>>())
    {
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        let options = method.options();
        if !options.has_extension(&option) {
            silent.push(path);
            continue;
        }
        let access = options.get_extension(&option);
        let access = access.as_message().context("the option is a message")?;
        let field = |name: &str| access.get_field_by_name(name).map(std::borrow::Cow::into_owned);
        let roles = field("roles");
        let roles = roles.as_ref().and_then(Value::as_list).unwrap_or_default();
        rules.push(Rule {
            path,
            public: field("public")
                .and_then(|value| value.as_bool())
                .unwrap_or_default(),
            roles: roles
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        });
    }
    Ok((rules, silent))
}

/// Calls a method with an empty message.
async fn call(person: &Person, path: &str) -> Result<(), Status> {
    let mut grpc = tonic::client::Grpc::new(person.wire());
    grpc.ready()
        .await
        .map_err(|error| Status::unavailable(error.to_string()))?;
    let path = PathAndQuery::try_from(path).map_err(|error| Status::internal(error.to_string()))?;
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    grpc.unary(Request::new(()), path, codec).await.map(drop)
}

/// How the gate judged a call: its reason when it was refused there, nothing when the call went on to its service.
fn gate(answer: &Result<(), Status>) -> Option<(Code, String)> {
    let refused = Refused::of(answer.as_ref().err()?);
    let of_gate = refused.reason.starts_with("access.") || refused.code == Code::Unauthenticated;
    of_gate.then_some((refused.code, refused.reason))
}

#[tokio::test]
async fn every_method_is_open_to_the_roles_of_its_contract_and_closed_to_everybody_else() -> Result<()> {
    let (rules, silent) = rules()?;
    ensure!(
        silent.is_empty(),
        "methods that do not say who may call them: {silent:?}"
    );
    let platform = Platform::start(Options::default()).await?;
    let mut roles: BTreeSet<String> = rules.iter().flat_map(|rule| rule.roles.clone()).collect();
    roles.insert(STRANGER.to_owned());
    let mut wrong = Vec::new();
    let mut asked = 0_u32;
    for role in &roles {
        let caller = Caller::new(format!("u-{role}"), &[role.as_str()]).of_unit("xz-market");
        let person = person(&platform, &caller)?;
        for rule in &rules {
            let answer = call(&person, &rule.path).await;
            let found = gate(&answer);
            let may = rule.public || rule.roles.contains(role);
            let expected = (!may).then(|| (Code::PermissionDenied, "access.role_missing".to_owned()));
            if found != expected {
                wrong.push(format!(
                    "{role} on {}: {found:?}, expected {expected:?}",
                    rule.path
                ));
            }
            if let Err(status) = answer.filter_internal() {
                wrong.push(format!("{role} on {}: {status}", rule.path));
            }
            asked += 1;
        }
    }
    tell(format_args!(
        "{asked} calls: {} methods, {} roles",
        rules.len(),
        roles.len()
    ));
    ensure!(
        wrong.is_empty(),
        "{} wrong answers:\n{}\n{}",
        wrong.len(),
        wrong.join("\n"),
        platform.log_tail()
    );
    Ok(())
}

#[tokio::test]
async fn nobody_comes_in_without_a_token_of_this_installation() -> Result<()> {
    let (rules, _silent) = rules()?;
    let platform = Platform::start(Options::default()).await?;
    let elsewhere = tempfile::tempdir()?;
    let foreign = hotline_runtime::Tokens::open(elsewhere.path())?;
    let foreign = foreign.issue(&Caller::service(), std::time::Duration::from_secs(60))?;
    let expired = platform
        .tokens()
        .issue(&Caller::service(), std::time::Duration::ZERO)?;
    let (nobody, foreign, garbled) = (
        nobody(&platform)?,
        bearer(&platform, &foreign)?,
        bearer(&platform, "not.a.token")?,
    );
    let mut wrong = Vec::new();
    for rule in &rules {
        let found = gate(&call(&nobody, &rule.path).await);
        let expected = (!rule.public).then(|| (Code::Unauthenticated, "access.token_missing".to_owned()));
        if found != expected {
            wrong.push(format!("nobody on {}: {found:?}", rule.path));
        }
        // A bad token is no better than none, even where none is asked for.
        for person in [&foreign, &garbled] {
            let found = gate(&call(person, &rule.path).await);
            if found != Some((Code::Unauthenticated, "access.token_invalid".to_owned())) {
                wrong.push(format!("a bad token on {}: {found:?}", rule.path));
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Clocks of machines may differ by some seconds; a token is over after that.
    let expired = bearer(&platform, &expired)?;
    hotline_tests::support::until("an expired token is refused", || async {
        let found = gate(&call(&expired, "/hotline.routing.v1.RoutingService/ListUnits").await);
        Ok(found.filter(|(_, reason)| reason == "access.token_expired"))
    })
    .await?;
    Ok(())
}

/// Leaves only what no caller may ever see: a defect behind the gate.
trait FilterInternal {
    fn filter_internal(self) -> Result<(), Status>;
}

impl FilterInternal for Result<(), Status> {
    fn filter_internal(self) -> Result<(), Status> {
        match self {
            Err(status) if [Code::Internal, Code::Unimplemented, Code::Unknown].contains(&status.code()) => {
                Err(status)
            }
            _ => Ok(()),
        }
    }
}
