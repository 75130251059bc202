//! The newest 25 orders by each desk's filter, over gRPC from the release binary, in tables of 10,000, 100,000 and a
//! million orders. The floor is one prepared statement that reads 25 orders by the prefix of an index.

use std::time::Duration;

use hotline_proto::common::v1::AppealType;
use hotline_proto::routing::v1::{LegState, ListOrdersRequest, OrderState};
use hotline_runtime::{Clock, Stopwatch};

use crate::desk::{self, Bearer, People};
use crate::load::millis;
use crate::report::{self, Figure, Report, Target};
use crate::stats::{Sorted, number};
use crate::world::{CommitTimes, Hotline, World};
use crate::{Plan, orders};

/// Sizes of the table.
const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];

/// How often each filter is asked, and how often before that.
const ROUNDS: u64 = 300;
const WARM_UP: u64 = 30;

/// What a desk asks for, in whose name.
struct Ask {
    what: &'static str,
    bearer: Bearer,
    request: ListOrdersRequest,
}

/// Runs it.
///
/// # Errors
/// Anything that keeps it from measuring.
pub async fn measure(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    report::begin("newest 25 of many orders");
    let world = World::start(plan, "lists", CommitTimes::Off).await?;
    let hotline = world.run(&["routing"]).await?;
    let asks = asks(&*People::new(&world.keys_dir())?)?;
    let now = Clock::system().now();
    let mut columns = Vec::new();
    let mut floors = Vec::new();
    let mut written = 0;
    for size in SIZES.map(|size| plan.size(size)) {
        orders::write(&world.pool, written, size, now).await?;
        written = size;
        floors.push(floor(&world, plan).await?);
        let before = world.usage(Some(&hotline))?;
        columns.push(ask_all(&hotline, &asks, plan).await?);
        let asked = plan.size(ROUNDS) + plan.size(WARM_UP);
        let used = world.usage(Some(&hotline))?.since(&before);
        report.cost(
            &format!("list of 25 of {size}"),
            number(asked * asks.len() as u64),
            &used,
        );
    }
    hotline.stop().await?;
    world.end().await?;
    tell(report, plan, &asks, &columns, &floors);
    Ok(())
}

fn tell(report: &mut Report, plan: &Plan, asks: &[Ask], columns: &[Vec<Sorted>], floors: &[Sorted]) {
    let mut slowest = Vec::new();
    for ((size, column), floor) in SIZES.iter().zip(columns).zip(floors) {
        let worst = column
            .iter()
            .zip(asks)
            .max_by(|(a, _), (b, _)| a.p99().total_cmp(&b.p99()));
        let Some((worst, ask)) = worst else { continue };
        let what = format!(
            "newest 25 of {}, slowest filter ({}): p99",
            plan.size(*size),
            ask.what
        );
        report.add(
            &Figure::plain(what, worst.p99(), "ms")
                .beside(floor.p99())
                .target(Target::AtMost(10.0)),
        );
        slowest.push(column.iter().map(Sorted::p99).sum::<f64>() / number(column.len() as u64));
    }
    if let (Some(small), Some(large)) = (slowest.first(), slowest.last()) {
        let what = "mean p99 of all filters, in the largest table (floor: in the smallest)";
        report.add(&Figure::plain(what, *large, "ms").beside(*small));
    }
    let rows = asks.iter().enumerate().map(|(place, ask)| {
        let cells = columns.iter().map(|column| {
            column.get(place).map_or_else(String::new, |sorted| {
                format!("{:.2} / {:.2}", sorted.p50(), sorted.p99())
            })
        });
        format!("| {} | {} |", ask.what, cells.collect::<Vec<_>>().join(" | "))
    });
    let sizes = SIZES.map(|size| plan.size(size).to_string()).join(" | ");
    let head = format!("| list, p50 / p99 in ms, orders: | {sizes} |\n|---|---|---|---|");
    report.table(format!("{head}\n{}", rows.collect::<Vec<_>>().join("\n")));
}

