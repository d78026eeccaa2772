//! How long what is over is kept.

use time::Duration;

use crate::identity::throttle::FORGET_AFTER;

/// How long things are kept after they are over.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Codes, after their expiry.
    pub codes: Duration,
    /// Grants, after their end.
    pub grants: Duration,
    /// Sessions, after their end.
    pub sessions: Duration,
    /// Failures, after the last.
    pub attempts: Duration,
    /// Devices, after they were seen.
    pub devices: Duration,
    /// Factors that were never confirmed.
    pub factors: Duration,
    /// Changes.
    pub feed: Duration,
    /// Audit events.
    pub audit: Duration,
    /// Mails.
    pub mails: Duration,
    /// Setup links, after their expiry.
    pub setup_links: Duration,
    /// Links in mails, after their expiry.
    pub mail_links: Duration,
    /// Requests for mails that nobody answered.
    pub mail_requests: Duration,
    /// Signing keys, after their removal.
    pub signing_keys: Duration,
    /// Challenges to keys, after they cannot be answered any more.
    pub ceremonies: Duration,
    /// Pushed requests that were brought, after they cannot be any more: the sign-in may go on. The
    /// others go as soon as they are over.
    pub pushed_requests: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            codes: Duration::days(1),
            grants: Duration::days(7),
            sessions: Duration::days(7),
            // As long as they count: a limit that was reached must not be forgotten sooner.
            attempts: FORGET_AFTER,
            devices: Duration::days(400),
            factors: Duration::days(1),
            feed: Duration::hours(1),
            audit: Duration::days(400),
            mails: Duration::days(7),
            setup_links: Duration::days(1),
            mail_links: Duration::days(1),
            mail_requests: Duration::hours(1),
            signing_keys: Duration::days(30),
            ceremonies: Duration::ZERO,
            pushed_requests: Duration::hours(1),
        }
    }
}
