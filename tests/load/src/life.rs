//! The whole life of an enterprise order: registered, claimed, dispatched twice over, received, signed, handled, replied,
//! approved, called back and closed, through six services, by people who wait for nothing but each other's events.
//!
//! Each order is taken through by one worker. What another service must have done first it learns as a desk with a live
//! stream does, from the event itself; only a sign that is late is asked for.
//!
//! Twice: with as many orders on their way as people would have before them at once, and with so many that both cores are
//! always busy. No floor could do the same without the product; the CPU of the floor's commit stands beside it once for each command.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use hotline_proto::callback::v1::callback_service_client::CallbackServiceClient;
use hotline_proto::callback::v1::{CompleteCallbackRequest, ListCallbacksRequest};
use hotline_proto::common::v1::{LegKind, Satisfaction};
use hotline_proto::routing::v1::{
    AcknowledgeLegRequest, ClaimOrderRequest, DispatchOrderRequest, Order, RecordContactRequest, Reply,
    ReplyLegRequest, ReviewReplyRequest, SignLegRequest,
};
use hotline_runtime::Stopwatch;
use tonic::Code;
use tonic::transport::Channel;

use crate::appeals::{self, Kind};
use crate::desk::{self, Bearer, People, Wire, failed};
use crate::load::{self, Run};
use crate::quiet::{self, PRODUCERS};
use crate::report::{self, Figure, Report, Target};
use crate::signs::{Sign, Signs};
use crate::stats::number;
use crate::usage::{Usage, resident_mib};
use crate::world::{CommitTimes, Hotline, World};
use crate::{Plan, floor};

/// Orders of the full run, and those before it.
const ORDERS: u64 = 4_000;
const WARM_UP: u64 = 400;

/// Orders on their way at once, and when the machine is to be full.
const AT_ONCE: usize = 64;
const FULL: usize = 512;

/// Connections that they share, as the consoles behind one gateway would.
const CONNECTIONS: usize = 8;

/// Commands of a life: register, claim, dispatch, acknowledge, sign, contact, reply, review, complete.
const COMMANDS: f64 = 9.0;

/// Pause before asking for what should be there; it doubles up to a limit.
const ASK_FIRST: Duration = Duration::from_millis(20);
const ASK_SELDOM: Duration = Duration::from_millis(320);
/// How often at most.
const ASKS_MAX: u32 = 400;

/// Who takes part.
struct Cast {
    people: Arc<People>,
    channels: Vec<Channel>,
    agent: Bearer,
    dispatcher: Bearer,
    reviewer: Bearer,
    caller: Bearer,
    signs: Signs,
    asked: AtomicU64,
}

/// Runs it.
///
/// # Errors
/// Anything that keeps it from measuring.
pub async fn measure(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    report::begin("the whole life of an enterprise order");
    let count = plan.size(ORDERS);
    let world = World::start(plan, "life", CommitTimes::Off).await?;
    let (_, floor) = floor::order_and_outbox(&world, AT_ONCE / 4, count).await?;
    let floor_each = floor.postgres * 1_000.0 / number(count) * COMMANDS;
    let hotline = world.run(&[]).await?;
    let cast = Arc::new(Cast::new(&world, &hotline.grpc).await?);
    lives(&cast, "warm", plan.size(WARM_UP), AT_ONCE).await?;
    quiet::until_applied(&world.pool).await?;
    let some = stage(&world, &hotline, &cast, ("life", count, AT_ONCE)).await?;
    let full = stage(&world, &hotline, &cast, ("full", count, FULL)).await?;
    let resident = resident_mib(hotline.pid)?;
    check(&world).await?;
    drop(cast);
    hotline.stop().await?;
    world.end().await?;

    some.tell(report, "64 on their way", floor_each, false);
    full.tell(report, "512 on their way", floor_each, true);
    report.note(format!(
        "A life was {COMMANDS} commands and {:.1} events (those of the clocks included); {:.2} further calls a life asked \
         for what was not there yet. Resident after the run: {resident:.0} MiB.",
        full.events, full.asked
    ));
    Ok(())
}

/// How one run of lives went.
struct Stage {
    run: Run,
    used: Usage,
    wall_s: f64,
    count: f64,
    /// Events, and calls that asked for what was late, for each life.
    events: f64,
    asked: f64,
}

impl Stage {
    fn tell(&self, report: &mut Report, load: &str, floor_ms: f64, full: bool) {
        let name = |what: &str| format!("{what} ({load})");
        let each = self.used.in_all() * 1_000.0 / self.count;
        let cpu = Figure::plain(name("whole life of an enterprise order: CPU in all"), each, "ms");
        let rate = Figure::plain(
            name("whole lives a second, everything on this machine"),
            self.count / self.wall_s,
            "/s",
        );
        let (cpu, rate) = (cpu.beside(floor_ms), rate);
        if full {
            report.add(&cpu.target(Target::AtMost(6.0)));
            report.add(&rate.target(Target::AtLeast(250.0)));
        } else {
            report.add(&cpu);
            report.add(&rate);
        }
        let took = &self.run.took_ms;
        report.add(&Figure::plain(
            name("a whole life from end to end: p50"),
            took.p50(),
            "ms",
        ));
        report.add(&Figure::plain(
            name("a whole life from end to end: p99"),
            took.p99(),
            "ms",
        ));
        report.cost(&name("whole life of an enterprise order"), self.count, &self.used);
    }
}

