//! Reading journals and positions of a running platform.

use anyhow::Context;
use futures::TryStreamExt;
use futures::stream::{self, StreamExt};
use hotline_bus::SERVICE_NOT_HERE;
use hotline_proto::bus::v1::{Entry, GetPositionsRequest, GetPositionsResponse, ReadRequest};

use crate::client::{Client, code_of, told};
use crate::services::{SERVICES, Service};

/// Entries asked for at once.
pub const PAGE: i32 = 512;

/// Partitions read at once.
const READERS: usize = 4;

/// Where a service's journal ends and how far it has heard each other.
///
/// # Errors
/// The service is not there, or does not answer.
pub async fn positions(client: &Client, producer: &str) -> anyhow::Result<GetPositionsResponse> {
    let request = GetPositionsRequest {
        service: producer.to_owned(),
    };
    let answer = client.journal(producer).get_positions(request).await;
    Ok(answer
        .map_err(told)
        .with_context(|| format!("positions of {producer}"))?
        .into_inner())
}

/// Where every service stands, by its positions, in the order of the table.
pub type Positions = Vec<(&'static Service, GetPositionsResponse)>;

/// What those services say that run where they are looked for.
#[derive(Default)]
pub struct Everyone {
    /// Their positions.
    pub positions: Positions,
    /// The others: nobody runs them at the address, and `peers` names no process that does.
    pub left_out: Vec<&'static Service>,
}

impl Everyone {
    /// Names of the services that do not run, to be told; empty when all do.
    #[must_use]
    pub fn left_out(&self) -> Vec<&'static str> {
        self.left_out.iter().map(|service| service.name).collect()
    }
}

/// The positions of every service that runs.
///
/// # Errors
/// A process that should run a service does not answer.
pub async fn all_positions(client: &Client) -> anyhow::Result<Everyone> {
    let asked = SERVICES.iter().map(|service| async move {
        let request = GetPositionsRequest {
            service: service.producer.to_owned(),
        };
        match client.journal(service.producer).get_positions(request).await {
            Ok(answer) => Ok((service, Some(answer.into_inner()))),
            Err(status) if code_of(&status) == SERVICE_NOT_HERE => Ok((service, None)),
            Err(status) => Err(told(status)).with_context(|| format!("positions of {}", service.producer)),
        }
    });
    let mut everyone = Everyone::default();
    for (service, positions) in futures::future::try_join_all(asked).await? {
        match positions {
            Some(positions) => everyone.positions.push((service, positions)),
            None => everyone.left_out.push(service),
        }
    }
    Ok(everyone)
}

/// One page of a partition after `after`.
///
/// # Errors
/// As [`positions`].
pub async fn page(
    client: &Client,
    producer: &str,
    partition: i32,
    after: i64,
    limit: i32,
) -> anyhow::Result<Vec<Entry>> {
    let request = ReadRequest {
        producer: producer.to_owned(),
        partition,
        after_seq: after,
        limit,
    };
    let answer = client.journal(producer).read(request).await;
    Ok(answer
        .map_err(told)
        .with_context(|| format!("journal of {producer}"))?
        .into_inner()
        .entries)
}

/// Reads a producer's whole journal after `from` (by partition), keeping what `keep` makes of each entry.
///
/// # Errors
/// As [`positions`].
pub async fn collect<T: Send>(
    client: &Client,
    producer: &str,
    from: &[(i32, i64)],
    keep: impl Fn(&Entry) -> Option<T> + Sync,
) -> anyhow::Result<Vec<T>> {
    let keep = &keep;
    let partitions = stream::iter(from.iter().copied()).map(|(partition, after)| async move {
        let mut kept = Vec::new();
        let mut after = after;
        loop {
            let entries = page(client, producer, partition, after, PAGE).await?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            kept.extend(entries.iter().filter_map(keep));
        }
        anyhow::Ok(kept)
    });
    let parts: Vec<Vec<T>> = partitions.buffer_unordered(READERS).try_collect().await?;
    Ok(parts.into_iter().flatten().collect())
}

/// The beginning of every partition that `positions` name.
pub fn beginning(positions: &GetPositionsResponse) -> Vec<(i32, i64)> {
    positions.heads.iter().map(|head| (head.partition, 0)).collect()
}

/// The present end of every partition that `positions` name.
pub fn ends(positions: &GetPositionsResponse) -> Vec<(i32, i64)> {
    positions
        .heads
        .iter()
        .map(|head| (head.partition, head.seq))
        .collect()
}
