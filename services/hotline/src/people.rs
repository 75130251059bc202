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
use crate::demo::clerk_of;

/// Refusals of a clerk's account that change nothing: an earlier demo made it, or it cannot be called so.
const SPARED: [&str; 2] = ["account.username_taken", "account.username_invalid"];

/// Role of those who acted for units in the demo.
const CLERK: &str = "unit_clerk";

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
    let roles = roles.map_err(told)?.into_inner().roles;
    let counts = counts(client, city).await?;
    let unit = busiest_unit(&counts, city)?;
    if let Some(clerk) = roles.iter().find(|role| role.id == CLERK) {
        for unit in counts.keys() {
            played(client, clerk, unit).await?;
        }
    }
    let mut people = Vec::new();
    for role in roles {
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

/// An account for the clerk of a unit who acted in the demo, so that the desks show a name; nobody gets its link. A unit
/// whose identifier is too long for a username has none.
async fn played(client: &Client, role: &Role, unit: &str) -> anyhow::Result<()> {
    let request = CreateAccountRequest {
        username: clerk_of(unit),
        name: format!("演示{}", role.name_zh),
        roles: vec![role.id.clone()],
        unit_id: unit.to_owned(),
        ..CreateAccountRequest::default()
    };
    match client.accounts().create_account(request).await {
        Err(status) if !SPARED.contains(&code_of(&status).as_str()) => Err(told(status)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// How much happened at each unit.
async fn counts(client: &Client, city: &City) -> anyhow::Result<BTreeMap<String, i64>> {
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
    counts.retain(|unit, _| city.units.get(unit).is_some());
    Ok(counts)
}

/// The unit that most happened at, so that its clerk finds work; any department where nothing happened yet.
fn busiest_unit(counts: &BTreeMap<String, i64>, city: &City) -> anyhow::Result<String> {
    let busiest = counts.iter().max_by_key(|(_, count)| **count);
    let any = || city.units.iter().find(|unit| unit.parent.is_some());
    busiest
        .map(|(unit, _)| unit.clone())
        .or_else(|| any().map(|unit| unit.id.clone()))
        .context("the city has no unit")
}
