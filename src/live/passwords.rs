//! The argon2 pool: as many threads as may hash at once, a bounded queue, then 503.
//!
//! **Invariant:** a flood of sign-ins costs those who sign in, nobody else: the threads are the
//! pool's own, so that they can run below the others ([`Size::settle`]), and what nobody waits for
//! any more is not hashed.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::ambient::{Clock, Entropy, SystemClock};
use crate::crypto::CryptoError;
use crate::crypto::password::{Hasher, PasswordMatch, is_imported};
use crate::crypto::secret::Secret;
use crate::identity::password::{Weakness, is_made_of};
use crate::live::leaks::{Known, Leaks};

/// How long one may wait.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest that a wrong password is held back for costing less than an imported one, in microseconds.
const LONGEST_FLOOR: u64 = 2_000_000;
/// How long a thread keeps its 19 MiB while nobody signs in.
const KEPT: Duration = Duration::from_mins(1);

/// Why a password was not looked at.
#[derive(Debug, thiserror::Error)]
pub enum PasswordPoolError {
    /// Too many sign-ins at once: try again.
    #[error("too many sign-ins at once")]
    Busy,
    /// It is the name of this service, with little else.
    #[error("the password is mostly the name of this service")]
    Service,
    /// It was published somewhere: its owner must choose another.
    #[error("the password was published in a data breach")]
    Published,
    /// Whether it was published could not be asked, and the configuration then wants none taken.
    #[error("the service of published passwords does not answer")]
    Unasked,
    /// The hash could not be computed or read.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

impl PasswordPoolError {
    /// What is weak about the password, where that is why it was not hashed.
    pub const fn weakness(&self) -> Option<Weakness> {
        match self {
            Self::Service => Some(Weakness::Product),
            Self::Published => Some(Weakness::Published),
            Self::Busy | Self::Unasked | Self::Crypto(_) => None,
        }
    }
}

/// What a pool is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Hashes computed now.
    pub running: usize,
    /// Those and the ones in the queue.
    pub waiting: usize,
    /// Hashes computed since the pool was made.
    pub done: u64,
}

/// How large a pool is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// How many passwords are hashed at once.
    pub threads: usize,
    /// How many may wait for that.
    pub queue: usize,
    /// What each thread does first, on itself: it may lower its priority.
    pub settle: fn(),
}

/// Runs argon2 with reused memory on threads of its own.
pub struct Passwords {
    shared: Arc<Shared>,
    queue: usize,
    leaks: Leaks,
    service: Vec<String>,
    clock: Arc<dyn Clock>,
    /// What the slowest imported hash cost, in microseconds: no wrong password is answered sooner, or the
    /// time would tell that there is such an account (SECURITY.md T-8).
    slowest: Arc<AtomicU64>,
}

struct Shared {
    /// Held for a push or a pop only.
    waiting: Mutex<Waiting>,
    changed: Condvar,
    entropy: Arc<dyn Entropy>,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    running: usize,
    done: u64,
    closed: bool,
}

/// A password to be hashed or compared; it does nothing where nobody waits for the answer.
type Job = Box<dyn FnOnce(&mut Hasher, &dyn Entropy) + Send>;

impl Passwords {
    /// A pool of `threads`, for which `queue` may wait.
    pub fn new(threads: usize, queue: usize, entropy: Arc<dyn Entropy>) -> Self {
        Self::of(Size { threads, queue, settle: || () }, entropy)
    }

    /// A pool of this size.
    pub fn of(size: Size, entropy: Arc<dyn Entropy>) -> Self {
        let (waiting, changed) = (Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { waiting, changed, entropy });
        for _ in 0..size.threads.max(1) {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || {
                (size.settle)();
                shared.work();
            });
        }
        Self {
            shared,
            queue: size.queue,
            leaks: Leaks::default(),
            service: Vec::new(),
            clock: Arc::new(SystemClock),
            slowest: Arc::default(),
        }
    }

    /// The same, which takes no new password that `leaks` know.
    #[must_use]
    pub fn screened_by(mut self, leaks: Leaks) -> Self {
        self.leaks = leaks;
        self
    }

    /// The same, which takes no new password that is made of these words: the names of this service.
    #[must_use]
    pub fn of_service(mut self, words: Vec<String>) -> Self {
        self.service = words;
        self
    }

    /// How many are at work, and how many have a place.
    pub fn load(&self) -> Load {
        let waiting = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        Load {
            running: waiting.running,
            waiting: waiting.running + waiting.jobs.len(),
            done: waiting.done,
        }
    }

    /// Whether `password` is what `phc` was made from.
    pub async fn verify(
        &self,
        password: Secret,
        phc: String,
    ) -> Result<PasswordMatch, PasswordPoolError> {
        let (clock, slowest) = (Arc::clone(&self.clock), Arc::clone(&self.slowest));
        let (verdict, took) = self
            .run(move |hasher, _| {
                let begun = clock.instant();
                let verdict = hasher.verify(&password, &phc)?;
                let took = micros(clock.instant().saturating_duration_since(begun));
                if is_imported(&phc) {
                    slowest.fetch_max(took.min(LONGEST_FLOOR), Ordering::Relaxed);
                }
                Ok((verdict, took))
            })
            .await?;
        let floor = self.slowest.load(Ordering::Relaxed);
        if verdict == PasswordMatch::No && took < floor {
            tokio::time::sleep(Duration::from_micros(floor - took)).await;
        }
        Ok(verdict)
    }

    /// A PHC string for `password`, which somebody chooses anew and which was never published.
    pub async fn hash(&self, password: Secret) -> Result<String, PasswordPoolError> {
        if is_made_of(&password, &self.service) {
            return Err(PasswordPoolError::Service);
        }
        match self.leaks.ask(&password).await {
            Known::Yes => Err(PasswordPoolError::Published),
            Known::Unasked => Err(PasswordPoolError::Unasked),
            Known::No => self.rehash(password).await,
        }
    }

    /// A PHC string for `password`, which is somebody's already.
    pub async fn rehash(&self, password: Secret) -> Result<String, PasswordPoolError> {
        self.run(move |hasher, entropy| hasher.hash(&password, entropy)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Hasher, &dyn Entropy) -> Result<T, CryptoError> + Send + 'static,
    ) -> Result<T, PasswordPoolError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |hasher, entropy| {
            if !answer.is_closed() {
                let _ = answer.send(work(hasher, entropy));
            }
        });
        if !self.shared.push(job, self.queue) {
            return Err(PasswordPoolError::Busy);
        }
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(done)) => Ok(done?),
            Ok(Err(_)) => Err(CryptoError::Library("argon2").into()),
            Err(_) => Err(PasswordPoolError::Busy),
        }
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

