//! Checks of a running platform: does it answer, is anything behind, set aside or unconfirmed.

use hotline_proto::routing::v1::GetReconciliationRequest;

use super::{Check, Grade};
use crate::cli::Global;
use crate::client::{Client, told};
use crate::journal::{self, Everyone};
use crate::run_file::RunFile;

/// Rows of an outbox that wait at most, in a healthy service.
const OUTBOX_MAX: i64 = 1_000;

const RUNNING: (&str, &str) = ("平台", "platform");
const OUTBOXES: (&str, &str) = ("待编号事件", "outbox lag");
const BEHIND: (&str, &str) = ("待处理事件", "events not applied");
const DEAD: (&str, &str) = ("死信", "dead letters");
const UNCONFIRMED: (&str, &str) = ("未确认的企服派送", "enterprise legs unacknowledged");

pub(super) async fn examine(global: &Global, running: Option<&RunFile>) -> Vec<Check> {
    let named = global.addr.is_some();
    if running.is_none() && !named {
        let words = "未运行;执行 hotline run / not running; start hotline run";
        let others = [OUTBOXES, BEHIND, DEAD, UNCONFIRMED];
        let skipped = others
            .into_iter()
            .map(|name| Check::skipped(name, "平台未运行 / not running"));
        return std::iter::once(Check::new(RUNNING, Grade::Warning, words, ""))
            .chain(skipped)
            .collect();
    }
    let looked = look(global).await;
    match looked {
        Ok(checks) => checks,
        Err(error) => {
            let cure = "查看平台日志与 /readyz / look at the platform's log and /readyz";
            vec![Check::bad(RUNNING, format!("{error:#}"), cure)]
        }
    }
}

async fn look(global: &Global) -> anyhow::Result<Vec<Check>> {
    let client = Client::connect(global, &["operator"]).await?;
    let everyone = journal::all_positions(&client).await?;
    let positions = &everyone.positions;
    let recorded: i64 = positions
        .iter()
        .flat_map(|(_, own)| &own.heads)
        .map(|head| head.seq)
        .sum();
    let outbox: i64 = positions.iter().map(|(_, own)| own.outbox).sum();
    let dead: Vec<_> = positions.iter().filter(|(_, own)| own.dead > 0).collect();
    let behind: i64 = crate::reconcile::standings_of(positions)
        .iter()
        .map(|standing| standing.behind)
        .sum();
    let dead_named: Vec<_> = dead
        .iter()
        .map(|(service, own)| format!("{} {}", service.name, own.dead))
        .collect();
    Ok(vec![
        runs(&everyone, recorded),
        at_most(
            OUTBOXES,
            outbox,
            OUTBOX_MAX,
            "检查该服务的日志与数据库 / look at the service's log and database",
        ),
        at_most(
            BEHIND,
            behind,
            OUTBOX_MAX,
            "检查 NATS 与消费者 / look at NATS and the consumers",
        ),
        if dead.is_empty() {
            Check::good(DEAD, "0")
        } else {
            Check::bad(
                DEAD,
                dead_named.join(", "),
                "hotline events dead; hotline events replay --service …",
            )
        },
        unconfirmed(&client, &everyone).await?,
    ])
}

/// What runs, and what was not asked because it does not.
fn runs(everyone: &Everyone, recorded: i64) -> Check {
    let count = everyone.positions.len();
    let found = format!("{count} 个服务 / services, {recorded} 个事件 / events");
    let left_out = everyone.left_out().join(", ");
    if left_out.is_empty() {
        return Check::good(RUNNING, found);
    }
    Check::warning(
        RUNNING,
        format!("{found}; 未在此运行、未查 / not running here, not asked: {left_out}"),
        "由另一进程运行的,在 peers 中写明其地址 / where another process runs them, name its address under peers",
    )
}

/// Enterprise legs that nobody confirmed, where orders are kept.
async fn unconfirmed(client: &Client, everyone: &Everyone) -> anyhow::Result<Check> {
    if everyone.left_out().contains(&"routing") {
        return Ok(Check::skipped(
            UNCONFIRMED,
            "routing 未在此运行 / does not run here",
        ));
    }
    let asked = client
        .routing()
        .get_reconciliation(GetReconciliationRequest {})
        .await;
    let counts = asked.map_err(told)?.into_inner();
    Ok(at_most(
        UNCONFIRMED,
        counts.enterprise_legs - counts.enterprise_legs_acknowledged,
        0,
        "hotline reconcile; 查看企服平台日志 / look at the enterprise service's log",
    ))
}

fn at_most(name: (&'static str, &'static str), found: i64, most: i64, cure: &str) -> Check {
    if found > most {
        Check::warning(name, found.to_string(), cure)
    } else {
        Check::good(name, found.to_string())
    }
}
