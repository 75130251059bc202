//! What the tail keeps for listeners.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{BATCH_MAX, Cursor, Heard};

/// The ring: all that happened after `after`, up to `last`.
pub(super) struct Ring<T> {
    pub(super) made: u64,
    after: u64,
    pub(super) last: u64,
    events: VecDeque<(u64, Arc<T>)>,
    capacity: usize,
}

impl<T> Ring<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            made: 0,
            after: 0,
            last: 0,
            events: VecDeque::new(),
            capacity,
        }
    }

    /// Forgets everything: the next event is the one after `after` of the stream made at `made`.
    pub(super) fn begin(&mut self, made: u64, after: u64) {
        self.events.clear();
        (self.made, self.after, self.last) = (made, after, after);
    }

    /// Keeps what came for whoever listens; what tells nobody anything only moves the end.
    pub(super) fn push(&mut self, seq: u64, event: Option<T>) {
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
    pub(super) fn read(&self, cursor: &mut Cursor) -> Option<Heard<T>> {
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
}
