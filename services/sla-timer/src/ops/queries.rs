//! Lists, explanations and totals; a unit's staff see the clocks of their own unit.

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::Refusal;
use hotline_runtime::{Caller, page};
use uuid::Uuid;

use super::Sla;
use crate::contract;
use crate::domain::refusals::{UNIT_DENIED, UNIT_MISSING};
use crate::domain::{Clock, Explained, explain};
use crate::store::{self, Filter, Position, Totals};

/// Roles that see one unit's clocks and no others.
const UNIT_ROLES: [&str; 2] = ["unit_clerk", "unit_leader"];

/// Roles that see every clock whatever else the caller is.
const WIDE_ROLES: [&str; 10] = [
    "agent",
    "team_leader",
    "dispatcher",
    "reviewer",
    "callback_agent",
    "supervisor",
    "enterprise_desk",
    "leader",
    "service",
    "operator",
];

/// A page of clocks.
#[derive(Debug)]
pub struct Page {
    /// Soonest due first.
    pub clocks: Vec<Clock>,
    /// Token of the next page; empty at the end.
    pub next_page_token: String,
}

/// Lists clocks, soonest due first.
///
/// # Errors
/// A token of another list, or a unit that is not the caller's; else the database failed.
pub async fn list_clocks(
    sla: &Sla,
    mut filter: Filter,
    size: usize,
    token: &str,
    caller: &Caller,
) -> Result<Page, Fault> {
    filter.unit = visible_unit(caller, filter.unit.as_deref())?;
    let mark = (filter.order, &filter.unit, filter.state);
    let after = page::decode::<(DateTime<Utc>, Uuid)>(token, &mark)?.map_or(Position::START, Position::from);
    let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let mut clocks = store::list(sla.bus.pool(), &filter, after, limit).await?;
    let more = clocks.len() > size;
    clocks.truncate(size);
    let last = clocks
        .last()
        .filter(|_| more)
        .map(|clock| (clock.due_at, clock.id));
    Ok(Page {
        next_page_token: last.map(|key| page::encode(&key, &mark)).unwrap_or_default(),
        clocks,
    })
}

/// Explains the clocks of an order that the caller may see, oldest first.
///
/// # Errors
/// A caller who belongs to no unit and should; else the database failed.
pub async fn explain_order(
    sla: &Sla,
    order: Uuid,
    caller: &Caller,
) -> Result<Vec<(Clock, Explained)>, Fault> {
    let unit = visible_unit(caller, None)?;
    let clocks = store::of_order_oldest_first(sla.bus.pool(), order, unit.as_deref()).await?;
    let rules = sla.rules();
    clocks
        .into_iter()
        .map(|clock| {
            let told = explain(&clock, &contract::order_of(&clock)?, &rules);
            Ok((clock, told))
        })
        .collect()
}

/// Counts all clocks by state.
///
/// # Errors
/// The database failed.
pub async fn totals(sla: &Sla) -> Result<Totals, Fault> {
    let mut sql = sla.bus.pool().acquire().await?;
    Ok(store::totals(&mut sql).await?)
}

/// The unit whose clocks the caller sees when `asked` for: their own for a unit's staff, any for others.
pub(super) fn visible_unit(caller: &Caller, asked: Option<&str>) -> Result<Option<String>, Refusal> {
    let bound =
        UNIT_ROLES.iter().any(|role| caller.has(role)) && !WIDE_ROLES.iter().any(|role| caller.has(role));
    if !bound {
        return Ok(asked.map(str::to_owned));
    }
    let own = caller
        .unit
        .as_deref()
        .ok_or_else(|| Refusal::new(&UNIT_MISSING))?;
    match asked {
        Some(asked) if asked != own => Err(Refusal::new(&UNIT_DENIED).field("unit_id").detail(asked)),
        _ => Ok(Some(own.to_owned())),
    }
}
