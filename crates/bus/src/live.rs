//! What happens now: the stream of all events, read once a process and kept for a while in a ring of bounded size.
//!
//! This is for people's screens, not for services: it neither applies an event once nor repairs what the broker lost.
//! A listener holds a position and nothing else; one that falls behind the ring is told so.
//!
//! Invariant: a listener hears everything after its cursor in the stream's order, or hears that something was lost.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::stream::Stream;
use async_nats::jetstream::{self};
use futures::StreamExt as _;
use hotline_runtime::Job;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::envelope::Entry;
use crate::{Bus, nats};

/// Events before the stream's end that a fresh process reads first, so that listeners of another go on where they were.
const BACKLOG: u64 = 4_000;
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

/// The ring: all that happened after `after`, up to `last`.
struct Ring<T> {
    made: u64,
    after: u64,
    last: u64,
    events: VecDeque<(u64, Arc<T>)>,
    capacity: usize,
}

impl<T> Ring<T> {
    fn new(capacity: usize) -> Self {
        Self {
            made: 0,
            after: 0,
            last: 0,
            events: VecDeque::new(),
            capacity,
        }
    }

    /// Forgets everything: the next event is the one after `after` of the stream made at `made`.
    fn begin(&mut self, made: u64, after: u64) {
        self.events.clear();
        (self.made, self.after, self.last) = (made, after, after);
    }

    fn push(&mut self, seq: u64, event: Option<T>) {
        self.last = seq;
        if let Some(event) = event {
            self.events.push_back((seq, Arc::new(event)));
        }
        while self.events.len() > self.capacity {
            if let Some((seq, _)) = self.events.pop_front() {
                self.after = seq;
            }
        }
    }

    /// What came after `cursor`, which moves on.
    fn read(&self, cursor: &mut Cursor) -> Option<Heard<T>> {
        // Before the broker was first heard nobody can say whether the place is still there.
        if self.made == 0 {
            return None;
        }
        let here = Cursor {
            made: self.made,
            seq: self.last,
        };
        if cursor.made != self.made || cursor.seq < self.after {
            *cursor = here;
            return Some(Heard::Lost);
        }
        // Another process may be ahead of this one: then there is nothing yet.
        let from = self.events.partition_point(|(seq, _)| *seq <= cursor.seq);
        let batch: Vec<_> = self.events.range(from..).take(BATCH_MAX).collect();
        let end = batch.last().map(|(seq, _)| *seq);
        match end {
            Some(end) if from + batch.len() < self.events.len() => cursor.seq = end,
            _ => cursor.seq = cursor.seq.max(self.last),
        }
        let events: Vec<_> = batch.into_iter().map(|(_, event)| Arc::clone(event)).collect();
        (!events.is_empty()).then_some(Heard::Events(events))
    }
}

/// The live tail of a process; cheap to clone.
pub struct Live<T>(Arc<Inner<T>>);

struct Inner<T> {
    ring: Mutex<Ring<T>>,
    moved: watch::Sender<()>,
    heard_at: Mutex<Instant>,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Live<T> {
    fn new(capacity: usize) -> Self {
        Self(Arc::new(Inner {
            ring: Mutex::new(Ring::new(capacity)),
            moved: watch::Sender::new(()),
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
        // Before the broker was first heard there is no place to begin at: who listens from then on is told to load again.
        Listener {
            cursor: cursor.unwrap_or(here),
            moved: self.0.moved.subscribe(),
            live: self.clone(),
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
        let live = Live::new(capacity);
        let reader = Reader {
            bus: self.clone(),
            live: live.clone(),
            read,
        };
        let job = Job {
            name: format!("{}.live", self.service()),
            run: Box::pin(reader.run()),
        };
        (live, job)
    }
}

struct Reader<T, R> {
    bus: Bus,
    live: Live<T>,
    read: R,
}

impl<T: Send + Sync + 'static, R: Fn(Entry) -> Option<T> + Send + Sync + 'static> Reader<T, R> {
    async fn run(self) -> anyhow::Result<()> {
        let shutdown = self.bus.shutdown().clone();
        let mut pause = AWAY_MIN;
        loop {
            let before = self.live.ring().last;
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                outcome = self.follow() => if let Err(error) = outcome {
                    tracing::debug!(error = format!("{error:#}"), "the live tail begins anew");
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

    /// Reads until the broker fails, or its stream is another.
    async fn follow(&self) -> anyhow::Result<()> {
        let context = jetstream::new(self.bus.connect().await?);
        let stream = context.get_stream(self.bus.stream()).await?;
        let made = made_at(&stream);
        let after = self.begin(&stream, made);
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
        loop {
            tokio::select! {
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

    /// Goes on where the ring ends, if the stream still has what follows; else begins a little before the stream's end.
    fn begin(&self, stream: &Stream, made: u64) -> u64 {
        let state = &stream.cached_info().state;
        let oldest = state.first_sequence.saturating_sub(1);
        let mut ring = self.live.ring();
        let follows = ring.made == made && ring.last >= oldest && ring.last <= state.last_sequence;
        if !follows {
            let after = state.last_sequence.saturating_sub(BACKLOG).max(oldest);
            ring.begin(made, after.min(state.last_sequence));
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
        ring.push(info.stream_sequence, entry.and_then(&self.read));
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

    fn ring(events: u64) -> Ring<u64> {
        let mut ring = Ring::new(4);
        ring.begin(9, 100);
        for seq in 101..101 + events {
            // Every third is of no interest to anybody.
            ring.push(seq, (seq % 3 != 0).then_some(seq));
        }
        ring
    }

    fn read(ring: &Ring<u64>, seq: u64) -> (Option<Vec<u64>>, u64) {
        let mut cursor = Cursor { made: 9, seq };
        let heard = ring.read(&mut cursor).map(|heard| match heard {
            Heard::Events(events) => events.iter().map(|event| **event).collect(),
            Heard::Lost => Vec::new(),
        });
        (heard, cursor.seq)
    }

    #[test]
    fn a_listener_hears_all_after_its_cursor_or_that_something_was_lost() {
        let ring = ring(8);
        // 101 103 104 106 107 … of which the ring keeps four: 103 104 106 107; 101 is gone.
        let (all, end) = read(&ring, 101);
        assert_eq!(
            (all.as_deref(), end),
            (Some([103, 104, 106, 107].as_slice()), 108)
        );
        assert_eq!(read(&ring, 104), (Some(vec![106, 107]), 108));
        assert_eq!(read(&ring, 108), (None, 108));
        assert_eq!(read(&ring, 100), (Some(Vec::new()), 108), "101 is gone");
        assert_eq!(read(&ring, 200), (None, 200), "another process is ahead");
        let mut other = Cursor { made: 8, seq: 105 };
        assert_eq!(ring.read(&mut other), Some(Heard::Lost), "another stream");
        assert_eq!(other.to_string(), "9-6c");
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
