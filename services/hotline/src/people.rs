//! The first people of an installation: the administrator of a first start, and the demo's, one a role.

use std::collections::BTreeMap;

use anyhow::Context as _;
use hotline_policy::City;
use hotline_proto::analytics::v1::{Dimension, GetTotalsRequest};
use hotline_proto::gateway::v1::account_service_client::AccountServiceClient;
use hotline_proto::gateway::v1::{
    CreateAccountRequest, IssueLinkRequest, ListRolesRequest, OpenFirstAccountRequest,
    OpenFirstAccountResponse, Role,
};
use hotline_runtime::Runtime;

use crate::cli::Global;
use crate::client::{Client, code_of, told};

/// Rows of totals that are read to find the busiest unit.
const TOTALS: i32 = 1_000;

/// One of the demo's people.
pub struct Person {
    /// Name of the role.
    pub role: String,
    /// Username.
    pub username: String,
    /// Unit; empty for the platform's own.
    pub unit: String,
    /// One-time link.
    pub url: String,
}

/// The first administrator's link, while nobody ever signed in.
///
/// # Errors
/// The gateway does not answer.
pub async fn first(runtime: &Runtime) -> anyhow::Result<OpenFirstAccountResponse> {
    let mut accounts = AccountServiceClient::new(runtime.peers.channel(hotline_gateway::NAME)?);
    let opened = accounts.open_first_account(OpenFirstAccountRequest {}).await;
    Ok(opened.map_err(told).context("the first account")?.into_inner())
}

/// Makes the demo's people, or gives those of an earlier demo new links.
///
/// # Errors
/// The gateway does not answer, or refuses.
pub async fn cast(global: &Global, client: &Client, city: &City) -> anyhow::Result<Vec<Person>> {
    let roles = client.accounts().list_roles(ListRolesRequest {}).await;
    let unit = busiest_unit(client, city).await?;
    let mut people = Vec::new();
    for role in roles.map_err(told)?.into_inner().roles {
        people.push(person(global, client, &role, &unit).await?);
    }
    Ok(people)
}

async fn person(global: &Global, client: &Client, role: &Role, unit: &str) -> anyhow::Result<Person> {
    let username = format!("demo-{}", role.id.replace('_', "-"));
    let unit_id = if role.needs_unit {
        unit.to_owned()
    } else {
        String::new()
    };
    let request = CreateAccountRequest {
        username: username.clone(),
        name: format!("演示{}", role.name_zh),
        roles: vec![role.id.clone()],
        unit_id: unit_id.clone(),
        ..CreateAccountRequest::default()
    };
    let link = match client.accounts().create_account(request).await {
        Ok(made) => made.into_inner().link,
        Err(status) if code_of(&status) == "account.username_taken" => {
            let request = IssueLinkRequest {
                account_id: username.clone(),
                reset_second_factor: true,
            };
            let issued = client.accounts().issue_link(request).await.map_err(told)?;
            issued.into_inner().link
        }
        Err(status) => return Err(told(status)),
    };
    Ok(Person {
        role: global.say(&role.name_zh, &role.name_en).to_owned(),
        username,
        unit: unit_id,
        url: link.unwrap_or_default().url,
    })
}

/// The unit that most happened at, so that its clerk finds work; any department where nothing happened yet.
async fn busiest_unit(client: &Client, city: &City) -> anyhow::Result<String> {
    let request = GetTotalsRequest {
        dimension: Dimension::Unit.into(),
        page_size: TOTALS,
        ..GetTotalsRequest::default()
    };
    let totals = client.analytics().get_totals(request).await.map_err(told)?;
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for total in totals.into_inner().totals {
        *counts.entry(total.key).or_default() += total.count;
    }
    let known = counts
        .into_iter()
        .filter(|(unit, _)| city.units.get(unit).is_some());
    let busiest = known.max_by_key(|(_, count)| *count).map(|(unit, _)| unit);
    let any = || city.units.iter().find(|unit| unit.parent.is_some());
    busiest
        .or_else(|| any().map(|unit| unit.id.clone()))
        .context("the city has no unit")
}
