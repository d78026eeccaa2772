//! Guessing: how long one must wait after so many failures, and from where (SECURITY.md §4).
//!
//! **Invariant: an attacker can slow down guessing, not the owner.** Failed passwords are counted
//! per account *and* place, so that the owner's own browser keeps its own count; what is counted
//! over everything closes only unknown browsers, or one factor.
//!
//! A count is a row `(key, failures, last_at)`. A schedule is an array of seconds indexed by the
//! failures so far, so that one statement can compare and count:
//! `last_at + delays[least(failures, cardinality - 1)] <= now`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::seal::MacKey;
use crate::identity::factor::FactorKind;
use crate::identity::link::Purpose;
use crate::identity::user::Username;

#[cfg(test)]
mod tests;

/// A delay that no one waits out: the count must be put back by another way (68 years, in seconds).
pub const PAUSED: i32 = i32::MAX;
/// The longest delay that is one, in seconds: what is left to wait beyond that is a pause, which the store
/// cuts at the day when the count is forgotten.
pub const LONGEST_WAIT: i32 = 86_400;
/// A count that was not touched for so long may be swept.
pub const FORGET_AFTER: Duration = Duration::days(30);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Wrong passwords for one account from one place.
    Password,
    /// Wrong passwords for one account from everywhere. It holds back only who comes without a
    /// known device.
    PasswordTotal,
    /// Wrong codes, of an app, by mail or for recovery alike, for one account from everywhere. At its
    /// end the factor is paused and the owner is told.
    SecondFactor,
    /// New passwords by mail that let guessing of codes for one account begin anew: or whoever reads its
    /// mail could go on for ever (NIST SP 800-63B §3.2.2).
    Pardon,
    /// Mails of one purpose that were asked for to one account.
    MailAccount,
    /// Mails that were asked for from one place.
    MailPlace,
    /// Codes sent by mail for one account from everywhere, since the last that was used.
    MailCode,
}

impl Limit {
    /// The limits that guessing a factor of this kind runs into. A key cannot be guessed, and is
    /// therefore never paused: it stays the owner's way in whatever a stranger does (PW-06).
    pub const fn of(kind: FactorKind) -> &'static [Self] {
        match kind {
            FactorKind::Password => &[Self::Password, Self::PasswordTotal],
            FactorKind::EmailCode | FactorKind::Totp | FactorKind::RecoveryCode => {
                &[Self::SecondFactor]
            }
            FactorKind::SecurityKey | FactorKind::Passkey | FactorKind::HardwareKey => &[],
        }
    }

    /// Seconds to wait since the last failure, indexed by the failures so far; the last holds for
    /// all beyond.
    pub const fn delays(self) -> &'static [i32] {
        match self {
            Self::Password => &[0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300],
            Self::PasswordTotal => &PASSWORD_TOTAL,
            Self::SecondFactor => &SECOND_FACTOR,
            Self::Pardon => &[0, 0, 0, PAUSED],
            Self::MailAccount => &MAIL_ACCOUNT,
            Self::MailPlace => &MAIL_PLACE,
            Self::MailCode => &[0, 60, 60, 120, 300, 900, 900, 1800, 3600],
        }
    }

    /// How long a count is kept that nobody adds to.
    pub const fn forget_after(self) -> Duration {
        match self {
            Self::Password
            | Self::PasswordTotal
            | Self::SecondFactor
            | Self::Pardon
            | Self::MailCode => FORGET_AFTER,
            Self::MailAccount | Self::MailPlace => Duration::hours(1),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordTotal => "password-total",
            Self::SecondFactor => "second-factor",
            Self::Pardon => "pardon",
            Self::MailAccount => "mail-account",
            Self::MailPlace => "mail-place",
            Self::MailCode => "mail-code",
        }
    }
}

/// At most 100 in a row (NIST SP 800-63B §3.2.2).
const PASSWORD_TOTAL: [i32; 101] = schedule(101, 0);
/// Five at once, then one a minute, 50 at most.
const SECOND_FACTOR: [i32; 51] = schedule(5, 60);

/// Three an hour.
const MAIL_ACCOUNT: [i32; 4] = [0, 0, 0, 1200];
/// Twenty an hour.
const MAIL_PLACE: [i32; 21] = {
    let mut delays = [0; 21];
    delays[20] = 180;
    delays
};

