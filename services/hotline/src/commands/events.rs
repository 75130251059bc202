//! `hotline events`: the newest events, those that could not be applied, and applying them again.

use std::process::ExitCode;
use std::time::Duration;

use hotline_proto::bus::v1::{Entry, ListDeadLettersRequest, ReplayDeadLettersRequest};
use serde_json::json;

use crate::cli::{EventsCommand, Global};
use crate::client::{Client, told};
use crate::services::{self, Service};
use crate::{journal, json, render, words};

/// Pause between two looks at the journals while following.
const FOLLOW_PAUSE: Duration = Duration::from_millis(300);

/// Dead letters of one page.
const LETTERS_PAGE: i32 = 200;

/// Shows or replays events.
///
/// # Errors
/// A service that does not answer, or a name that is none.
pub async fn run(global: &Global, command: &EventsCommand) -> anyhow::Result<ExitCode> {
    let client = Client::connect(global, &["operator"]).await?;
    match command {
        EventsCommand::Tail {
            service,
            count,
            follow,
        } => {
            let chosen = chosen(global, &client, service.as_ref()).await?;
            let mut tail = Tail::start(&client, chosen, *count).await?;
            tail.print(global, *count)?;
            if *follow {
                tail.follow(global).await?;
            }
            Ok(ExitCode::SUCCESS)
        }
        EventsCommand::Dead { service } => {
            let chosen = chosen(global, &client, service.as_ref()).await?;
            dead(global, &client, &chosen).await
        }
        EventsCommand::Replay { service, root } => {
            replay(global, &client, services::find(service)?, root).await
        }
    }
}

/// The service that is named, or all that run; those that do not are told.
async fn chosen(
    global: &Global,
    client: &Client,
    service: Option<&String>,
) -> anyhow::Result<Vec<&'static Service>> {
    if let Some(name) = service {
        return Ok(vec![services::find(name)?]);
    }
    let everyone = journal::all_positions(client).await?;
    let left_out = everyone.left_out().join(", ");
    if !left_out.is_empty() {
        let words = global.say("未在此运行、未查:", "not running here, not asked: ");
        render::note(format_args!("{words}{left_out}"));
    }
    Ok(everyone.positions.iter().map(|(service, _)| *service).collect())
}

/// Where each journal was read up to, and what was read.
struct Tail<'a> {
    client: &'a Client,
    read: Vec<(&'static Service, Vec<(i32, i64)>)>,
    entries: Vec<Entry>,
}

impl<'a> Tail<'a> {
    /// Reads the last `count` entries of every partition.
    async fn start(client: &'a Client, chosen: Vec<&'static Service>, count: usize) -> anyhow::Result<Self> {
        let back = i64::try_from(count).unwrap_or(i64::MAX);
        let mut tail = Self {
            client,
            read: Vec::new(),
            entries: Vec::new(),
        };
        for service in chosen {
            let heads = journal::ends(&journal::positions(client, service.producer).await?);
            let from = heads
                .iter()
                .map(|(partition, head)| (*partition, (head - back).max(0)));
            tail.read.push((service, from.collect()));
        }
        tail.read_on().await?;
        Ok(tail)
    }

    /// Reads what is new in every journal.
    async fn read_on(&mut self) -> anyhow::Result<()> {
        for (service, positions) in &mut self.read {
            let new = journal::collect(self.client, service.producer, positions, |entry| {
                Some(entry.clone())
            })
            .await?;
            for entry in &new {
                for (_, seq) in positions
                    .iter_mut()
                    .filter(|(partition, _)| *partition == entry.partition)
                {
                    *seq = entry.seq.max(*seq);
                }
            }
            self.entries.extend(new);
        }
        self.entries.sort_by_key(|entry| {
            let at = entry.occurred_at.as_ref().map(|at| (at.seconds, at.nanos));
            (at, entry.producer.clone(), entry.partition, entry.seq)
        });
        Ok(())
    }

