//! The keys of clients that registered a `jwks_uri`: fetched when needed, kept for a minute, and
//! fetched again when a client signs with a key that we have not met.
//!
//! Anybody can make us fetch, by a name and a key that they invent. So a fetch is one at a time for each
//! address, is not cut off by who asked for it, and is followed by a pause; and one that fails takes away
//! nothing: keys that were good stay good for an hour.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use url::Url;

use crate::crypto::jwt::PublicKeys;
use crate::crypto::secret::Fingerprint;
use crate::live::outbound::{Outbound, OutboundError};

/// How long fetched keys are used without another look.
const KEPT_FOR: Duration = Duration::from_secs(55);
/// How long they are used while they cannot be fetched again.
const STALE_FOR: Duration = Duration::from_hours(1);
/// How soon after a fetch there may be another.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// How long a fetch may take: whoever waits for it has to be answered too.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many documents are kept.
const CAPACITY: usize = 1_000;

/// Why a client's keys are not there.
#[derive(Debug, Clone, thiserror::Error)]
pub enum KeysError {
    /// We do not call this address, whoever asks.
    #[error("{0}")]
    Forbidden(Arc<str>),
    /// They could not be fetched or read this time.
    #[error("{0}")]
    Unavailable(Arc<str>),
}

/// What is known of one document.
#[derive(Default)]
struct Known {
    /// The keys that were last read, and when.
    keys: Option<(Arc<PublicKeys>, Instant)>,
    /// When it was last asked for, and what went wrong.
    tried: Option<(Instant, Option<KeysError>)>,
}

#[derive(Default)]
struct Document {
    known: Mutex<Known>,
    /// Held over a fetch.
    flight: Arc<tokio::sync::Mutex<()>>,
}

/// Client keys by their address.
pub struct ClientKeySets {
    outbound: Outbound,
    by_uri: Cache<Url, Arc<Document>>,
}

impl ClientKeySets {
    /// Nothing fetched yet.
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, by_uri: Cache::new(CAPACITY) }
    }

    /// The keys at `uri`, fetched anew when they are old or lack what `wanted` names. Where they cannot
    /// be, those of the last hour.
    ///
    /// # Errors
    /// Where there are none.
    pub async fn get(
        &self,
        uri: &Url,
        wanted: Wanted<'_>,
        now: Instant,
    ) -> Result<Arc<PublicKeys>, KeysError> {
        let document = self
            .by_uri
            .get_or_insert_with(uri, || Ok::<_, std::convert::Infallible>(Arc::default()))
            .unwrap_or_default();
        loop {
            if let Some(answer) = document.lock().answer(wanted, now) {
                return answer;
            }
            match Arc::clone(&document.flight).try_lock_owned() {
                Ok(flight) => {
                    let (outbound, document, uri) =
                        (self.outbound.clone(), Arc::clone(&document), uri.clone());
                    let fetch = tokio::spawn(async move {
                        let fetched = fetch(&outbound, &uri).await;
                        document.lock().learn(fetched, now);
                        drop(flight);
                    });
                    if fetch.await.is_err() {
                        return Err(KeysError::Unavailable("the fetch broke off".into()));
                    }
                }
                Err(_) => drop(document.flight.lock().await),
            }
        }
    }
}

impl Document {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// What to answer without a fetch; nothing where there must be one.
    fn answer(
        &self,
        wanted: Wanted<'_>,
        now: Instant,
    ) -> Option<Result<Arc<PublicKeys>, KeysError>> {
        let since = |at: Instant| now.saturating_duration_since(at);
        let held = self.keys.as_ref().filter(|(_, at)| since(*at) < STALE_FOR);
        if let Some((keys, at)) = held
            && since(*at) < KEPT_FOR
            && wanted.is_among(keys)
        {
            return Some(Ok(Arc::clone(keys)));
        }
        let (tried_at, error) = self.tried.as_ref()?;
        if since(*tried_at) >= AGAIN_AFTER {
            return None;
        }
        match (held, error) {
            (Some((keys, _)), _) => Some(Ok(Arc::clone(keys))),
            (None, Some(error)) => Some(Err(error.clone())),
            (None, None) => None,
        }
    }

