//! The journal's gRPC service: reads of the record, positions, dead letters. One for all services of a process.

use std::collections::{HashMap, HashSet};

use hotline_policy::refusal::{Code, Kind, Refusal};
use hotline_proto::bus::v1::journal_service_server::{JournalService, JournalServiceServer};
use hotline_proto::bus::v1::{
    DeadLetter, GetPositionsRequest, GetPositionsResponse, ListDeadLettersRequest, ListDeadLettersResponse,
    Position, ReadRequest, ReadResponse, ReplayDeadLettersRequest, ReplayDeadLettersResponse,
};
use hotline_runtime::status::lang_of;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::apply::call_apart;
use crate::envelope::{Entry, timestamp};
use crate::handler::Table;
use crate::store::DeadRow;
use crate::{Bus, Fault, batch, store};

/// Entries of one answer at most.
const READ_MAX: i32 = 512;
/// Dead letters of one page at most, and when nothing is asked.
const LETTERS_MAX: i32 = 500;
const LETTERS_DEFAULT: i32 = 100;
/// All that is read of a service's standing is of one moment.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Dead letters of one appeal that are replayed in one go.
const REPLAY_MAX: i64 = 10_000;

/// The service is not in this process.
pub(crate) const NOT_HERE: Code = Code {
    id: "bus.service_not_here",
    kind: Kind::NotFound,
    zh: "该服务不在本进程内",
    en: "the service is not in this process",
    remedy_zh: "请检查 peers 配置指向的地址",
    remedy_en: "check the address under peers",
};
/// What a process answers that was asked about a service which it does not run.
pub const SERVICE_NOT_HERE: &str = NOT_HERE.id;
/// A number or an identifier that is none.
pub(crate) const BAD_ARGUMENT: Code = Code {
    id: "bus.bad_argument",
    kind: Kind::Invalid,
    zh: "参数不合法",
    en: "the argument is not valid",
    remedy_zh: "请按字段说明填写",
    remedy_en: "fill in the field as it is described",
};

/// Answers for the services of this process.
pub struct JournalDesk {
    buses: HashMap<&'static str, Bus>,
}

impl JournalDesk {
    /// Codes of its refusals.
    pub const REFUSALS: &'static [&'static Code] = &[&NOT_HERE, &BAD_ARGUMENT];

    /// The gRPC service for all of `buses`.
    pub fn server(buses: impl IntoIterator<Item = Bus>) -> JournalServiceServer<Self> {
        JournalServiceServer::new(Self {
            buses: buses.into_iter().map(|bus| (bus.service(), bus)).collect(),
        })
    }

    fn bus(&self, service: &str, field: &str) -> Result<&Bus, Fault> {
        let refusal = || Refusal::new(&NOT_HERE).field(field).detail(service.to_owned());
        Ok(self.buses.get(service).ok_or_else(refusal)?)
    }

    async fn read_page(&self, request: ReadRequest) -> Result<Vec<Entry>, Fault> {
        let bus = self.bus(&request.producer, "producer")?;
        let limit = if request.limit == 0 {
            READ_MAX
        } else {
            request.limit
        };
        if !(1..=READ_MAX).contains(&limit) {
            return Err(Refusal::new(&BAD_ARGUMENT)
                .field("limit")
                .detail("1 to 512")
                .into());
        }
        let mut sql = bus.pool().acquire().await?;
        Ok(batch::read_journal(
            &mut sql,
            bus.service(),
            request.partition,
            request.after_seq,
            limit.into(),
        )
        .await?)
    }

    async fn positions(&self, service: &str) -> Result<GetPositionsResponse, Fault> {
        let bus = self.bus(service, "service")?;
        bus.asked().notify_waiters();
        // One snapshot: an event is in the outbox or in the journal, and its effects where its cursor stands.
        let mut sql = bus.pool().begin_with(SNAPSHOT).await?;
        let heads = store::heads(&mut sql).await?;
        let cursors = store::cursors(&mut sql).await?;
        let outbox = batch::waiting(&mut sql).await?;
        let dead = store::dead_count(&mut sql).await?;
        sql.rollback().await?;
        let head = |(partition, seq)| Position {
            producer: service.to_owned(),
            partition,
            seq,
        };
        Ok(GetPositionsResponse {
            heads: heads.into_iter().map(head).collect(),
            cursors: cursors
                .into_iter()
                .map(|(producer, partition, seq)| Position {
                    producer,
                    partition,
                    seq,
                })
                .collect(),
            outbox,
            dead,
        })
    }

    async fn letters(&self, request: ListDeadLettersRequest) -> Result<ListDeadLettersResponse, Fault> {
        let bus = self.bus(&request.service, "service")?;
        let bad = |field: &str| Refusal::new(&BAD_ARGUMENT).field(field);
        let size = if request.page_size == 0 {
            LETTERS_DEFAULT
        } else {
            request.page_size
        };
        if !(1..=LETTERS_MAX).contains(&size) {
            return Err(bad("page_size").into());
        }
        let after = match request.page_token.as_str() {
            "" => 0,
            token => token.parse().map_err(|_| bad("page_token"))?,
        };
        let rows = store::dead_letters(&mut *bus.pool().acquire().await?, None, after, size.into()).await?;
        let full = i32::try_from(rows.len()).unwrap_or(size) == size;
        let next_page_token = rows
            .last()
            .filter(|_| full)
            .map(|row| row.id.to_string())
            .unwrap_or_default();
        let dead_letters = rows
            .into_iter()
            .map(|row| DeadLetter {
                error: row.error.clone(),
                attempts: row.attempts,
                set_aside_at: Some(timestamp(row.set_aside_at)),
                entry: Some(row.into_entry().into_proto()),
            })
            .collect();
        Ok(ListDeadLettersResponse {
            dead_letters,
            next_page_token,
        })
    }

    /// Applies an appeal's letters in order, each in a transaction of its own; stops an appeal at its first failure.
    async fn replay(&self, request: ReplayDeadLettersRequest) -> Result<ReplayDeadLettersResponse, Fault> {
        let bus = self.bus(&request.service, "service")?;
        let table = bus
            .table()
            .ok_or_else(|| Fault::retry("the service is still starting"))?;
        let root = match request.root.as_str() {
            "" => None,
            root => Some(
                root.parse::<Uuid>()
                    .map_err(|_| Refusal::new(&BAD_ARGUMENT).field("root"))?,
            ),
        };
        let mut answer = ReplayDeadLettersResponse::default();
        let mut stuck = HashSet::new();
        loop {
            let mut rows =
                store::dead_letters(&mut *bus.pool().acquire().await?, root, 0, REPLAY_MAX).await?;
            rows.retain(|row| !stuck.contains(&row.root));
            if rows.is_empty() {
                return Ok(answer);
            }
            // What answers the first letters may have come and been set aside behind the last: it is replayed as well.
            for row in rows {
                if !stuck.contains(&row.root) {
                    replay_one(bus, table, row, &mut answer, &mut stuck).await?;
                }
            }
        }
    }
}

