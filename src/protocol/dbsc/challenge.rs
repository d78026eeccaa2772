//! Challenges and short-lived cookies that no node has to remember: MACs over the session and a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::COOKIE;
use crate::crypto::seal::MacKey;
use crate::crypto::secret::Secret;

/// The label of the MAC key (`MacKey::derive`).
pub const MAC_LABEL: &str = "bound-session";

/// How long a challenge may be answered: a key in hardware takes its time.
const CHALLENGE: Duration = Duration::minutes(5);
/// How much longer than the browser we take a cookie: requests are under way, and clocks differ.
const GRACE: Duration = Duration::seconds(30);

/// Makes and recognises challenges and cookies; every node with the same master key makes the same.
#[derive(Debug, Clone)]
pub struct BoundSessions(MacKey);

/// What a MAC is for: one is none for the other.
#[derive(Clone, Copy)]
enum Purpose {
    Challenge,
    Cookie,
    Name,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Challenge => b"challenge",
            Self::Cookie => b"cookie",
            Self::Name => b"name",
        }
    }
}

impl BoundSessions {
    /// Under a key derived with [`MAC_LABEL`].
    pub const fn new(key: MacKey) -> Self {
        Self(key)
    }

    /// A challenge for `session`, told from all others by `unique`.
    pub fn challenge(&self, session: Uuid, unique: Uuid, now: OffsetDateTime) -> String {
        let ends = now + CHALLENGE;
        let tag = self.tag(Purpose::Challenge, session, ends, unique.as_bytes());
        format!("{}.{}.{tag}", unique.simple(), ends.unix_timestamp())
    }

    /// Until when `challenge`, if it is one of `session`'s and not too old, may be answered: so long it
    /// must be remembered that it was.
    pub fn recognise(
        &self,
        challenge: &str,
        session: Uuid,
        now: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        let (unique, rest) = challenge.split_once('.')?;
        let unique = Uuid::try_parse(unique).ok()?;
        let ends = self.checked(Purpose::Challenge, session, rest, unique.as_bytes())?;
        (now < ends).then_some(ends)
    }

    /// The value of the short-lived cookie of `session`.
    pub fn cookie(&self, session: Uuid, now: OffsetDateTime) -> Secret {
        let ends = now + COOKIE + GRACE;
        let tag = self.tag(Purpose::Cookie, session, ends, &[]);
        Secret::new(format!("{}.{tag}", ends.unix_timestamp()))
    }

    /// Whether `cookie` is one of `session`'s and not too old.
    pub fn admits(&self, cookie: &Secret, session: Uuid, now: OffsetDateTime) -> bool {
        let ends = self.checked(Purpose::Cookie, session, cookie.expose(), &[]);
        ends.is_some_and(|ends| now < ends)
    }

    /// What the browser calls `session`. Every application knows its id (`sid`), and a site that is our
    /// neighbour could register a session of that name in our place; this name nobody can make.
    pub fn name(&self, session: Uuid) -> String {
        let tag = self.tag(Purpose::Name, session, OffsetDateTime::UNIX_EPOCH, &[]);
        format!("{}.{tag}", session.simple())
    }

    /// The session that a browser calls `name`.
    pub fn named(&self, name: &str) -> Option<Uuid> {
        let (session, tag) = name.split_once('.')?;
        let session = Uuid::try_parse(session).ok()?;
        let ended = format!("{}.{tag}", OffsetDateTime::UNIX_EPOCH.unix_timestamp());
        self.checked(Purpose::Name, session, &ended, &[]).map(|_| session)
    }

    fn tag(&self, purpose: Purpose, session: Uuid, ends: OffsetDateTime, more: &[u8]) -> String {
        let ends = ends.unix_timestamp().to_be_bytes();
        let parts: [&[u8]; 4] = [purpose.label(), session.as_bytes(), &ends, more];
        URL_SAFE_NO_PAD.encode(self.0.tag(&parts))
    }

    /// The end in `text`, an end and its MAC.
    fn checked(
        &self,
        purpose: Purpose,
        session: Uuid,
        text: &str,
        more: &[u8],
    ) -> Option<OffsetDateTime> {
        let (ends, tag) = text.split_once('.')?;
        let ends: i64 = ends.parse().ok()?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        let bytes = ends.to_be_bytes();
        let parts: [&[u8]; 4] = [purpose.label(), session.as_bytes(), &bytes, more];
        self.0.verify(&parts, &tag).then_some(())?;
        OffsetDateTime::from_unix_timestamp(ends).ok()
    }
}
