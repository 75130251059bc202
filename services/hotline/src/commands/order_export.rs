//! `hotline order export`: the orders of a span of time, read from the journals, for `hotline policy replay`.

use hotline_proto::bus::v1::GetPositionsResponse;
use serde_json::json;

use super::policy::parse_day;
use crate::cli::{Global, OrderExportArgs};
use crate::client::Client;
use crate::export::past::{COLUMNS, PastOrders};
use crate::export::{Output, Received};
use crate::{journal, render};

/// The journals that know what became of an order, in the order in which they are read.
const PRODUCERS: [&str; 2] = ["routing", "callback"];

/// Writes the file.
///
/// # Errors
/// A time that is none, a file that is there already or cannot be written, a journal that cannot be read.
pub async fn run(global: &Global, client: &Client, args: &OrderExportArgs) -> anyhow::Result<()> {
    let (from, to) = (parse_day("--from", &args.from)?, parse_day("--to", &args.to)?);
    if from >= to {
        anyhow::bail!(
            "--from {0} 不早于 --to {1} / --from {0} is not before --to {1}",
            args.from,
            args.to
        );
    }
    let output = Output::create(&args.out, args.force)?;
    let mut orders = PastOrders::between(from, to);
    let mut progress = Received::start(global, "条事件", "events");
    for producer in PRODUCERS {
        let positions = journal::positions(client, producer).await?;
        read(client, producer, &positions, &mut orders, &mut progress).await?;
    }
    progress.finish();
    let lines = orders.lines();
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(COLUMNS)?;
    for line in &lines {
        writer.write_record(line)?;
    }
    let output = writer
        .into_inner()
        .map_err(|error| anyhow::anyhow!("{}", error.error()))?;
    output.finish()?;
    let path = args.out.display();
    if global.json {
        render::out_json(&json!({"file": path.to_string(), "lines": lines.len()}))?;
        return Ok(());
    }
    let (count, words) = (lines.len(), global.say("行,写入", "lines, written to"));
    render::out(format_args!("{count} {words} {path}"))?;
    Ok(())
}

/// Reads a whole journal up to where it ended when the export began.
async fn read(
    client: &Client,
    producer: &str,
    positions: &GetPositionsResponse,
    orders: &mut PastOrders,
    progress: &mut Received,
) -> anyhow::Result<()> {
    for (partition, end) in journal::ends(positions) {
        let mut after = 0;
        while after < end {
            let entries = journal::page(client, producer, partition, after, journal::PAGE).await?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            for entry in &entries {
                orders.take(entry)?;
            }
            progress.advance(u64::try_from(entries.len()).unwrap_or(0));
        }
    }
    Ok(())
}
