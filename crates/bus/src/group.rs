//! Work that is ready at the same time is done together: one transaction, one commit for all who wait.
//!
//! While one group is worked on the next gathers; who comes alone waits for nobody. Those of a group that were answered together
//! often come again together: the next group waits for them, at most a third of what theirs took. Otherwise two halves of
//! a steady crowd would follow each other for ever, and each would pay for a transaction.
//!
//! Invariant: each who waits is answered exactly once; who gives up takes nobody with them.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use crate::Fault;

/// The next group waits for those who were in the last one so many times shorter than that took.
const WAIT_SHARE: u32 = 3;

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Turned {
    /// Too many wait already.
    #[error("too many wait already")]
    Away,
    /// The group was given up before its answer.
    #[error("the group was given up")]
    Down,
}

/// One who waits for an answer.
pub struct Waiting<I, A> {
    /// What is to be done.
    pub item: I,
    answer: oneshot::Sender<A>,
}

impl<I, A> Waiting<I, A> {
    /// Answers; nobody may listen any more.
    pub fn answer(self, answer: A) {
        let _ = self.answer.send(answer);
    }
}

/// Answers everybody in a group with what became of it, and hands to `alone` those of whom nothing did. Where the group failed
/// by a defect of one, all go alone: the others must not suffer for it. Where it is unknown whether it was committed, nothing is
/// done once more.
pub fn answer_all<I, T>(
    group: Vec<Waiting<I, Result<T, Fault>>>,
    outcomes: Result<Vec<Option<Result<T, Fault>>>, Fault>,
    mut alone: impl FnMut(Waiting<I, Result<T, Fault>>),
) {
    match outcomes {
        Ok(outcomes) => {
            for (waiting, outcome) in group.into_iter().zip(outcomes) {
                match outcome {
                    Some(answer) => waiting.answer(answer),
                    None => alone(waiting),
                }
            }
        }
        Err(Fault::Poison(_)) => group.into_iter().for_each(alone),
        Err(fault) => {
            let told = fault.to_string();
            for waiting in group {
                waiting.answer(Err(Fault::retry(told.clone())));
            }
        }
    }
}

struct Queue<I, A> {
    waiting: VecDeque<Waiting<I, A>>,
    running: bool,
    /// How many the next group waits for; nobody is woken for fewer.
    wanted: usize,
}

/// Those of this process who wait for their group. Cheap to clone.
pub struct Group<I, A> {
    queue: Arc<Mutex<Queue<I, A>>>,
    came: Arc<Notify>,
    group_max: usize,
    queue_max: usize,
}

impl<I, A> Clone for Group<I, A> {
    fn clone(&self) -> Self {
        Self {
            queue: Arc::clone(&self.queue),
            came: Arc::clone(&self.came),
            ..*self
        }
    }
}

impl<I: Send + 'static, A: Send + 'static> Group<I, A> {
    /// Groups of at most `group_max`; at most `queue_max` wait.
    pub fn new(group_max: usize, queue_max: usize) -> Self {
        let queue = Queue {
            waiting: VecDeque::new(),
            running: false,
            wanted: usize::MAX,
        };
        Self {
            queue: Arc::new(Mutex::new(queue)),
            came: Arc::default(),
            group_max,
            queue_max,
        }
    }