    /// What came of a fetch that was asked for at `now`.
    fn learn(&mut self, fetched: Result<PublicKeys, KeysError>, now: Instant) {
        let error = match fetched {
            Ok(keys) => {
                self.keys = Some((Arc::new(keys), now));
                None
            }
            Err(error) => Some(error),
        };
        self.tried = Some((now, error));
    }
}

async fn fetch(outbound: &Outbound, uri: &Url) -> Result<PublicKeys, KeysError> {
    let unavailable = |text: &str| KeysError::Unavailable(text.into());
    let document = tokio::time::timeout(PATIENCE, outbound.json(uri)).await;
    let document = document.map_err(|_| unavailable("no answer within 3 s"))?;
    let document = document.map_err(|error| match &error {
        OutboundError::Forbidden(_) => KeysError::Forbidden(whole(&error).into()),
        OutboundError::Failed(_) | OutboundError::Unusable(_) => unavailable(&whole(&error)),
    })?;
    PublicKeys::from_jwks(&document).map_err(|error| unavailable(&error.to_string()))
}

/// An error with what caused it: the outermost often says no more than that a call failed.
fn whole(error: &OutboundError) -> String {
    let mut text = error.to_string();
    // The first is in the text already.
    let mut cause = error.source().and_then(Error::source);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// What a request shows of a client's keys.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// A key of this `kid`; any, where an assertion names none.
    Key(Option<&'a str>),
    /// The key that comes with the certificate of this SHA-256.
    Certificate(&'a Fingerprint),
}

impl Wanted<'_> {
    fn is_among(self, keys: &PublicKeys) -> bool {
        match self {
            Self::Key(kid) => kid.is_none_or(|kid| keys.has(kid)),
            Self::Certificate(thumbprint) => keys.has_certificate(thumbprint),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys() -> PublicKeys {
        PublicKeys::from_jwks(&json!({ "keys": [] })).unwrap()
    }

    fn broken() -> Result<PublicKeys, KeysError> {
        Err(KeysError::Unavailable("down".into()))
    }

    const ANY: Wanted<'static> = Wanted::Key(None);
    const UNMET: Wanted<'static> = Wanted::Key(Some("unmet"));

    #[test]
    fn keys_are_looked_at_again_after_a_minute_or_for_a_key_not_met_but_not_at_once() {
        let (start, s) = (Instant::now(), Duration::from_secs);
        let mut known = Known::default();
        assert!(known.answer(ANY, start).is_none());
        known.learn(Ok(keys()), start);
        for (wanted, after, is_answered) in
            [(ANY, 0, true), (ANY, 54, true), (ANY, 55, false), (UNMET, 4, true), (UNMET, 5, false)]
        {
            let answer = known.answer(wanted, start + s(after));
            assert_eq!(answer.is_some(), is_answered, "{wanted:?} after {after} s");
        }
    }

    #[test]
    fn a_fetch_that_fails_takes_no_key_away_for_an_hour() {
        let (start, s) = (Instant::now(), Duration::from_secs);
        let mut known = Known::default();
        known.learn(Ok(keys()), start);
        known.learn(broken(), start + s(6));
        assert!(known.answer(ANY, start + s(7)).unwrap().is_ok());
        known.learn(broken(), start + s(3_500));
        assert!(known.answer(ANY, start + s(3_501)).unwrap().is_ok());
        known.learn(broken(), start + s(3_600));
        assert!(known.answer(ANY, start + s(3_601)).unwrap().is_err());
        assert!(known.answer(ANY, start + s(3_606)).is_none(), "then it is tried again");
    }
}
