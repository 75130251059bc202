//! The lists of the desks on a million orders: the calls behind them over gRPC, and their first paint in Chromium.
//!
//! First paint is from the moment at which somebody asks for the page to the first row of its list on the screen, with the
//! release program serving web and services, signed in, in a browser that has the files. `tests/web/pages.mjs` measures it.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use hotline_proto::common::v1::AppealType;
use hotline_proto::routing::v1::{GetOrderCountRequest, LegState, ListOrdersRequest, OrderState};
use hotline_proto::sla::v1::sla_timer_service_client::SlaTimerServiceClient;
use hotline_proto::sla::v1::{ListDueClocksRequest, ListOpenClocksRequest};
use hotline_runtime::{Clock, Stopwatch};
use serde::Deserialize;
use tokio::process::Command;
use tonic::transport::Channel;

use crate::desk::{self, Bearer, People};
use crate::load::millis;
use crate::report::{self, Figure, Report, Target};
use crate::stats::Sorted;
use crate::world::{CommitTimes, Hotline, World};
use crate::{Plan, orders, owed};

/// Orders behind the lists.
const ORDERS: u64 = 1_000_000;

/// How often each call is made, and how often before that.
const ROUNDS: u64 = 300;
const WARM_UP: u64 = 30;

/// Rows of a page, as the desks ask for them.
const PAGE: i32 = 50;

/// Longest wait of somebody who opens a list, seconds.
const PAINT_MAX_S: f64 = 1.0;

/// What `tests/web/pages.mjs` says of each page.
#[derive(Deserialize)]
struct Painted {
    page: String,
    /// Median, and the slowest; milliseconds.
    median: f64,
    worst: f64,
    /// The first of all, with nothing in the browser yet.
    first: f64,
    rows: u64,
}

/// Runs it.
///
/// # Errors
/// Anything that keeps it from measuring.
pub async fn measure(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    report::begin("lists by time left, and first paint");
    let world = World::start(plan, "pages", CommitTimes::Off).await?;
    let hotline = world.run(&[]).await?;
    let (size, now) = (plan.size(ORDERS), Clock::system().now());
    orders::write(&world.pool, 0, size, now).await?;
    owed::write(&world.pool, 0, size, now).await?;
    calls(&world, &hotline, plan, report).await?;
    for painted in paint(&world, plan).await? {
        ensure!(painted.rows > 0, "{} showed no row", painted.page);
        let what = format!("first paint of {} of {size} orders: median", painted.page);
        report.add(&Figure::plain(what, painted.median / 1_000.0, "s").target(Target::AtMost(PAINT_MAX_S)));
        report.note(format!(
            "{}: slowest {:.0} ms; {:.0} ms with nothing in the browser's cache; {} rows.",
            painted.page, painted.worst, painted.first, painted.rows
        ));
    }
    hotline.stop().await?;
    world.end().await
}

/// The browser's figures.
async fn paint(world: &World, plan: &Plan) -> anyhow::Result<Vec<Painted>> {
    let script = Path::new("tests/web/pages.mjs");
    ensure!(
        script.is_file(),
        "run it from the workspace: {} is not here",
        script.display()
    );
    let mut node = Command::new("node");
    node.arg(script)
        .env("WEB_DATA", world.data_dir())
        .env("WEB_PROGRAM", std::fs::canonicalize(&plan.program)?)
        .env("WEB_UNIT", orders::BUSY)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true);
    let output = node.output().await.context("start node")?;
    ensure!(
        output.status.success(),
        "tests/web/pages.mjs failed: {}",
        output.status
    );
    let lines = std::str::from_utf8(&output.stdout)?.lines();
    lines.map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// What a desk asks for, in whose name.
enum Ask {
    Due(ListDueClocksRequest),
    Orders(ListOrdersRequest),
    Count(GetOrderCountRequest),
    Open(ListOpenClocksRequest),
}

async fn calls(world: &World, hotline: &Hotline, plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    let people = People::new(&world.keys_dir())?;
    let channel = desk::dial(hotline.grpc).await?;
    let asks = asks(&people, &channel).await?;
    let mut lines = vec!["| call, ms | p50 | p99 |".to_owned(), "|---|---|---|".to_owned()];
    let mut worst = ("", 0.0);
    for (what, bearer, ask) in &asks {
        let mut took = Vec::new();
        for round in 0..plan.size(WARM_UP) + plan.size(ROUNDS) {
            let since = Stopwatch::start();
            once(&channel, bearer, ask)
                .await
                .with_context(|| (*what).to_owned())?;
            if round >= plan.size(WARM_UP) {
                took.push(millis(since.elapsed()));
            }
        }
        let took = Sorted::new(took);
        lines.push(format!("| {what} | {:.2} | {:.2} |", took.p50(), took.p99()));
        // A count is no page: it may look at a thousand orders.
        if !matches!(ask, Ask::Count(_)) && took.p99() > worst.1 {
            worst = (what, took.p99());
        }
    }
    let what = format!(
        "a page by time left and its clocks, slowest call ({}): p99",
        worst.0
    );
    report.add(&Figure::plain(what, worst.1, "ms").target(Target::AtMost(10.0)));
    report.table(lines.join("\n"));
    Ok(())
}