/// Applies one letter in a transaction of its own; an appeal whose letter fails is stuck.
async fn replay_one(
    bus: &Bus,
    table: &Table,
    row: DeadRow,
    answer: &mut ReplayDeadLettersResponse,
    stuck: &mut HashSet<Uuid>,
) -> Result<(), Fault> {
    let id = row.id;
    let entry = row.into_entry();
    let mut tx = bus.begin().await?;
    store::lock_partitions(tx.sql(), &[entry.partition]).await?;
    if !store::mark_replayed(tx.sql(), id, bus.now()).await? {
        return Ok(());
    }
    store::count_up(tx.sql(), entry.partition).await?;
    let fault = call_apart(table, bus.service(), &mut tx, &entry)
        .await
        .map_err(|failure| failure.fault)?;
    match fault {
        None => {
            tx.commit().await?;
            answer.replayed += 1;
        }
        Some(fault) => {
            drop(tx);
            store::note_attempt(&mut *bus.pool().acquire().await?, id, &fault.to_string()).await?;
            stuck.insert(entry.root);
            answer.failed += 1;
        }
    }
    Ok(())
}

#[tonic::async_trait]
impl JournalService for JournalDesk {
    async fn read(&self, request: Request<ReadRequest>) -> Result<Response<ReadResponse>, Status> {
        let lang = lang_of(&request);
        let entries = self
            .read_page(request.into_inner())
            .await
            .map_err(|fault| fault.into_status(lang))?;
        Ok(Response::new(ReadResponse {
            entries: entries.into_iter().map(Entry::into_proto).collect(),
        }))
    }

    async fn get_positions(
        &self,
        request: Request<GetPositionsRequest>,
    ) -> Result<Response<GetPositionsResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self.positions(&request.into_inner().service).await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }

    async fn list_dead_letters(
        &self,
        request: Request<ListDeadLettersRequest>,
    ) -> Result<Response<ListDeadLettersResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self.letters(request.into_inner()).await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }

    async fn replay_dead_letters(
        &self,
        request: Request<ReplayDeadLettersRequest>,
    ) -> Result<Response<ReplayDeadLettersResponse>, Status> {
        let lang = lang_of(&request);
        let answer = self.replay(request.into_inner()).await;
        answer.map(Response::new).map_err(|fault| fault.into_status(lang))
    }
}
