//! A browser session: who signed in, how, when, and until when it holds.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::secret::Fingerprint;
use crate::identity::factor::{FactorClass, FactorKind, Strength};
use crate::identity::role::Role;

#[cfg(test)]
mod tests;

/// How long the proof of a second factor opens what needs it fresh (SECURITY.md §4).
pub const STEP_UP: Duration = Duration::minutes(5);
/// How long a sign-in may stay half done.
pub const PENDING: Duration = Duration::minutes(30);
/// How exact `seen_at` is kept, so that not every page writes a row.
pub const SEEN_STEP: Duration = Duration::minutes(1);

/// How long a browser session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Unused.
    pub idle: Duration,
    /// Whatever happens.
    pub absolute: Duration,
}

impl Lifetimes {
    /// For people (NIST SP 800-63B §2.2.3).
    pub const USER: Self = Self { idle: Duration::hours(1), absolute: Duration::hours(24) };
    /// For administrators (NIST SP 800-63B §2.3.3).
    pub const ADMINISTRATOR: Self =
        Self { idle: Duration::minutes(15), absolute: Duration::hours(12) };

    /// For a person with these roles.
    pub fn of(roles: &[Role]) -> Self {
        if roles.contains(&Role::Administrator) { Self::ADMINISTRATOR } else { Self::USER }
    }

    /// When a session that began at `began` ends if it is used at `now` and never again: the idle
    /// end, which is not after the absolute one, and the absolute end.
    pub fn ends(
        self,
        began: OffsetDateTime,
        now: OffsetDateTime,
    ) -> (OffsetDateTime, OffsetDateTime) {
        let absolute = began.saturating_add(self.absolute);
        (absolute.min(now.saturating_add(self.idle)), absolute)
    }
}

/// How and when a person proved themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// When the last factor of the sign-in was given (`auth_time`, OIDC Core §2).
    pub auth_at: OffsetDateTime,
    /// What was given, in order, each with its time.
    pub factors: Vec<Proof>,
}

impl Authentication {
    /// Whether factors of two classes were given, or one that is two by itself.
    pub fn is_mfa(&self) -> bool {
        let has = |class| self.factors.iter().any(|proof| proof.kind.class() == class);
        let two_in_one = self.factors.iter().any(|proof| proof.kind.is_two_factors());
        two_in_one || has(FactorClass::Knowledge) && has(FactorClass::Possession)
    }

    /// Whether a factor of this kind was given.
    pub fn proved(&self, kind: FactorKind) -> bool {
        self.freshest(kind).is_some()
    }

    /// When a factor of this kind was last given.
    pub fn freshest(&self, kind: FactorKind) -> Option<OffsetDateTime> {
        self.factors.iter().filter(|proof| proof.kind == kind).map(|proof| proof.at).max()
    }

    /// When a proof at least as strong as `strength` was last given. A recovery code counts at every
    /// level: it is the way in when the key is lost, and without it a lost key would lock its owner
    /// out of removing it.
    pub fn given_at(&self, strength: Strength) -> Option<OffsetDateTime> {
        let counts = |proof: &&Proof| {
            proof.kind.strength() >= strength || proof.kind == FactorKind::RecoveryCode
        };
        self.factors.iter().filter(counts).map(|proof| proof.at).max()
    }

    /// When a second factor was last given on top of a first: what a step-up renews.
    pub fn stepped_up_at(&self) -> Option<OffsetDateTime> {
        let seconds = self.factors.iter().filter(|proof| proof.kind.is_second());
        seconds.map(|proof| proof.at).max().filter(|_| self.is_mfa())
    }

    /// Why the first factor was let stand alone, where it was.
    pub fn leave(&self) -> Option<Leave> {
        self.factors.iter().find_map(|proof| proof.alone)
    }

    /// The same, its factors let stand alone because of `leave`. Nothing was given by that: the
    /// `auth_time` stays, and `acr` and `amr` tell what was given.
    #[must_use]
    pub fn let_alone(mut self, leave: Leave) -> Self {
        for proof in &mut self.factors {
            proof.alone = Some(leave);
        }
        self
    }

    /// The same with one more factor given `at`, which is now the `auth_time`. Of each kind only
    /// the freshest is kept, so that it never grows; what was let stand alone does not any more.
    #[must_use]
    pub fn with(mut self, kind: FactorKind, at: OffsetDateTime) -> Self {
        self.factors.retain(|proof| proof.kind != kind);
        for proof in &mut self.factors {
            proof.alone = None;
        }
        self.factors.push(Proof::of(kind, at));
        self.auth_at = at;
        self
    }
}

/// Whether what was done at `at` is still fresh enough to change factors or to administer.
pub fn is_stepped_up(at: Option<OffsetDateTime>, now: OffsetDateTime) -> bool {
    at.is_some_and(|at| now - at <= STEP_UP)
}

/// One factor given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Proof {
    /// Which kind.
    pub kind: FactorKind,
    /// When.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
    /// Why it was let stand alone, where another one was owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<Leave>,
}

impl Proof {
    /// A factor given `at`.
    pub const fn of(kind: FactorKind, at: OffsetDateTime) -> Self {
        Self { kind, at, alone: None }
    }
}

/// Why a second factor that was owed was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// The person trusts the browser, and the policy lets them.
    TrustedDevice,
    /// There is none yet, and the policy leaves time to enrol one.
    Grace,
}

/// A browser session as stored; its cookie holds the secret whose fingerprint this is.
#[derive(Debug, Clone)]
pub struct Session {
    /// The `sid` of ID tokens.
    pub id: Uuid,
    /// SHA-256 of the cookie, new at every authentication and step-up.
    pub fingerprint: Fingerprint,
    /// Whose.
    pub user_id: Uuid,
    /// What was proved.
    pub authentication: Authentication,
    /// Whether all that the account owes was given; before that it opens no door.
    pub stage: Stage,
    /// The browser it was made in.
    pub device_id: Option<Uuid>,
    /// Whether it is bound to a key of the device: then its cookie alone opens nothing.
    pub is_bound: bool,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// Last seen, to the minute.
    pub seen_at: OffsetDateTime,
    /// When it ends if unused.
    pub idle_ends_at: OffsetDateTime,
    /// When it ends whatever happens.
    pub ends_at: OffsetDateTime,
}

impl Session {
    /// Whether it is still good, finished or not.
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        now < self.idle_ends_at && now < self.ends_at
    }

    /// Whether it is still good and all that the account owes was given.
    pub fn is_open(&self, now: OffsetDateTime) -> bool {
        self.stage == Stage::Established && self.is_live(now)
    }

    /// Whether being seen at `now` is worth a write.
    pub fn is_seen_anew(&self, now: OffsetDateTime) -> bool {
        now - self.seen_at >= SEEN_STEP
    }
}

/// How far a sign-in has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Something is still owed: good for the sign-in pages only.
    Pending,
    /// Complete.
    Established,
}