async fn once(channel: &Channel, bearer: &Bearer, ask: &Ask) -> anyhow::Result<()> {
    let mut routing = desk::routing(channel, bearer.clone());
    let mut clocks = SlaTimerServiceClient::with_interceptor(channel.clone(), bearer.clone());
    let found = match ask {
        Ask::Due(request) => {
            let answer = clocks.list_due_clocks(request.clone()).await;
            answer.map_err(desk::failed("due"))?.into_inner().clocks.len()
        }
        Ask::Open(request) => {
            let answer = clocks.list_open_clocks(request.clone()).await;
            answer.map_err(desk::failed("open"))?.into_inner().clocks.len()
        }
        Ask::Orders(request) => {
            let answer = routing.list_orders(request.clone()).await;
            answer.map_err(desk::failed("orders"))?.into_inner().orders.len()
        }
        Ask::Count(request) => {
            let answer = routing.get_order_count(request.clone()).await;
            usize::try_from(answer.map_err(desk::failed("count"))?.into_inner().count)?
        }
    };
    ensure!(found > 0, "nothing was found");
    Ok(())
}

async fn asks(people: &People, channel: &Channel) -> anyhow::Result<Vec<(&'static str, Bearer, Ask)>> {
    let due = |obligations: &[&str]| ListDueClocksRequest {
        obligations: obligations.iter().map(ToString::to_string).collect(),
        page_size: PAGE,
        ..ListDueClocksRequest::default()
    };
    let platform = |obligations: &[&str]| ListDueClocksRequest {
        platform: true,
        ..due(obligations)
    };
    let (dispatcher, supervisor) = (people.of_role("dispatcher")?, people.of_role("supervisor")?);
    let clerk = people.clerk_of(orders::BUSY)?;
    let pool = ListOrdersRequest {
        state: OrderState::PreReview.into(),
        unclaimed: true,
        ..ListOrdersRequest::default()
    };
    let mut clocks = SlaTimerServiceClient::with_interceptor(channel.clone(), dispatcher.clone());
    let page = clocks.list_due_clocks(platform(&["pre_review"])).await;
    let page = page.map_err(desk::failed("due"))?.into_inner();
    let of = |clock: &hotline_proto::sla::v1::Clock| clock.order.clone().unwrap_or_default().order_id;
    let ids: Vec<String> = page.clocks.iter().map(of).collect();
    let deep = ListDueClocksRequest {
        page_token: page.next_page_token,
        ..platform(&["pre_review"])
    };
    let list = |list| Ask::Count(GetOrderCountRequest { list: Some(list) });
    let named = ListOrdersRequest {
        order_ids: ids.clone(),
        ..pool.clone()
    };
    let unit = |leg_state: LegState| ListOrdersRequest {
        leg_state: leg_state.into(),
        ..ListOrdersRequest::default()
    };
    let place = ListDueClocksRequest {
        division: "320303".to_owned(),
        enterprise: true,
        r#type: AppealType::Complaint.into(),
        ..due(&[])
    };
    Ok(vec![
        (
            "dispatcher: the pool by time left",
            dispatcher.clone(),
            Ask::Due(platform(&["pre_review", "redispatch"])),
        ),
        ("dispatcher: its second page", dispatcher.clone(), Ask::Due(deep)),
        (
            "dispatcher: the orders of the page",
            dispatcher.clone(),
            Ask::Orders(named),
        ),
        (
            "dispatcher: the clocks of the page",
            dispatcher.clone(),
            Ask::Open(ListOpenClocksRequest { order_ids: ids }),
        ),
        ("dispatcher: how many in the pool", dispatcher, list(pool)),
        (
            "reviewer: what waits for a decision",
            people.of_role("reviewer")?,
            Ask::Due(platform(&["reply_review", "extension_decision"])),
        ),
        (
            "reviewer: replies, newest first",
            people.of_role("reviewer")?,
            Ask::Orders(unit(LegState::Replied)),
        ),
        ("busy unit: what is due first", clerk.clone(), Ask::Due(due(&[]))),
        ("busy unit: how many to sign", clerk, list(unit(LegState::ToSign))),
        (
            "supervisor: everything by time left",
            supervisor.clone(),
            Ask::Due(due(&[])),
        ),
        (
            "supervisor: complaints of enterprises in one county",
            supervisor.clone(),
            Ask::Due(place),
        ),
        (
            "supervisor: how many of all",
            supervisor,
            list(ListOrdersRequest::default()),
        ),
    ])
}
