//! What happens now: the stream of all events, read once a process and kept for a while in a ring of bounded size. Where nobody
//! listens nothing is read.
//!
//! This is for people's screens, not for services: it neither applies an event once nor repairs what the broker lost.
//! A listener holds a position and nothing else; one that falls behind the ring is told so.
//!
//! Invariant: a listener hears everything after its cursor in the stream's order, or hears that something was lost.

mod ring;

use std::fmt;
use std::pin::pin;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::stream::Stream;
use async_nats::jetstream::{self};
use futures::StreamExt as _;
use hotline_runtime::Job;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use self::ring::Ring;
use crate::envelope::Entry;
use crate::{Bus, nats};

/// Events before the stream's end at which a reading begins at most, so that listeners of another process, or of before, go on
/// where they were.
const BACKLOG: u64 = 4_000;
/// How long it is read on after the last listener left: whoever changes pages is back at once.
const LINGER: Duration = Duration::from_secs(60);
/// Events read together at most, and given to a listener together at most.
const BATCH_MAX: usize = 256;
/// How often the broker is asked whether there is more than came.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// Times that it may say so before the reading begins anew.
const SILENT_MAX: u32 = 2;
/// First and longest pause after a failure.
const AWAY_MIN: Duration = Duration::from_millis(200);
const AWAY_MAX: Duration = Duration::from_secs(2);

/// A place in the stream: which stream, told by when it was made, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    made: u64,
    seq: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.made, self.seq)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (made, seq) = text.split_once('-').ok_or(())?;
        let number = |text: &str| u64::from_str_radix(text, 16).map_err(|_| ());
        Ok(Self {
            made: number(made)?,
            seq: number(seq)?,
        })
    }
}

/// What a listener hears.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard<T> {
    /// What happened, oldest first.
    Events(Vec<Arc<T>>),
    /// Something before the present place was lost to this listener.
    Lost,
}

type Read<T> = Box<dyn Fn(Entry) -> Option<T> + Send + Sync>;

/// The live tail of a process; cheap to clone.
pub struct Live<T>(Arc<Inner<T>>);

struct Inner<T> {
    ring: Mutex<Ring<T>>,
    /// What listeners get of an event, if anything.
    read: Read<T>,
    /// Its receivers are the listeners.
    moved: watch::Sender<()>,
    /// Told when somebody begins to listen.
    came: Notify,
    heard_at: Mutex<Instant>,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Live<T> {
    fn new(capacity: usize, read: Read<T>) -> Self {
        Self(Arc::new(Inner {
            ring: Mutex::new(Ring::new(capacity)),
            read,
            moved: watch::Sender::new(()),
            came: Notify::new(),
            heard_at: Mutex::new(Instant::now()),
        }))
    }

    /// Listens from just after `cursor`, or from now on.
    pub fn listen(&self, cursor: Option<Cursor>) -> Listener<T> {
        let ring = self.ring();
        let here = Cursor {
            made: ring.made,
            seq: ring.last,
        };
        drop(ring);
        if self.0.moved.is_closed() {
            // Until now the broker was not asked: it is not late.
            self.hear();
        }
        // Before the broker was first heard there is no place to begin at: who listens from then on is told to load again.
        let listener = Listener {
            cursor: cursor.unwrap_or(here),
            moved: self.0.moved.subscribe(),
            live: self.clone(),
        };
        self.0.came.notify_one();
        listener
    }

    /// Ends when somebody listens.
    async fn wanted(&self) {
        while self.0.moved.is_closed() {
            self.0.came.notified().await;
        }
    }

    /// Ends when nobody has listened for a while.
    async fn deserted(&self) {
        loop {
            self.0.moved.closed().await;
            tokio::time::sleep(LINGER).await;
            if self.0.moved.is_closed() {
                return;
            }
        }
    }

    /// For how long the broker has not been heard.
    pub fn lag(&self) -> Duration {
        self.0
            .heard_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
    }

    fn ring(&self) -> MutexGuard<'_, Ring<T>> {
        self.0.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self) {
        *self.0.heard_at.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn tell(&self) {
        self.0.moved.send_replace(());
    }
}

/// Somebody who listens.
pub struct Listener<T> {
    live: Live<T>,
    cursor: Cursor,
    moved: watch::Receiver<()>,
}

impl<T> Listener<T> {
    /// What happens next; waits until something does. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Heard<T> {
        loop {
            self.moved.borrow_and_update();
            let heard = self.live.ring().read(&mut self.cursor);
            if let Some(heard) = heard {
                return heard;
            }
            // The sender lives as long as `self.live`.
            let _ = self.moved.changed().await;
        }
    }

    /// Where the listener stands.
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }
}

impl Bus {
    /// The live tail of this process and the job that feeds it. `read` makes of an event what listeners get, or nothing;
    /// `capacity` of these are kept.
    pub fn live<T, R>(&self, capacity: usize, read: R) -> (Live<T>, Job)
    where
        T: Send + Sync + 'static,
        R: Fn(Entry) -> Option<T> + Send + Sync + 'static,
    {
        let live = Live::new(capacity, Box::new(read));
        let reader = Reader {
            bus: self.clone(),
            live: live.clone(),
        };
        let job = Job {
            name: format!("{}.live", self.service()),
            run: Box::pin(reader.run()),
        };
        (live, job)
    }
}

struct Reader<T> {
    bus: Bus,
    live: Live<T>,
}

