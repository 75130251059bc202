//! Who may call a method: read from the contract's `(hotline.auth.v1.access)` options at start, enforced here alone.
//!
//! Invariant: a method whose contract says nothing is closed, and so is one that no contract knows.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use hotline_policy::refusal::{Code as RefusalCode, Refusal};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use prost_reflect::{DescriptorPool, ExtensionDescriptor, MethodDescriptor, ReflectMessage, Value};
use tonic::{Code, Status};

use crate::audit::{Plan, Plans};
use crate::body::Held;
use crate::caller::Caller;
use crate::refusals::{METHOD_CLOSED, ROLE_MISSING, TOKEN_EXPIRED, TOKEN_INVALID, TOKEN_MISSING};
use crate::status::{lang_of_headers, refuse_as};
use crate::token::{TokenError, Tokens};
use crate::wire::Wire;

/// Full name of the method option.
const OPTION: &str = "hotline.auth.v1.access";

/// Services that anybody may call: probes of an orchestrator and the published contract. Nothing else is exempt.
const EXEMPT: &[&str] = &["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"];

/// The access rule of one method.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    /// Anybody.
    Public,
    /// A caller with one of these roles.
    Roles(Vec<String>),
    /// Nobody: the contract says nothing.
    Closed,
}

/// What the contract says of a method, for those who show or forward it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness<'a> {
    /// Anybody may call.
    Public,
    /// A caller with one of these roles.
    Roles(&'a [String]),
    /// Nobody: the contract says nothing, or does not know the method.
    Closed,
}

/// The rules of all methods of a contract.
#[derive(Debug)]
pub struct Access {
    rules: HashMap<String, (Arc<str>, Rule)>,
    plans: Plans,
    wire: Arc<Wire>,
}

/// A call that may not be made, and who wanted to make it, where that is known.
pub(crate) struct Turned {
    pub(crate) status: Status,
    pub(crate) caller: Option<Arc<Caller>>,
}

impl Access {
    /// The rules in an encoded `FileDescriptorSet`.
    ///
    /// # Errors
    /// The bytes are no descriptor set, or lack the option's definition.
    pub fn from_descriptor_set(bytes: &[u8]) -> anyhow::Result<Self> {
        let pool = DescriptorPool::decode(bytes).context("decode the contract's descriptor set")?;
        let option = pool
            .get_extension_by_name(OPTION)
            .with_context(|| format!("the contract defines no {OPTION}"))?;
        let methods = pool
            .services()
            .flat_map(|service| service.methods().collect::<Vec<_>>());
        let rules = methods.map(|method| {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            let label = Arc::from(&path[1..]);
            (path, (label, rule_of(&method, &option)))
        });
        Ok(Self {
            rules: rules.collect(),
            plans: Plans::read(&pool, &option),
            wire: Arc::new(Wire::read(&pool)),
        })
    }

    /// Paths of the methods whose contract says nothing about access.
    pub fn closed(&self) -> Vec<&str> {
        let closed = self.rules.iter().filter(|(_, (_, rule))| *rule == Rule::Closed);
        let mut paths: Vec<_> = closed.map(|(path, _)| path.as_str()).collect();
        paths.sort_unstable();
        paths
    }

    /// Who may call `path`, `/<package>.<service>/<method>`.
    pub fn openness(&self, path: &str) -> Openness<'_> {
        match self.rules.get(path).map(|(_, rule)| rule) {
            Some(Rule::Public) => Openness::Public,
            Some(Rule::Roles(roles)) => Openness::Roles(roles),
            Some(Rule::Closed) | None => Openness::Closed,
        }
    }

    /// The name of `path` for metrics and traces; one word for all unknown ones, so that callers cannot make series.
    pub(crate) fn label(&self, path: &str) -> Arc<str> {
        match self.rules.get(path) {
            Some((label, _)) => label.clone(),
            None if is_exempt(path) => Arc::from(path.trim_start_matches('/')),
            None => Arc::from("unknown"),
        }
    }

    /// What is written down about calls of `path`; nothing for probes and unknown methods.
    pub(crate) fn plan(&self, path: &str) -> Option<Arc<Plan>> {
        self.plans.of(path)
    }

    /// What the bytes of a request of `path` are held to; nothing for probes, and for the installation's own processes,
    /// one of which may be newer than another while they are being replaced.
    pub(crate) fn held(&self, path: &str, caller: &Caller, headers: &HeaderMap) -> Option<Held> {
        let form = self.wire.form(path).filter(|_| !caller.is_service())?;
        Some(Held::new(self.wire.clone(), form, lang_of_headers(headers)))
    }

    /// The caller of `path`, if they may call it.
    ///
    /// # Errors
    /// UNAUTHENTICATED without a valid token, PERMISSION_DENIED without a role or on a closed method.
    pub(crate) fn admit(
        &self,
        path: &str,
        headers: &HeaderMap,
        tokens: &Tokens,
    ) -> Result<Arc<Caller>, Turned> {
        if is_exempt(path) {
            return Ok(Arc::new(Caller::anonymous()));
        }
        let turned = |code, refusal, caller| Turned {
            status: refuse_as(code, &Refusal::new(refusal), lang_of_headers(headers)),
            caller,
        };
        let rule = self.rules.get(path).map_or(&Rule::Closed, |(_, rule)| rule);
        if *rule == Rule::Closed {
            return Err(turned(Code::PermissionDenied, &METHOD_CLOSED, None));
        }
        let caller = identify(headers, tokens).map_err(|code| turned(Code::Unauthenticated, code, None))?;
        match (rule, caller) {
            (Rule::Public, caller) => Ok(caller.unwrap_or_default()),
            (_, None) => Err(turned(Code::Unauthenticated, &TOKEN_MISSING, None)),
            (Rule::Roles(roles), Some(caller)) if roles.iter().any(|role| caller.has(role)) => Ok(caller),
            (_, caller) => Err(turned(Code::PermissionDenied, &ROLE_MISSING, caller)),
        }
    }
}

/// The caller that the bearer token names; nobody where there is no token.
fn identify(headers: &HeaderMap, tokens: &Tokens) -> Result<Option<Arc<Caller>>, &'static RefusalCode> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let (scheme, token) = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(&TOKEN_INVALID)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(&TOKEN_INVALID);
    }
    tokens
        .verify(token.trim())
        .map(Some)
        .map_err(|error| match error {
            TokenError::Expired => &TOKEN_EXPIRED,
            TokenError::Invalid => &TOKEN_INVALID,
        })
}

fn is_exempt(path: &str) -> bool {
    let service = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    EXEMPT.contains(&service)
}

fn rule_of(method: &MethodDescriptor, option: &ExtensionDescriptor) -> Rule {
    let options = method.options();
    if !options.has_extension(option) {
        return Rule::Closed;
    }
    let value = options.get_extension(option);
    let Some(access) = value.as_message() else {
        return Rule::Closed;
    };
    let field = |name| {
        access
            .descriptor()
            .get_field_by_name(name)
            .map(|field| access.get_field(&field).into_owned())
    };
    if field("public").as_ref().and_then(Value::as_bool) == Some(true) {
        return Rule::Public;
    }
    let roles = field("roles");
    let roles = roles.as_ref().and_then(Value::as_list).unwrap_or_default();
    Rule::Roles(
        roles
            .iter()
            .filter_map(|role| role.as_str().map(str::to_owned))
            .collect(),
    )
}
