//! Reading journals and positions of a running platform.

use anyhow::Context;
use futures::TryStreamExt;
use futures::stream::{self, StreamExt};
use hotline_proto::bus::v1::{Entry, GetPositionsRequest, GetPositionsResponse, ReadRequest};

use crate::client::{Client, told};
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

/// The positions of every service, in the order of the table.
///
/// # Errors
/// As [`positions`].
pub async fn all_positions(client: &Client) -> anyhow::Result<Vec<(&'static Service, GetPositionsResponse)>> {
    let asked = SERVICES
        .iter()
        .map(|service| async move { anyhow::Ok((service, positions(client, service.producer).await?)) });
    futures::future::try_join_all(asked).await
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
