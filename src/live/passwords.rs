//! The permit pool for argon2: as many at once as there are cores, a short queue, then 503.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, TryAcquireError};

use crate::ambient::Entropy;
use crate::crypto::CryptoError;
use crate::crypto::password::{Hasher, PasswordMatch};
use crate::crypto::secret::Secret;

/// How long one may wait.
const PATIENCE: Duration = Duration::from_secs(8);

/// Why a password was not looked at.
#[derive(Debug, thiserror::Error)]
pub enum PasswordPoolError {
    /// Too many sign-ins at once: try again.
    #[error("too many sign-ins at once")]
    Busy,
    /// The hash could not be computed or read.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

/// What a pool is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Hashes computed now.
    pub running: usize,
    /// Those and the ones in the queue.
    pub waiting: usize,
}

/// Runs argon2 with reused memory, never more at once than there are cores.
pub struct Passwords {
    permits: usize,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Idle hashers with their memory; the lock is held for a push or a pop only.
    idle: Arc<Mutex<Vec<Hasher>>>,
    entropy: Arc<dyn Entropy>,
}

impl Passwords {
    /// A pool of `permits` at once, for which `queue` may wait.
    pub fn new(permits: usize, queue: usize, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            permits,
            running: Arc::new(Semaphore::new(permits)),
            waiting: Arc::new(Semaphore::new(permits.saturating_add(queue))),
            idle: Arc::new(Mutex::new(Vec::new())),
            entropy,
        }
    }

    /// How many are at work and how many have a place, those at work included.
    pub fn load(&self) -> Load {
        Load {
            running: self.permits.saturating_sub(self.running.available_permits()),
            waiting: (self.permits * (QUEUE + 1)).saturating_sub(self.waiting.available_permits()),
        }
    }

    /// Whether `password` is what `phc` was made from.
    pub async fn verify(
        &self,
        password: Secret,
        phc: String,
    ) -> Result<PasswordMatch, PasswordPoolError> {
        self.run(move |hasher, _| hasher.verify(&password, &phc)).await
    }

    /// A PHC string for `password`.
    pub async fn hash(&self, password: Secret) -> Result<String, PasswordPoolError> {
        self.run(move |hasher, entropy| hasher.hash(&password, entropy)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Hasher, &dyn Entropy) -> Result<T, CryptoError> + Send + 'static,
    ) -> Result<T, PasswordPoolError> {
        let place = match Arc::clone(&self.waiting).try_acquire_owned() {
            Ok(place) => place,
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => {
                return Err(PasswordPoolError::Busy);
            }
        };
        let running = Arc::clone(&self.running).acquire_owned();
        let Ok(Ok(permit)) = tokio::time::timeout(PATIENCE, running).await else {
            return Err(PasswordPoolError::Busy);
        };
        let (idle, entropy) = (Arc::clone(&self.idle), Arc::clone(&self.entropy));
        let done = tokio::task::spawn_blocking(move || {
            let mut hasher = take(&idle);
            let done = work(&mut hasher, entropy.as_ref());
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(hasher);
            // The permit lives as long as the work, even where the client has hung up.
            drop((permit, place));
            done
        });
        done.await.unwrap_or(Err(CryptoError::Library("argon2"))).map_err(PasswordPoolError::Crypto)
    }
}

fn take(idle: &Mutex<Vec<Hasher>>) -> Hasher {
    idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
}