/// Takes `count` orders through, `at_once` at a time, until everything is applied by everybody.
async fn stage(
    world: &World,
    hotline: &Hotline,
    cast: &Arc<Cast>,
    (name, count, at_once): (&'static str, u64, usize),
) -> anyhow::Result<Stage> {
    let (asked, events) = (cast.asked.load(Ordering::Relaxed), self::events(world).await?);
    let before = world.usage(Some(hotline))?;
    let since = Stopwatch::start();
    let run = lives(cast, name, count, at_once).await?;
    quiet::until_applied(&world.pool).await?;
    let wall_s = since.elapsed().as_secs_f64();
    let used = world.usage(Some(hotline))?.since(&before);
    Ok(Stage {
        run,
        used,
        wall_s,
        count: number(count),
        events: number(self::events(world).await? - events) / number(count),
        asked: number(cast.asked.load(Ordering::Relaxed) - asked) / number(count),
    })
}

async fn lives(cast: &Arc<Cast>, name: &'static str, count: u64, at_once: usize) -> anyhow::Result<Run> {
    let cast = Arc::clone(cast);
    load::closed(at_once, count, move |worker, n| {
        let cast = Arc::clone(&cast);
        async move {
            cast.live(worker, name, n)
                .await
                .with_context(|| format!("order {n}"))
        }
    })
    .await
}

/// Every event recorded so far.
async fn events(world: &World) -> anyhow::Result<u64> {
    let mut sum = 0;
    for producer in PRODUCERS {
        sum += quiet::recorded(&world.pool, producer).await?;
    }
    Ok(sum)
}

/// Every order was sent twice and closed.
async fn check(world: &World) -> anyhow::Result<()> {
    let open: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM routing.orders o WHERE state NOT IN ('closed', 'archived') OR 2 <> \
         (SELECT count(*) FILTER (WHERE kind = 'lead') + count(*) FILTER (WHERE kind = 'enterprise' AND \
          acknowledged_at IS NOT NULL) FROM routing.leg l WHERE l.order_id = o.id)",
    )
    .fetch_one(&world.pool)
    .await?;
    anyhow::ensure!(open == 0, "{open} orders did not live as they should");
    Ok(())
}

impl Cast {
    async fn new(world: &World, addr: &std::net::SocketAddr) -> anyhow::Result<Self> {
        let people = People::new(&world.keys_dir())?;
        Ok(Self {
            channels: desk::dial_many(*addr, CONNECTIONS).await?,
            agent: people.of_role("agent")?,
            dispatcher: people.of_role("dispatcher")?,
            reviewer: people.of_role("reviewer")?,
            caller: people.of_role("callback_agent")?,
            people,
            signs: Signs::listen(world).await?,
            asked: AtomicU64::new(0),
        })
    }

    /// One order from the telephone to its end.
    async fn live(&self, worker: usize, name: &str, n: u64) -> anyhow::Result<()> {
        let channel = &self.channels[worker % self.channels.len()];
        let request = appeals::request(name, n, Kind::Enterprise);
        let registered = desk::intake(channel, self.agent.clone())
            .register_appeal(request)
            .await;
        let order_id = registered
            .map_err(failed("register"))?
            .into_inner()
            .appeal
            .context("an appeal")?
            .appeal_id;
        let order = self.dispatch(channel, &order_id).await?;
        let (leg_id, unit) = lead(&order)?;
        self.handle(channel, &order_id, &leg_id, &unit).await?;
        self.call_back(channel, &order_id).await
    }

    async fn dispatch(&self, channel: &Channel, order_id: &str) -> anyhow::Result<Order> {
        let mut routing = desk::routing(channel, self.dispatcher.clone());
        let claim = ClaimOrderRequest {
            order_id: order_id.to_owned(),
            version: 0,
        };
        self.signs.of(Sign::Opened, order_id).await;
        let mut asks = 0;
        loop {
            match routing.claim_order(claim.clone()).await {
                Ok(_) => break,
                Err(status) if status.code() == Code::NotFound => {}
                Err(status) => return Err(failed("claim")(status)),
            }
            self.pause(&mut asks).await.context("an order to claim")?;
        }
        let request = DispatchOrderRequest {
            order_id: order_id.to_owned(),
            ..DispatchOrderRequest::default()
        };
        let sent = routing
            .dispatch_order(request)
            .await
            .map_err(failed("dispatch"))?;
        sent.into_inner().order.context("an order")
    }