    /// Has `item` done together with what is ready at the same time; `work` does a group and answers everybody in it.
    ///
    /// # Errors
    /// Too many wait, or the group was given up.
    pub async fn submit<W, F>(&self, item: I, work: W) -> Result<A, Turned>
    where
        W: Fn(Vec<Waiting<I, A>>) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        if self.enqueue(Waiting { item, answer })? {
            // A task of its own: a caller that gives up does not take its group with it.
            tokio::spawn(self.clone().run(work));
        }
        answered.await.map_err(|_| Turned::Down)
    }

    fn queue(&self) -> MutexGuard<'_, Queue<I, A>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts one into the queue; true when nobody works on the queue yet.
    fn enqueue(&self, waiting: Waiting<I, A>) -> Result<bool, Turned> {
        let mut queue = self.queue();
        if queue.waiting.len() >= self.queue_max {
            return Err(Turned::Away);
        }
        queue.waiting.push_back(waiting);
        if queue.waiting.len() >= queue.wanted {
            self.came.notify_one();
        }
        Ok(!std::mem::replace(&mut queue.running, true))
    }

    /// Waits until those of the last group, `size` of them, are there again beside those who wait already, or as many as a
    /// group may have; no longer than `most`.
    async fn gather(&self, size: usize, most: Duration) {
        let wanted = {
            let mut queue = self.queue();
            queue.wanted = (queue.waiting.len() + size).min(self.group_max);
            queue.wanted
        };
        let all = async {
            while self.queue().waiting.len() < wanted {
                self.came.notified().await;
            }
        };
        // Whoever has not come by then comes in the next group.
        let _ = tokio::time::timeout(most, all).await;
        self.queue().wanted = usize::MAX;
    }

    fn take(&self) -> Vec<Waiting<I, A>> {
        let mut queue = self.queue();
        let count = queue.waiting.len().min(self.group_max);
        queue.running = count > 0;
        queue.waiting.drain(..count).collect()
    }

    async fn run<W, F>(self, work: W)
    where
        W: Fn(Vec<Waiting<I, A>>) -> F,
        F: Future<Output = ()>,
    {
        let _stopped = Stopped(&self);
        loop {
            let group = self.take();
            if group.is_empty() {
                return;
            }
            let (size, began_at) = (group.len(), Instant::now());
            work(group).await;
            if size > 1 {
                self.gather(size, began_at.elapsed() / WAIT_SHARE).await;
            }
        }
    }

    fn stop(&self) {
        self.queue().running = false;
    }
}

/// Lets the next one start the work anew, should a group panic.
struct Stopped<'g, I: Send + 'static, A: Send + 'static>(&'g Group<I, A>);

impl<I: Send + 'static, A: Send + 'static> Drop for Stopped<'_, I, A> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn those_who_wait_meanwhile_are_one_group_and_each_is_answered() {
        let group: Group<usize, usize> = Group::new(64, 1_024);
        let groups = Arc::new(AtomicUsize::new(0));
        let work = || {
            let groups = Arc::clone(&groups);
            move |waiting: Vec<Waiting<usize, usize>>| {
                let groups = Arc::clone(&groups);
                async move {
                    groups.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    for one in waiting {
                        let twice = one.item * 2;
                        one.answer(twice);
                    }
                }
            }
        };
        let answers = futures::future::join_all((0..50).map(|item| group.submit(item, work()))).await;
        assert_eq!(answers, (0..50).map(|item| Ok(item * 2)).collect::<Vec<_>>());
        assert!(groups.load(Ordering::Relaxed) <= 2, "{groups:?}");
    }

    #[tokio::test]
    async fn those_answered_together_are_waited_for() {
        let group: Group<(), ()> = Group::new(64, 1_024);
        let groups = Arc::new(AtomicUsize::new(0));
        let come = async |times: usize| {
            for _ in 0..times {
                let groups = Arc::clone(&groups);
                let work = move |waiting: Vec<Waiting<(), ()>>| {
                    let groups = Arc::clone(&groups);
                    async move {
                        groups.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(Duration::from_millis(60)).await;
                        waiting.into_iter().for_each(|one| one.answer(()));
                    }
                };
                group.submit((), work).await.expect("is done");
            }
        };
        // Four come together, and four more while these are worked on.
        let first = futures::future::join_all((0..4).map(|_| come(5)));
        let second = async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            futures::future::join_all((0..4).map(|_| come(5))).await
        };
        futures::future::join(first, second).await;
        // If nobody were waited for, two halves would take turns: ten groups.
        let groups = groups.load(Ordering::Relaxed);
        assert!(groups <= 7, "{groups}");
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_and_a_group_that_panics_turns_down_and_is_followed_by_others() {
        let none: Group<(), ()> = Group::new(1, 0);
        assert_eq!(none.submit((), |_| async {}).await, Err(Turned::Away));
        let group: Group<bool, ()> = Group::new(1, 8);
        let work = |waiting: Vec<Waiting<bool, ()>>| async move {
            for one in waiting {
                assert!(!one.item, "asked to panic");
                one.answer(());
            }
        };
        assert_eq!(group.submit(true, work).await, Err(Turned::Down));
        assert_eq!(group.submit(false, work).await, Ok(()));
    }
}