/// Asks for every list in turn, again and again.
async fn ask_all(hotline: &Hotline, asks: &[Ask], plan: &Plan) -> anyhow::Result<Vec<Sorted>> {
    let channel = desk::dial(hotline.grpc).await?;
    let mut took: Vec<Vec<f64>> = asks.iter().map(|_| Vec::new()).collect();
    for round in 0..plan.size(WARM_UP) + plan.size(ROUNDS) {
        for (ask, took) in asks.iter().zip(&mut took) {
            let mut routing = desk::routing(&channel, ask.bearer.clone());
            let since = Stopwatch::start();
            let answer = routing
                .list_orders(ask.request.clone())
                .await
                .map_err(desk::failed("list"))?;
            let elapsed: Duration = since.elapsed();
            anyhow::ensure!(answer.get_ref().orders.len() <= 25, "more than was asked for");
            if round >= plan.size(WARM_UP) {
                took.push(millis(elapsed));
            }
        }
    }
    Ok(took.into_iter().map(Sorted::new).collect())
}

async fn floor(world: &World, plan: &Plan) -> anyhow::Result<Sorted> {
    let mut connection = world.pool.acquire().await?;
    let mut took = Vec::new();
    for _ in 0..plan.size(ROUNDS) * 5 {
        let since = Stopwatch::start();
        let rows = sqlx::query(
            "SELECT o.doc, o.version, s.title, s.content FROM routing.orders o JOIN routing.subject s ON s.order_id = o.id \
             WHERE o.state = 'archived' AND o.type = 'help' ORDER BY o.opened_at DESC, o.id DESC LIMIT 25",
        )
        .fetch_all(&mut *connection)
        .await?;
        took.push(millis(since.elapsed()));
        anyhow::ensure!(rows.len() <= 25, "more than was asked for");
    }
    Ok(Sorted::new(took))
}

/// What the desks of a hotline look at all day.
fn asks(people: &People) -> anyhow::Result<Vec<Ask>> {
    let any = || ListOrdersRequest {
        page_size: 25,
        ..ListOrdersRequest::default()
    };
    let state = |state: OrderState| ListOrdersRequest {
        state: state.into(),
        ..any()
    };
    let kind = |kind: AppealType| ListOrdersRequest {
        r#type: kind.into(),
        ..any()
    };
    let role = |what, role, request| {
        anyhow::Ok(Ask {
            what,
            bearer: people.of_role(role)?,
            request,
        })
    };
    let unit = |what, unit, request| {
        anyhow::Ok(Ask {
            what,
            bearer: people.clerk_of(unit)?,
            request,
        })
    };
    let to_sign = ListOrdersRequest {
        leg_state: LegState::ToSign.into(),
        ..any()
    };
    let sent_back = ListOrdersRequest {
        leg_state: LegState::SentBack.into(),
        ..any()
    };
    let rare = ListOrdersRequest {
        r#type: AppealType::Praise.into(),
        ..state(OrderState::Escalated)
    };
    Ok(vec![
        role("leader: all", "leader", any())?,
        role(
            "dispatcher: the pool",
            "dispatcher",
            ListOrdersRequest {
                unclaimed: true,
                ..any()
            },
        )?,
        role(
            "dispatcher: requests to decide",
            "dispatcher",
            ListOrdersRequest {
                awaiting_decision: true,
                ..any()
            },
        )?,
        role("reviewer: settled", "reviewer", state(OrderState::Settled))?,
        role("supervisor: disputed", "supervisor", state(OrderState::Disputed))?,
        role(
            "team leader: complaints",
            "team_leader",
            kind(AppealType::Complaint),
        )?,
        role("leader: praise, escalated (almost none)", "leader", rare)?,
        role("enterprise desk: all of theirs", "enterprise_desk", any())?,
        role(
            "enterprise desk: being handled",
            "enterprise_desk",
            state(OrderState::Handling),
        )?,
        unit("busy unit: all", orders::BUSY, any())?,
        unit("busy unit: to sign", orders::BUSY, to_sign)?,
        unit("busy unit: sent back", orders::BUSY, sent_back)?,
        unit("busy unit: complaints", orders::BUSY, kind(AppealType::Complaint))?,
        unit(
            "busy unit: praise (one of a hundred)",
            orders::BUSY,
            kind(AppealType::Praise),
        )?,
        unit("quiet unit: all", orders::QUIET, any())?,
    ])
}