/// The first `free` at once, then `delay` each, and [`PAUSED`] at the last.
#[expect(clippy::indexing_slicing, reason = "the compiler runs it and would refuse a bad index")]
const fn schedule<const N: usize>(free: usize, delay: i32) -> [i32; N] {
    let mut delays = [0; N];
    let mut failures = free;
    while failures < N {
        delays[failures] = delay;
        failures += 1;
    }
    delays[N - 1] = PAUSED;
    delays
}

/// How long to wait after the last of `failures` in a row.
pub fn delay_after(limit: Limit, failures: i32) -> Duration {
    Duration::seconds(seconds_after(limit, failures).into())
}

/// Whether another try may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Allowed,
    /// Not before so long.
    Wait(Duration),
    /// No: for [`Limit::PasswordTotal`] only from a known device, for [`Limit::SecondFactor`] not
    /// with this factor.
    Paused,
}

/// Whether another try may be made `now`, `failures` in a row after the last one at `last_at`.
pub fn verdict(
    limit: Limit,
    failures: i32,
    last_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Verdict {
    let seconds = seconds_after(limit, failures);
    if seconds == PAUSED {
        return Verdict::Paused;
    }
    match last_at.saturating_add(Duration::seconds(seconds.into())) - now {
        left if left <= Duration::ZERO => Verdict::Allowed,
        left => Verdict::Wait(left),
    }
}

/// Whether the owner is to be told: exactly once, at the failure that closes the limit.
pub fn is_closed_by(limit: Limit, failures: i32) -> bool {
    seconds_after(limit, failures) == PAUSED
        && seconds_after(limit, failures.saturating_sub(1)) != PAUSED
}

fn seconds_after(limit: Limit, failures: i32) -> i32 {
    let delays = limit.delays();
    let index = usize::try_from(failures).unwrap_or(0);
    delays.get(index).or(delays.last()).copied().unwrap_or(PAUSED)
}

/// From where a password is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A browser in which the account was signed in before.
    Device(Uuid),
    /// A network.
    Network(IpAddr),
}

impl Place {
    /// The device where it is known, else the network of `address`: its /24, or /64 (IPv6).
    pub fn of(device: Option<Uuid>, address: IpAddr) -> Self {
        device.map_or_else(|| Self::Network(network(address)), Self::Device)
    }

    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Device(id) => [b"device".as_slice(), id.as_bytes()].concat(),
            Self::Network(IpAddr::V4(address)) => [b"ipv4".as_slice(), &address.octets()].concat(),
            Self::Network(IpAddr::V6(address)) => [b"ipv6".as_slice(), &address.octets()].concat(),
        }
    }
}

/// The first address of the /24 or /64 around `address`.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << 8)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// The row that counts `limit` for the account called `account` (which may not exist); a MAC, so
/// that the names that were tried are not kept. The place counts for [`Limit::Password`] only.
pub fn key(mac: &MacKey, limit: Limit, account: &Username, place: Place) -> [u8; 32] {
    let place = match limit {
        Limit::Password => place.bytes(),
        Limit::PasswordTotal
        | Limit::SecondFactor
        | Limit::Pardon
        | Limit::MailAccount
        | Limit::MailPlace
        | Limit::MailCode => Vec::new(),
    };
    mac.tag(&[b"attempts", limit.as_str().as_bytes(), account.as_str().as_bytes(), &place])
}

/// The row that counts the mails of one purpose to the account called `account`: strangers who ask for
/// one kind must not use up another.
pub fn key_of_mails(mac: &MacKey, account: &Username, purpose: Purpose) -> [u8; 32] {
    let (limit, purpose) = (Limit::MailAccount.as_str(), purpose.as_str());
    mac.tag(&[b"mails", limit.as_bytes(), account.as_str().as_bytes(), purpose.as_bytes()])
}

/// The row that counts `limit` for everybody at `place`.
pub fn key_of_place(mac: &MacKey, limit: Limit, place: Place) -> [u8; 32] {
    mac.tag(&[b"attempts at", limit.as_str().as_bytes(), &place.bytes()])
}