impl Drop for Passwords {
    fn drop(&mut self) {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    /// Queues `job` where fewer than `most` wait.
    fn push(&self, job: Job, most: usize) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = waiting.jobs.len() < most;
        if has_room {
            waiting.jobs.push_back(job);
            self.changed.notify_one();
        }
        has_room
    }

    /// Does one job after the other until the pool is dropped.
    fn work(&self) {
        let mut hasher = Hasher::new();
        loop {
            match self.next() {
                Next::Job(job) => {
                    let entropy = self.entropy.as_ref();
                    let done = std::panic::AssertUnwindSafe(|| job(&mut hasher, entropy));
                    // Whoever waits is told by the dropped channel; the thread goes on.
                    if std::panic::catch_unwind(done).is_err() {
                        hasher = Hasher::new();
                    }
                    let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                    waiting.running -= 1;
                    waiting.done += 1;
                }
                Next::Nothing => hasher = Hasher::new(),
                Next::End => return,
            }
        }
    }

    fn next(&self) -> Next {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if waiting.closed {
                return Next::End;
            }
            if let Some(job) = waiting.jobs.pop_front() {
                waiting.running += 1;
                return Next::Job(job);
            }
            let woken = self.changed.wait_timeout(waiting, KEPT);
            let (held, waited) = woken.unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() && held.jobs.is_empty() && !held.closed {
                return Next::Nothing;
            }
            waiting = held;
        }
    }
}

/// What a thread is to do.
enum Next {
    Job(Job),
    /// Nobody has signed in for long: give the memory back.
    Nothing,
    End,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemEntropy;

    fn password() -> Secret {
        Secret::new("correct horse battery staple".to_owned())
    }

    fn pool(queue: usize) -> Passwords {
        Passwords::new(1, queue, Arc::new(SystemEntropy))
    }

    #[tokio::test]
    async fn a_password_matches_what_was_made_from_it() {
        let pool = pool(2);
        let phc = pool.hash(password()).await.unwrap();
        assert_eq!(pool.verify(password(), phc).await.unwrap(), PasswordMatch::Yes);
    }

    #[tokio::test]
    async fn who_comes_when_the_queue_is_full_is_turned_away() {
        let refused = pool(0).hash(password()).await;
        assert!(matches!(refused, Err(PasswordPoolError::Busy)));
    }

    #[tokio::test]
    async fn a_panic_costs_its_own_request_only() {
        let pool = pool(2);
        let broken = pool.run::<()>(|_, _| panic!("on purpose")).await;
        assert!(matches!(broken, Err(PasswordPoolError::Crypto(_))));
        assert!(pool.hash(password()).await.is_ok());
    }

    #[tokio::test]
    async fn a_wrong_password_takes_as_long_as_one_of_an_imported_account() {
        let pool = pool(4);
        let imported = include_str!("../../tests/it/recover/hashes/bcrypt").trim().to_owned();
        let wrong = || Secret::new("not the password at all".to_owned());
        assert_eq!(pool.verify(wrong(), imported).await.unwrap(), PasswordMatch::No);
        let floor = Duration::from_micros(pool.slowest.load(Ordering::Relaxed));
        assert!(floor > Duration::ZERO);
        let begun = SystemClock.instant();
        let nobody = crate::crypto::password::DUMMY.to_owned();
        assert_eq!(pool.verify(wrong(), nobody).await.unwrap(), PasswordMatch::No);
        assert!(SystemClock.instant().duration_since(begun) >= floor);
    }
}
