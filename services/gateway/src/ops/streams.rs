//! How many live streams there may be: of one session, and of this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hotline_policy::Refusal;

use crate::domain::desk_refusals as refusals;

/// The streams that are open.
#[derive(Clone)]
pub struct Streams(Arc<Inner>);

struct Inner {
    open: Mutex<HashMap<String, usize>>,
    most: usize,
    most_of_session: usize,
}

/// A place among the streams; given back when it is dropped.
pub struct Permit {
    streams: Streams,
    session: String,
}

impl Streams {
    /// At most `most` streams, `most_of_session` of one session.
    pub fn new(most: usize, most_of_session: usize) -> Self {
        Self(Arc::new(Inner {
            open: Mutex::default(),
            most,
            most_of_session,
        }))
    }

    /// A place for a stream of `session`.
    ///
    /// # Errors
    /// `desk.streams` when there is none.
    pub fn take(&self, session: &str) -> Result<Permit, Refusal> {
        let mut open = self.open();
        let all: usize = open.values().sum();
        let own = open.entry(session.to_owned()).or_default();
        if *own >= self.0.most_of_session || all >= self.0.most {
            if *own == 0 {
                open.remove(session);
            }
            return Err(Refusal::new(&refusals::DESK_STREAMS));
        }
        *own += 1;
        Ok(Permit {
            streams: self.clone(),
            session: session.to_owned(),
        })
    }

    /// Whether anybody listens.
    pub fn any(&self) -> bool {
        !self.open().is_empty()
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(own) = open.get_mut(&self.session) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_and_the_process_have_so_many_streams_and_give_them_back() {
        let streams = Streams::new(3, 2);
        let (first, _second) = (streams.take("a"), streams.take("a"));
        assert!(streams.take("a").is_err(), "two of one session");
        let _third = streams.take("b").expect("a place");
        assert!(streams.take("c").is_err(), "three of all");
        drop(first);
        assert!(streams.take("c").is_ok());
    }
}
