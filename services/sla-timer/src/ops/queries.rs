//! Lists, explanations and totals; a unit's staff see the clocks of their own unit.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hotline_bus::Fault;
use hotline_policy::{AppealType, Obligation, Refusal};
use hotline_runtime::{Caller, Stopwatch, page};
use serde::Serialize;
use uuid::Uuid;

use super::Sla;
use crate::contract;
use crate::domain::refusals::{UNIT_DENIED, UNIT_MISSING};
use crate::domain::{Clock, Debtor, Expiry, Explained, Row, TABLE, explain};
use crate::store::{self, EndedTotals, Filter, Nearest, OpenTotals, Owed, Position};

/// So many ended clocks are counted at every call; more of them stand for [`ENDED_STANDS`] once counted.
const ENDED_MANY: i64 = 100_000;
const ENDED_STANDS: Duration = Duration::from_secs(60);

/// Roles that see one unit's clocks and no others.
const UNIT_ROLES: [&str; 3] = ["unit_clerk", "unit_leader", "unit_section"];

/// Roles that see every clock whatever else the caller is.
const WIDE_ROLES: [&str; 11] = [
    "agent",
    "team_leader",
    "dispatcher",
    "reviewer",
    "callback_agent",
    "supervisor",
    "enterprise_desk",
    "leader",
    "special_team",
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

impl Page {
    /// The first `size` of these, which are one more where there is another page.
    fn of(mut clocks: Vec<Clock>, size: usize, mark: &impl Serialize) -> Self {
        let more = clocks.len() > size;
        clocks.truncate(size);
        let last = clocks
            .last()
            .filter(|_| more)
            .map(|clock| (clock.due_at, clock.id));
        Self {
            next_page_token: last.map(|key| page::encode(&key, mark)).unwrap_or_default(),
            clocks,
        }
    }
}

/// Which orders to list by what is due first; every given filter must hold.
#[derive(Debug, Default)]
pub struct Due {
    /// Of these obligations; every duty where none is given.
    pub obligations: Vec<Obligation>,
    /// Owed by this unit.
    pub unit: Option<String>,
    /// Owed by the platform's own desks.
    pub platform: bool,
    /// Orders of this kind.
    pub appeal_type: Option<AppealType>,
    /// Orders of enterprises alone.
    pub enterprise: bool,
    /// Beginning of the division code; any when empty.
    pub division: String,
    /// In the open state of this number.
    pub state: Option<i16>,
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
    let clocks = store::list(sla.bus.pool(), &filter, after, limit).await?;
    Ok(Page::of(clocks, size, &mark))
}

/// Lists orders by their nearest open clock, worst first.
///
/// # Errors
/// As [`list_clocks`].
pub async fn list_due(
    sla: &Sla,
    asked: Due,
    size: usize,
    token: &str,
    caller: &Caller,
) -> Result<Page, Fault> {
    let filter = Nearest {
        obligations: if asked.obligations.is_empty() {
            duties(asked.platform)
        } else {
            asked
                .obligations
                .iter()
                .map(|obligation| obligation.as_str())
                .collect()
        },
        debtor: match visible_unit(caller, asked.unit.as_deref())? {
            Some(unit) => Owed::ByUnit(unit),
            None if asked.platform => Owed::ByPlatform,
            None => Owed::ByAnybody,
        },
        states: asked.state.map_or_else(|| vec![1, 3], |state| vec![state]),
        appeal_type: asked.appeal_type.map(AppealType::as_str),
        enterprise: asked.enterprise,
        division: asked.division,
    };
    let after =
        page::decode::<(DateTime<Utc>, Uuid)>(token, &filter)?.map_or(Position::START, Position::from);
    let clocks = store::nearest(sla.bus.pool(), &filter, after, size + 1).await?;
    Ok(Page::of(clocks, size, &filter))
}

/// The open clocks of these orders that the caller may see, soonest due first.
///
/// # Errors
/// A caller who belongs to no unit and should; else the database failed.
pub async fn open_of_page(sla: &Sla, orders: &[Uuid], caller: &Caller) -> Result<Vec<Clock>, Fault> {
    let unit = visible_unit(caller, None)?;
    Ok(store::open_of_page(sla.bus.pool(), orders, unit.as_deref()).await?)
}

/// Every obligation that is a duty, or a duty of the platform's: windows, in which something may be asked, are left out.
fn duties(platform: bool) -> Vec<&'static str> {
    let mut found = Vec::new();
    let wanted = |row: &&Row| row.expiry == Expiry::Breach && (!platform || row.debtor == Debtor::Platform);
    for row in TABLE.iter().filter(wanted) {
        if !found.contains(&row.obligation.as_str()) {
            found.push(row.obligation.as_str());
        }
    }
    found
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

/// How many clocks stand how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Those whose duty is open.
    pub open: OpenTotals,
    /// Those that have ended.
    pub ended: EndedTotals,
}

/// Counts all clocks by state: those that are open as they are now, those that have ended as of [`ENDED_STANDS`] ago at
/// most when they are more than [`ENDED_MANY`]. Boards ask again at every event, and what has ended is the whole past.
///
/// # Errors
/// The database failed.
pub async fn totals(sla: &Sla) -> Result<Totals, Fault> {
    // One counts, and whoever asks meanwhile takes the same answer.
    let mut counted = sla.ended.lock().await;
    let mut sql = sla.bus.pool().acquire().await?;
    let standing =
        counted.filter(|(ended, since)| ended.all() > ENDED_MANY && since.elapsed() < ENDED_STANDS);
    let ended = match standing {
        Some((ended, _)) => ended,
        None => {
            let ended = store::ended_totals(&mut sql).await?;
            *counted = Some((ended, Stopwatch::start()));
            ended
        }
    };
    drop(counted);
    let open = store::open_totals(&mut sql).await?;
    Ok(Totals { open, ended })
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
