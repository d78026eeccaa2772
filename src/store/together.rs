//! Calls that arrive together are made in one statement: one round trip, one commit, one plan.
//!
//! A call that comes alone goes alone and at once. While a statement runs, later calls gather and
//! are the next one: the busier the database, the less each of them costs it.
//!
//! **Invariant:** what becomes of a call does not depend on which others it is made with. Two calls
//! of one key are never in one statement, and none waits for a row that somebody else has locked:
//! that one comes back unanswered, and is made again alone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::PgPool;
use tokio::sync::oneshot;

use super::error::{call, is_cut_off};
use super::pool::Conn;
use super::{Result, StoreError};

/// How many statements of one kind run at once: while one waits for the disk, another computes.
const LANES: usize = 2;
/// Most calls in one statement.
const MOST: usize = 64;
/// Most calls that wait: whoever comes later would not be answered in time.
const MOST_WAITING: usize = 4_096;

/// A call that can be made together with others of its kind.
pub(super) trait Job: Send + Sync + Sized + 'static {
    /// What it comes to.
    type Done: Send + 'static;
    /// What no two calls of one statement may share.
    type Key: PartialEq + Send;

    /// Its key.
    fn key(&self) -> Self::Key;

    /// Makes all of `jobs` in one statement; the answers in their order, nothing for one whose
    /// conditions fail or whose rows are locked.
    fn run(
        conn: &mut Conn,
        jobs: &[Self],
        attempt: Attempt,
    ) -> impl Future<Output = Result<Vec<Option<Self::Done>>>> + Send;
}

/// How often the statement was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// For the first time.
    First,
    /// Again, because the connection was lost: it may have been carried out.
    Again,
}

/// The calls of one kind that wait.
pub(super) struct Together<J: Job>(Arc<Inner<J>>);

struct Inner<J: Job> {
    pool: PgPool,
    /// Held for a push or a take only, never over an await.
    waiting: Mutex<Waiting<J>>,
}

struct Waiting<J: Job> {
    calls: VecDeque<Waiter<J>>,
    lanes: usize,
}

/// What becomes of a call that comes.
enum Pushed {
    /// It waits for a lane that is open.
    Waits,
    /// A new lane must be opened for it.
    OpensLane,
    /// Too many wait.
    Full,
}

struct Waiter<J: Job> {
    job: J,
    answer: oneshot::Sender<Result<Option<J::Done>>>,
}

impl<J: Job> Clone for Together<J> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<J: Job> std::fmt::Debug for Together<J> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Together").finish_non_exhaustive()
    }
}

impl<J: Job> Together<J> {
    /// Nothing waiting yet.
    pub(super) fn new(pool: PgPool) -> Self {
        let waiting = Mutex::new(Waiting { calls: VecDeque::new(), lanes: 0 });
        Self(Arc::new(Inner { pool, waiting }))
    }

    /// Makes the call; nothing where its conditions fail or its rows are locked. Once it is begun it is
    /// carried out even if the caller goes away; where nobody waits for it any more, it is not begun.
    pub(super) async fn run(&self, job: J) -> Result<Option<J::Done>> {
        let (answer, answered) = oneshot::channel();
        match self.0.push(Waiter { job, answer }) {
            Pushed::Waits => {}
            Pushed::OpensLane => {
                tokio::spawn(drain(Lane { inner: Arc::clone(&self.0), is_open: true }));
            }
            Pushed::Full => return Err(StoreError::Timeout),
        }
        // The sender is gone only where the lane panicked or the server is ending.
        answered.await.unwrap_or(Err(StoreError::Timeout))
    }
}

impl<J: Job> Inner<J> {
    fn lock(&self) -> MutexGuard<'_, Waiting<J>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a call.
    fn push(&self, waiter: Waiter<J>) -> Pushed {
        let mut waiting = self.lock();
        if waiting.calls.len() >= MOST_WAITING {
            return Pushed::Full;
        }
        waiting.calls.push_back(waiter);
        if waiting.lanes == LANES {
            return Pushed::Waits;
        }
        waiting.lanes = waiting.lanes.saturating_add(1);
        Pushed::OpensLane
    }

    /// The calls of the next statement; those whose key is among them already stay.
    fn take(&self) -> Vec<Waiter<J>> {
        let mut waiting = self.lock();
        let mut taken: Vec<Waiter<J>> = Vec::with_capacity(waiting.calls.len().min(MOST));
        let mut keys: Vec<J::Key> = Vec::with_capacity(taken.capacity());
        let mut same = Vec::new();
        while taken.len() < MOST
            && let Some(waiter) = waiting.calls.pop_front()
        {
            if waiter.answer.is_closed() {
                continue;
            }
            let key = waiter.job.key();
            if keys.contains(&key) {
                same.push(waiter);
            } else {
                keys.push(key);
                taken.push(waiter);
            }
        }
        for waiter in same.into_iter().rev() {
            waiting.calls.push_front(waiter);
        }
        taken
    }
}

/// The leave to run statements; given back when it goes, even by a panic.
struct Lane<J: Job> {
    inner: Arc<Inner<J>>,
    is_open: bool,
}

impl<J: Job> Lane<J> {
    /// Closes the lane where nothing waits: in the same breath, so that no call is left without one.
    fn closes(&mut self) -> bool {
        let mut waiting = self.inner.lock();
        if waiting.calls.is_empty() {
            waiting.lanes = waiting.lanes.saturating_sub(1);
            self.is_open = false;
        }
        !self.is_open
    }
}

impl<J: Job> Drop for Lane<J> {
    fn drop(&mut self) {
        if self.is_open {
            let mut waiting = self.inner.lock();
            waiting.lanes = waiting.lanes.saturating_sub(1);
        }
    }
}

/// Makes statements until nothing waits, all on one connection.
async fn drain<J: Job>(mut lane: Lane<J>) {
    let mut conn = None;
    while !lane.closes() {
        let (jobs, answers): (Vec<_>, Vec<_>) =
            lane.inner.take().into_iter().map(|waiter| (waiter.job, waiter.answer)).unzip();
        if jobs.is_empty() {
            continue; // Another lane was faster.
        }
        match twice(&lane.inner.pool, &mut conn, &jobs).await {
            Ok(done) => {
                for (answer, done) in answers.into_iter().zip(done) {
                    // Whoever asked may have gone.
                    let _ = answer.send(Ok(done));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for answer in answers {
                    let _ = answer.send(Err(StoreError::Together(Arc::clone(&error))));
                }
            }
        }
    }
}

type Pooled = sqlx::pool::PoolConnection<sqlx::Postgres>;

/// Makes the statement, and once more where the connection was lost.
async fn twice<J: Job>(
    pool: &PgPool,
    conn: &mut Option<Pooled>,
    jobs: &[J],
) -> Result<Vec<Option<J::Done>>> {
    match once(pool, conn, jobs, Attempt::First).await {
        Err(error) if is_cut_off(&error) => once(pool, conn, jobs, Attempt::Again).await,
        done => done,
    }
}

async fn once<J: Job>(
    pool: &PgPool,
    conn: &mut Option<Pooled>,
    jobs: &[J],
    attempt: Attempt,
) -> Result<Vec<Option<J::Done>>> {
    let mut used = match conn.take() {
        Some(used) => used,
        None => call(pool.acquire()).await?,
    };
    let done = J::run(&mut used, jobs, attempt).await?;
    // One that failed is not kept.
    *conn = Some(used);
    Ok(done)
}
