//! Sends lines with many requests at once; what passes is tried again, what is refused is set aside, Ctrl-C stops.

use std::time::Duration;

use futures::stream::{self, StreamExt};
use hotline_proto::intake::v1::RegisterAppealRequest;
use tonic::{Code, Status};

use super::mapping::Mapping;
use super::progress::Progress;
use super::reject::Rejected;
use super::sheet::Line;
use crate::client::{Client, told};

/// Tries of a request that fails for reasons that pass: with the pauses below about half a minute.
const TRIES_MAX: u32 = 10;
/// First and longest pause between two tries.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// How an import ended.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Registered now.
    pub new: usize,
    /// Had been registered by an earlier import.
    pub known: usize,
    /// Did not go in.
    pub rejected: Vec<Rejected>,
    /// Why it stopped before the end; absent when it did not.
    pub stopped: Option<Stopped>,
}

/// Why an import stopped before its end.
#[derive(Debug)]
pub enum Stopped {
    /// Ctrl-C.
    Interrupted,
    /// The platform does not answer, or does not let this caller in.
    Failed(anyhow::Error),
}

/// What became of one line.
enum Sent {
    New,
    Known,
    Refused(String),
    Failed(anyhow::Error),
}

/// Sends `lines`, at most `concurrency` at once.
pub async fn send(
    client: &Client,
    mapping: &Mapping,
    lines: &[Line],
    concurrency: usize,
    progress: &mut Progress,
) -> Outcome {
    let mut outcome = Outcome::default();
    let asked = lines
        .iter()
        .map(|line| async move { (line, send_line(client, mapping, line).await) });
    let mut answers = stream::iter(asked).buffer_unordered(concurrency);
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    loop {
        let answer = tokio::select! {
            _ = &mut interrupted => {
                outcome.stopped = Some(Stopped::Interrupted);
                return outcome;
            }
            answer = answers.next() => answer,
        };
        let Some((line, sent)) = answer else {
            return outcome;
        };
        match sent {
            Sent::New => outcome.new += 1,
            Sent::Known => outcome.known += 1,
            Sent::Refused(reason) => outcome.rejected.push(Rejected {
                line: line.clone(),
                reason,
            }),
            Sent::Failed(error) => {
                outcome.stopped = Some(Stopped::Failed(error));
                return outcome;
            }
        }
        progress.advance();
    }
}

async fn send_line(client: &Client, mapping: &Mapping, line: &Line) -> Sent {
    let request = match mapping.request(line) {
        Ok(request) => request,
        Err(reason) => return Sent::Refused(reason),
    };
    let mut pause = PAUSE_MIN;
    for last in (0..TRIES_MAX).rev() {
        match register(client, request.clone()).await {
            Ok(sent) => return sent,
            Err(status) if passes(&status) && last > 0 => tokio::time::sleep(pause).await,
            Err(status) => return judged(status),
        }
        pause = PAUSE_MAX.min(pause * 2);
    }
    Sent::Failed(anyhow::anyhow!("the platform does not answer"))
}

async fn register(client: &Client, request: RegisterAppealRequest) -> Result<Sent, Status> {
    let answer = client.intake().register_appeal(request).await?.into_inner();
    Ok(if answer.replayed { Sent::Known } else { Sent::New })
}

/// Whether the same request may succeed later: the key makes a repetition harmless.
fn passes(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
            | Code::Unknown
            | Code::Cancelled
    )
}

/// A refusal concerns the line; everything else concerns the import.
fn judged(status: Status) -> Sent {
    match status.code() {
        Code::InvalidArgument
        | Code::FailedPrecondition
        | Code::AlreadyExists
        | Code::NotFound
        | Code::Aborted => Sent::Refused(format!("{:#}", told(status))),
        _ => Sent::Failed(told(status)),
    }
}