    /// Prints the last `count` of what was read, and forgets all of it.
    fn print(&mut self, global: &Global, count: usize) -> anyhow::Result<()> {
        let skipped = self.entries.len().saturating_sub(count);
        for entry in self.entries.drain(..).skip(skipped) {
            print_entry(global, &entry)?;
        }
        Ok(())
    }

    async fn follow(&mut self, global: &Global) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                stopped = tokio::signal::ctrl_c() => return Ok(stopped?),
                () = tokio::time::sleep(FOLLOW_PAUSE) => {}
            }
            self.read_on().await?;
            self.print(global, usize::MAX)?;
        }
    }
}

fn entry_json(entry: &Entry) -> anyhow::Result<serde_json::Value> {
    Ok(json!({
        "producer": entry.producer, "partition": entry.partition, "seq": entry.seq, "event_id": entry.event_id,
        "type": entry.r#type, "root": entry.root, "causes": entry.causes,
        "occurred_at": entry.occurred_at.as_ref().and_then(render::instant),
        "event": json::decode(&entry.r#type, &entry.payload)?,
    }))
}

fn print_entry(global: &Global, entry: &Entry) -> anyhow::Result<()> {
    if global.json {
        return Ok(render::out(entry_json(entry)?)?);
    }
    Ok(render::out(line(entry))?)
}

/// One event on one line: when, who recorded it under which number, what, about which order.
fn line(entry: &Entry) -> String {
    let event = json::decode(&entry.r#type, &entry.payload).unwrap_or_default();
    let number = event["facts"]["number"]
        .as_str()
        .unwrap_or(&entry.root)
        .to_owned();
    let receiver = event["leg"]["unit_id"]
        .as_str()
        .or(event["lead_unit_id"].as_str())
        .unwrap_or_default();
    format!(
        "{}  {:<10} p{}/{:<6} {:<26} {number} {receiver}",
        render::when_exactly(entry.occurred_at.as_ref()),
        entry.producer,
        entry.partition,
        entry.seq,
        words::short_type(&entry.r#type),
    )
}

async fn dead(global: &Global, client: &Client, chosen: &[&'static Service]) -> anyhow::Result<ExitCode> {
    let mut count = 0;
    for service in chosen {
        let mut request = ListDeadLettersRequest {
            service: service.producer.to_owned(),
            page_size: LETTERS_PAGE,
            page_token: String::new(),
        };
        loop {
            let answer = client
                .journal(service.producer)
                .list_dead_letters(request.clone())
                .await;
            let page = answer.map_err(told)?.into_inner();
            for letter in &page.dead_letters {
                count += 1;
                let entry = letter.entry.clone().unwrap_or_default();
                if global.json {
                    let mut told = entry_json(&entry)?;
                    told["service"] = service.name.into();
                    told["error"] = letter.error.clone().into();
                    told["attempts"] = letter.attempts.into();
                    render::out(told)?;
                } else {
                    render::out(format_args!("{}: {}", service.name, line(&entry)))?;
                    render::out(format_args!(
                        "    root {}  × {}  {}",
                        entry.root, letter.attempts, letter.error
                    ))?;
                }
            }
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
    }
    if count == 0 && !global.json {
        render::out(global.say("没有死信", "no dead letters"))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn replay(global: &Global, client: &Client, service: &Service, root: &str) -> anyhow::Result<ExitCode> {
    let request = ReplayDeadLettersRequest {
        service: service.producer.to_owned(),
        root: root.to_owned(),
    };
    let answer = client
        .journal(service.producer)
        .replay_dead_letters(request)
        .await
        .map_err(told)?
        .into_inner();
    if global.json {
        render::out_json(&json::of(&answer)?)?;
    } else {
        render::out(format_args!(
            "{} {}, {} {}",
            global.say("已重放", "replayed"),
            answer.replayed,
            global.say("仍失败", "failed again"),
            answer.failed
        ))?;
    }
    Ok(if answer.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
