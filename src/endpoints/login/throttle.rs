//! Counts tries before they are made: one counter per account and factor over all paths
//! (SECURITY.md PW-05 to PW-07, TO-04).

use uuid::Uuid;

use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::identity::throttle::{LONGEST_WAIT, Limit, Place, is_closed_by, key, key_of_place};
use crate::identity::user::Username;
use crate::store::attempts::{self, Admission, Delays};

/// Whether a try may be made.
pub enum Admitted {
    /// Yes; it is counted as a failure already.
    Yes(Counted),
    /// Not before so many seconds.
    Wait(i32),
    /// Not at all: the limit is reached.
    Paused,
}

/// The counters that a try was counted in.
pub struct Counted {
    keys: Vec<[u8; 32]>,
    /// Whether this very try, should it fail, is the one that closes a limit.
    pub closes: bool,
}

impl Counted {
    /// The try was right: the counters start again.
    ///
    /// # Errors
    /// Where Postgres does not answer.
    pub async fn forgive(&self, cx: &Cx) -> Result<(), Failure> {
        Ok(attempts::clear(cx.app.store.pool(), &self.keys).await?)
    }
}

/// Counts a try with a password for `account`, which may not exist: per account and place, and per
/// account over all places unless the device is known, so that no stranger locks the owner out.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn password(
    cx: &Cx,
    account: &Username,
    device: Option<Uuid>,
) -> Result<Admitted, Failure> {
    let place = Place::of(device, cx.address);
    match device {
        Some(_) => admit(cx, account, place, &[Limit::Password]).await,
        None => admit(cx, account, place, &[Limit::Password, Limit::PasswordTotal]).await,
    }
}

/// Counts a try with a code of a second factor: one counter, wherever it comes from.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn second_factor(cx: &Cx, account: &Username) -> Result<Admitted, Failure> {
    admit(cx, account, Place::of(None, cx.address), &[Limit::SecondFactor]).await
}

/// Counts a request for a mail from this address, whoever it is for: the page then answers in one way.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn mail(cx: &Cx) -> Result<Admitted, Failure> {
    let place = Place::of(None, cx.address);
    let key = key_of_place(&cx.app.secrets.pepper, Limit::MailPlace, place);
    count(cx, &[(Limit::MailPlace, key)]).await
}

/// Counts a mail with a code for `account`: the more were sent in vain, the longer the wait for the
/// next, wherever it is asked for.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn mail_code(cx: &Cx, account: &Username) -> Result<Admitted, Failure> {
    admit(cx, account, Place::of(None, cx.address), &[Limit::MailCode]).await
}

/// A code by mail was used: the wait for the next one starts again.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn forgive_mail_codes(cx: &Cx, account: &Username) -> Result<(), Failure> {
    let place = Place::of(None, cx.address);
    let key = key(&cx.app.secrets.pepper, Limit::MailCode, account, place);
    Ok(attempts::clear(cx.app.store.pool(), &[key]).await?)
}

async fn admit(
    cx: &Cx,
    account: &Username,
    place: Place,
    limits: &[Limit],
) -> Result<Admitted, Failure> {
    let keyed = |limit: &Limit| (*limit, key(&cx.app.secrets.pepper, *limit, account, place));
    count(cx, &limits.iter().map(keyed).collect::<Vec<_>>()).await
}

async fn count(cx: &Cx, limits: &[(Limit, [u8; 32])]) -> Result<Admitted, Failure> {
    let mut counted = Counted { keys: Vec::with_capacity(limits.len()), closes: false };
    for (limit, key) in limits {
        let reset_after_s = i32::try_from(limit.forget_after().whole_seconds()).unwrap_or(i32::MAX);
        let delays = Delays { seconds: limit.delays(), reset_after_s };
        match attempts::admit(cx.app.store.pool(), key, delays, cx.now).await? {
            Admission::Admitted { failures } => {
                counted.keys.push(*key);
                counted.closes |= is_closed_by(*limit, failures);
            }
            Admission::Wait { seconds } if seconds > LONGEST_WAIT => return Ok(Admitted::Paused),
            Admission::Wait { seconds } => return Ok(Admitted::Wait(seconds)),
        }
    }
    Ok(Admitted::Yes(counted))
}