    async fn handle(
        &self,
        channel: &Channel,
        order_id: &str,
        leg_id: &str,
        unit: &str,
    ) -> anyhow::Result<()> {
        let (order_id, leg_id) = (order_id.to_owned(), leg_id.to_owned());
        let mut clerk = desk::routing(channel, self.people.clerk_of(unit)?);
        let acknowledge = AcknowledgeLegRequest {
            order_id: order_id.clone(),
            leg_id: leg_id.clone(),
        };
        clerk
            .acknowledge_leg(acknowledge)
            .await
            .map_err(failed("acknowledge"))?;
        let sign = SignLegRequest {
            order_id: order_id.clone(),
            leg_id: leg_id.clone(),
            version: 0,
        };
        clerk.sign_leg(sign).await.map_err(failed("sign"))?;
        let contact = RecordContactRequest {
            order_id: order_id.clone(),
            leg_id: leg_id.clone(),
            version: 0,
            note: "已电话联系企业负责人，核实情况并告知办理安排".to_owned(),
        };
        clerk.record_contact(contact).await.map_err(failed("contact"))?;
        let reply = ReplyLegRequest {
            order_id: order_id.clone(),
            leg_id: leg_id.clone(),
            version: 0,
            reply: Some(reply()),
        };
        clerk.reply_leg(reply).await.map_err(failed("reply"))?;
        let review = ReviewReplyRequest {
            order_id,
            leg_id,
            approved: true,
            ..ReviewReplyRequest::default()
        };
        let mut reviewer = desk::routing(channel, self.reviewer.clone());
        reviewer.review_reply(review).await.map_err(failed("review"))?;
        Ok(())
    }

    async fn call_back(&self, channel: &Channel, order_id: &str) -> anyhow::Result<()> {
        let mut callback = desk::callback(channel, self.caller.clone());
        let callback_id = match self.signs.of(Sign::Scheduled, order_id).await {
            Some(told) => told,
            None => self.find_callback(&mut callback, order_id).await?,
        };
        let answers = CompleteCallbackRequest {
            callback_id,
            satisfaction: Satisfaction::VerySatisfied.into(),
            solved: Some(true),
            contacted: Some(true),
            ..CompleteCallbackRequest::default()
        };
        callback
            .complete_callback(answers)
            .await
            .map_err(failed("complete the call-back"))?;
        Ok(())
    }

    /// The call-back of an order, asked for until it is there.
    async fn find_callback(
        &self,
        callback: &mut CallbackServiceClient<Wire>,
        order_id: &str,
    ) -> anyhow::Result<String> {
        let list = ListCallbacksRequest {
            order_id: order_id.to_owned(),
            ..ListCallbacksRequest::default()
        };
        let mut asks = 0;
        loop {
            self.pause(&mut asks).await.context("a call-back to make")?;
            let listed = callback
                .list_callbacks(list.clone())
                .await
                .map_err(failed("list call-backs"))?;
            if let Some(found) = listed.into_inner().callbacks.into_iter().next() {
                return Ok(found.callback_id);
            }
        }
    }

    /// Pauses before asking for what another service does meanwhile.
    async fn pause(&self, asks: &mut u32) -> anyhow::Result<()> {
        tokio::time::sleep((ASK_FIRST * 2_u32.saturating_pow((*asks).min(10))).min(ASK_SELDOM)).await;
        self.asked.fetch_add(1, Ordering::Relaxed);
        *asks += 1;
        anyhow::ensure!(*asks <= ASKS_MAX, "what was waited for did not come");
        Ok(())
    }
}

fn lead(order: &Order) -> anyhow::Result<(String, String)> {
    let legs = order.legs.iter().filter_map(|leg| leg.facts.as_ref());
    let lead = legs
        .into_iter()
        .find(|leg| leg.kind() == LegKind::Lead)
        .context("the order has a lead leg")?;
    Ok((lead.leg_id.clone(), lead.unit_id.clone()))
}

/// A reply with every part that a policy may ask for.
fn reply() -> Reply {
    Reply {
        reply_id: String::new(),
        action: "接单后当日联系企业，会同属地部门现场核实，召开协调会并逐项答复".to_owned(),
        office: "企业服务科".to_owned(),
        handler: "科员".to_owned(),
        result: "solved".to_owned(),
        legal_basis: "《优化营商环境条例》".to_owned(),
        told: "电话告知办理结果，企业表示认可".to_owned(),
        internal_text: "现场核实情况属实，已协调相关部门办结，后续每月回访一次。".to_owned(),
        public_text: "您反映的事项已办结：相关手续可以并联办理，材料清单和办理时限已发送至贵公司，\
                      专员将全程跟踪服务。如有其他需要，可直接联系企业服务科。"
            .to_owned(),
        handled_at: Some(prost_types::Timestamp {
            seconds: 1_577_836_800,
            nanos: 0,
        }),
        contact: "企业服务科值班电话".to_owned(),
        told_by: "telephone".to_owned(),
        ..Reply::default()
    }
}