impl<T: Send + Sync + 'static> Reader<T> {
    async fn run(self) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        let mut pause = AWAY_MIN;
        loop {
            let before = self.live.ring().last;
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                outcome = self.follow() => match outcome {
                    Ok(()) => continue,
                    Err(error) => tracing::debug!(error = format!("{error:#}"), "the live tail begins anew"),
                },
            }
            let moved = self.live.ring().last != before;
            pause = if moved { AWAY_MIN } else { AWAY_MAX.min(pause * 2) };
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Waits for a listener, and reads until none is left. Fails with the broker, or when its stream is another.
    async fn follow(&self) -> anyhow::Result<()> {
        let context = jetstream::new(self.bus.connect().await?);
        let mut stream = context.get_stream(self.bus.stream()).await?;
        // Who comes first finds a place to listen from.
        self.begin(&stream);
        self.live.wanted().await;
        stream.info().await?;
        let made = made_at(&stream);
        let after = self.begin(&stream);
        let begin = DeliverPolicy::ByStartSequence {
            start_sequence: after + 1,
        };
        let consumer = stream
            .create_consumer(nats::unnamed("what people's screens show now", begin))
            .await?;
        let messages = nats::messages(&consumer, BATCH_MAX).await?;
        let mut batches = messages.ready_chunks(BATCH_MAX);
        let mut ask = tokio::time::interval(ASK_EVERY);
        let (mut silent, mut expected) = (0, 1);
        let mut deserted = pin!(self.live.deserted());
        loop {
            tokio::select! {
                () = &mut deserted => return Ok(()),
                batch = batches.next() => {
                    let batch = batch.ok_or_else(|| anyhow::anyhow!("the messages ended"))?;
                    self.take(batch, &mut expected)?;
                    silent = 0;
                }
                _ = ask.tick() => {
                    let info = stream.get_info().await?;
                    anyhow::ensure!(micros(info.created) == made, "the stream is another");
                    silent = if info.state.last_sequence > self.live.ring().last { silent + 1 } else { 0 };
                    anyhow::ensure!(silent <= SILENT_MAX, "the broker keeps something back");
                    if silent == 0 {
                        self.live.hear();
                    }
                }
            }
        }
    }

    /// Goes on where the ring ends, if the stream still has what follows and that is not much; else begins a little before the
    /// stream's end.
    fn begin(&self, stream: &Stream) -> u64 {
        let made = made_at(stream);
        let state = &stream.cached_info().state;
        let oldest = state.first_sequence.saturating_sub(1);
        let mut ring = self.live.ring();
        let near = state.last_sequence.saturating_sub(BACKLOG).max(oldest);
        let follows = ring.made == made && ring.last >= near && ring.last <= state.last_sequence;
        if !follows {
            ring.begin(made, near.min(state.last_sequence));
            self.live.tell();
        }
        ring.last
    }

    fn take<E: std::fmt::Display>(
        &self,
        batch: Vec<Result<jetstream::Message, E>>,
        expected: &mut u64,
    ) -> anyhow::Result<()> {
        let mut taken = Ok(());
        {
            let mut ring = self.live.ring();
            for message in batch {
                taken = self.take_one(message, expected, &mut ring);
                if taken.is_err() {
                    break;
                }
            }
        }
        self.live.hear();
        self.live.tell();
        taken
    }

    fn take_one<E: std::fmt::Display>(
        &self,
        message: Result<jetstream::Message, E>,
        expected: &mut u64,
        ring: &mut Ring<T>,
    ) -> anyhow::Result<()> {
        let message = message.map_err(|error| anyhow::anyhow!("{error}"))?;
        let info = message.info().map_err(|error| anyhow::anyhow!("{error}"))?;
        anyhow::ensure!(info.consumer_sequence == *expected, "a message was skipped");
        *expected += 1;
        // What is no event of ours tells nobody anything.
        let entry = Entry::from_message(message.headers.as_ref(), &message.payload).ok();
        ring.push(info.stream_sequence, entry.and_then(&self.live.0.read));
        Ok(())
    }
}

fn made_at(stream: &Stream) -> u64 {
    micros(stream.cached_info().created)
}

/// Microseconds since 1970: tells one stream from the next of the same name.
fn micros(at: async_nats::datetime::DateTime) -> u64 {
    u64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_wanted_while_somebody_listens_and_for_a_while_after() {
        let live = Live::new(4, Box::new(|_| None::<()>));
        let at_once = |ends| tokio::time::timeout(Duration::ZERO, ends);
        assert!(at_once(Box::pin(live.wanted())).await.is_err());
        let first = live.listen(None);
        assert!(at_once(Box::pin(live.wanted())).await.is_ok());
        let mut deserted = pin!(live.deserted());
        drop(first);
        assert!(tokio::time::timeout(LINGER / 2, &mut deserted).await.is_err());
        let second = live.listen(None);
        assert!(tokio::time::timeout(LINGER * 2, &mut deserted).await.is_err());
        drop(second);
        let left_at = Instant::now();
        deserted.await;
        assert!(left_at.elapsed() >= LINGER);
    }

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        let cursor = Cursor {
            made: 1_790_000_000_123_456,
            seq: 77,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "1", "x-1", "1-", "1-2-3", "-1--2"] {
            assert_eq!(Cursor::from_str(bad), Err(()), "{bad}");
        }
    }
}
