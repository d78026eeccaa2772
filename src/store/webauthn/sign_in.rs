//! A sign-in with a passkey in two statements, so that it costs two round trips: one takes the
//! challenge and reads all that the decision rests on, one does all that follows from it.

use serde_json::{Map, Value};
use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Row;
use crate::crypto::secret::Fingerprint;
use crate::identity::passkey::{Ceremony, CopiedPolicy, Key};
use crate::identity::session::Session;
use crate::identity::user::User;
use crate::store::audit::AuditEvent;
use crate::store::devices::Device;
use crate::store::error::{call, corrupt};
use crate::store::links::Link;
use crate::store::mails::Mail;
use crate::store::rows::UserRow;
use crate::store::session_rows::stage_word;
use crate::store::sessions::Origin;
use crate::store::{Result, StoreError};

/// Which challenge was answered, in which browser, with which key.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The challenge.
    pub id: Uuid,
    /// The browser.
    pub binding: [u8; 32],
    /// The key that says it signed.
    pub credential_id: &'a [u8],
    /// The session cookie that the browser has.
    pub cookie: Option<Fingerprint>,
}

/// What the decision about a sign-in rests on.
#[derive(Debug)]
pub struct Claimed {
    /// What verifies the answer.
    pub state: Value,
    /// Whom the challenge was for.
    pub meant: Meant,
    /// The key with that id and its person, where there are any and the person may sign in.
    pub found: Option<Found>,
    /// The live session at the browser.
    pub session: Option<Before>,
}

/// Whom a challenge was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Whoever's passkey it is.
    Anybody,
    /// The person who was named; nobody, where the name is nobody's.
    Named(Option<Uuid>),
}

/// A key and whose it is.
#[derive(Debug)]
pub struct Found {
    /// The key.
    pub key: Key,
    /// Its person.
    pub user: User,
    /// What the key calls them.
    pub handle: Uuid,
}

/// The session at the browser before the sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// The session.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// Its cookie.
    pub fingerprint: Fingerprint,
    /// Whether it is bound to a key of the device.
    pub is_bound: bool,
}

/// Takes the challenge, for exactly one of those who answer it, and reads what is known of the
/// answer; nothing where it is unknown, used, too old, another browser's or for something else.
pub async fn claim(
    db: impl PgExecutor<'_>,
    claim: &Claim<'_>,
    now: OffsetDateTime,
) -> Result<Option<Claimed>> {
    let row = sqlx::query_as!(
        ClaimedRow,
        r#"with spent as (
            delete from webauthn_ceremonies
            where id = $1 and kind in ('sign_in', 'named_sign_in') and binding = $2
                and expires_at > $3
            returning kind, user_id, state
        )
        select spent.state as "state!", spent.kind as "ceremony!", spent.user_id as named_for,
            k.id as "key_id?", k.kind as "key_kind?", k.label as "label?", k.public as "public?",
            k.aaguid as "aaguid?", k.transports as "transports?", k.counter as "counter?",
            k.backup_eligible as "backup_eligible?", k.backed_up as "backed_up?",
            k.created_at as "key_created_at?", k.used_at as "key_used_at?",
            k.device_id as "key_device_id?", w.handle as "handle?",
            u.id as "user_id?", u.username as "username?", u.email as "email?",
            u.email_verified as "email_verified?", u.roles as "roles?",
            u.claims as "claims?: Json<Map<String, Value>>",
            u.password_hash is not null as "has_password!",
            u.password_due_at is not null as "password_due!", u.created_at as "created_at?",
            u.updated_at as "updated_at?",
            s.id as "session_id?", s.user_id as "session_user_id?",
            s.created_at as "session_created_at?", s.fingerprint as "fingerprint?",
            s.bound_at is not null as "session_is_bound!"
        from spent
        left join webauthn_keys k on k.credential_id = $4
        left join webauthn_people w on w.user_id = k.user_id
        left join users u on u.id = k.user_id and u.disabled_at is null
        left join sessions s on s.fingerprint = $5 and s.ended_at is null and s.idle_ends_at > $3
            and s.ends_at > $3"#,
        claim.id,
        claim.binding.as_slice(),
        now,
        claim.credential_id,
        claim.cookie.as_ref().map(|cookie| cookie.as_bytes().as_slice())
    );
    let row = call(row.fetch_optional(db)).await?;
    row.map(|row| row.claimed(claim.credential_id)).transpose()
}

/// All that follows from a good answer.
#[derive(Debug)]
pub struct Completion<'a> {
    /// The key that signed.
    pub key_id: Uuid,
    /// The counter it signed with.
    pub counter: u32,
    /// Whether it is copied now.
    pub backed_up: bool,
    /// What happens where its counter does not grow.
    pub copied: CopiedPolicy,
    /// The browser.
    pub device: &'a Device,
    /// The session; the device is filled in.
    pub session: &'a Session,
    /// The cookie of the session that it goes on from, where it does.
    pub before: Option<Fingerprint>,
    /// Where it began.
    pub origin: &'a Origin,
    /// What the audit log is told.
    pub event: &'a AuditEvent,
    /// What the owner is told where the browser is new, and not the account's first.
    pub notice: Option<(&'a Mail, &'a Link)>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completed {
    /// The person is signed in.
    SignedIn,
    /// Nothing was done: the key's counter moved on meanwhile.
    KeyMovedOn,
    /// Nothing was done: the key was removed, or the account disabled, meanwhile.
    KeyGone,
    /// The session at the browser moved on or ended meanwhile; the key's use is noted.
    SessionMovedOn,
}

/// Notes the key's use, the device and the event, and begins or renews the session: all or, where
/// the key's counter does not grow, nothing. The account is locked meanwhile, so that it cannot be
/// disabled unseen and leave the session behind.
#[expect(clippy::too_many_lines, reason = "one statement: one round trip, all or nothing")]
pub async fn complete(db: impl PgExecutor<'_>, done: &Completion<'_>) -> Result<Completed> {
    let (session, device, event) = (done.session, done.device, done.event);
    let (actor_kind, actor_id) = event.actor.columns();
    let (mail, link) = done.notice.unzip();
    let row = sqlx::query!(
        r#"with owner as (
            select u.id from users u join webauthn_keys k on k.user_id = u.id
            where k.id = $1 and u.disabled_at is null
            for share of u
        ), used as (
            update webauthn_keys k
            set counter = greatest(k.counter, $2), backed_up = $3, used_at = $4
            from owner
            where k.id = $1 and k.user_id = owner.id
                and (k.counter < $2 or (k.counter = 0 and $2 = 0) or $5)
            returning k.user_id
        ), device as (
            insert into devices (id, user_id, fingerprint, label, created_at, seen_at)
            select $6, used.user_id, $7, $8, $4, $4 from used
            on conflict (user_id, fingerprint) do update
                set label = excluded.label, seen_at = greatest(devices.seen_at, excluded.seen_at)
            returning id
        ), opened as (
            insert into sessions (id, fingerprint, user_id, auth_at, proofs, stage, device_id,
                address, user_agent, created_at, seen_at, idle_ends_at, ends_at)
            select $9, $10, used.user_id, $11, $12,
                case when exists (
                    select from account_deletions d where d.user_id = used.user_id
                ) or exists (
                    select from users u where u.id = used.user_id and u.password_due_at is not null
                ) then 'pending' else $13 end,
                device.id, $14, $15, $16, $4, $17, $18
            from used, device
            on conflict (id) do update
                set fingerprint = excluded.fingerprint, auth_at = excluded.auth_at,
                    proofs = excluded.proofs, stage = excluded.stage,
                    device_id = excluded.device_id, seen_at = excluded.seen_at,
                    idle_ends_at = excluded.idle_ends_at, ends_at = excluded.ends_at
                where sessions.fingerprint = $19 and sessions.user_id = excluded.user_id
                    and sessions.ended_at is null
            returning id, user_id
        ), told as (
            insert into audit_events (id, at, action, outcome, actor_kind, actor_id, user_id,
                session_id, address, user_agent, details)
            select $20, $4, $21, $22, $23, $24, opened.user_id, opened.id, $14, $15,
                $25::jsonb || jsonb_build_object('new_device', device.id = $6) from opened, device
        ), news as (
            -- The device is the one that was just made, and there are others.
            select used.user_id from used join device on device.id = $6
            where exists (select from devices d where d.user_id = used.user_id)
                and exists (select from opened) and $26::uuid is not null
        ), linked as (
            insert into mail_links (id, fingerprint, purpose, user_id, address, details, created_at,
                expires_at)
            select $27, $28, $29, user_id, $30, $31, $32, $33 from news
        ), mailed as (
            insert into mails (id, recipient, subject, text_body, html_body, created_at, next_try_at,
                tries)
            select $26, $30, $34, $35, $36, $32, $32, 0 from news
        )
        select exists(select from owner) as "known!", exists(select from used) as "used!",
            exists(select from opened) as "opened!""#,
        done.key_id,
        i64::from(done.counter),
        done.backed_up,
        session.seen_at,
        done.copied == CopiedPolicy::Report,
        device.id,
        device.fingerprint.as_bytes().as_slice(),
        device.label,
        session.id,
        session.fingerprint.as_bytes().as_slice(),
        session.authentication.auth_at,
        Json(&session.authentication.factors) as _,
        stage_word(session.stage),
        done.origin.address as _,
        done.origin.user_agent,
        session.created_at,
        session.idle_ends_at,
        session.ends_at,
        done.before.as_ref().map(|cookie| cookie.as_bytes().as_slice()),
        event.id,
        event.action.as_ref(),
        event.outcome.as_str(),
        actor_kind,
        actor_id,
        event.details,
        mail.map(|mail| mail.id),
        link.map(|link| link.id),
        link.map(|link| link.fingerprint.as_bytes().as_slice()),
        link.map(|link| link.purpose.as_str()),
        link.map(|link| link.address.as_str()),
        link.map(|link| &link.details),
        link.map(|link| link.created_at),
        link.map(|link| link.expires_at),
        mail.map(|mail| mail.subject.as_str()),
        mail.map(|mail| mail.text_body.as_str()),
        mail.map(|mail| mail.html_body.as_str())
    );
    let row = call(row.fetch_one(db)).await?;
    Ok(match (row.known, row.used, row.opened) {
        (_, true, true) => Completed::SignedIn,
        (_, true, false) => Completed::SessionMovedOn,
        (true, false, _) => Completed::KeyMovedOn,
        (false, false, _) => Completed::KeyGone,
    })
}

struct ClaimedRow {
    state: Value,
    ceremony: String,
    named_for: Option<Uuid>,
    key_id: Option<Uuid>,
    key_kind: Option<String>,
    label: Option<String>,
    public: Option<Value>,
    aaguid: Option<Uuid>,
    transports: Option<Vec<String>>,
    counter: Option<i64>,
    backup_eligible: Option<bool>,
    backed_up: Option<bool>,
    key_created_at: Option<OffsetDateTime>,
    key_used_at: Option<OffsetDateTime>,
    key_device_id: Option<Uuid>,
    handle: Option<Uuid>,
    user_id: Option<Uuid>,
    username: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    roles: Option<Vec<String>>,
    claims: Option<Json<Map<String, Value>>>,
    has_password: bool,
    password_due: bool,
    created_at: Option<OffsetDateTime>,
    updated_at: Option<OffsetDateTime>,
    session_id: Option<Uuid>,
    session_user_id: Option<Uuid>,
    session_created_at: Option<OffsetDateTime>,
    fingerprint: Option<Vec<u8>>,
    session_is_bound: bool,
}

impl ClaimedRow {
    fn claimed(self, credential_id: &[u8]) -> Result<Claimed> {
        let meant = if self.ceremony == Ceremony::NamedSignIn.as_str() {
            Meant::Named(self.named_for)
        } else {
            Meant::Anybody
        };
        let state = self.state.clone();
        let session = self.before()?;
        let found = self.found(credential_id).map(Found::try_from).transpose()?;
        Ok(Claimed { state, meant, found, session })
    }

    fn before(&self) -> Result<Option<Before>> {
        let (Some(id), Some(user_id), Some(created_at), Some(cookie)) = (
            self.session_id,
            self.session_user_id,
            self.session_created_at,
            self.fingerprint.as_deref(),
        ) else {
            return Ok(None);
        };
        let fingerprint = Fingerprint::from_slice(cookie).ok_or_else(|| corrupt("fingerprint"))?;
        let is_bound = self.session_is_bound;
        Ok(Some(Before { id, user_id, created_at, fingerprint, is_bound }))
    }

    /// The rows of key and person, where both are there.
    fn found(self, credential_id: &[u8]) -> Option<(Row, UserRow, Uuid)> {
        let user_id = self.user_id?;
        let key = Row {
            id: self.key_id?,
            user_id,
            credential_id: credential_id.to_owned(),
            kind: self.key_kind?,
            label: self.label?,
            public: self.public?,
            aaguid: self.aaguid?,
            transports: self.transports?,
            counter: self.counter?,
            backup_eligible: self.backup_eligible?,
            backed_up: self.backed_up?,
            created_at: self.key_created_at?,
            used_at: self.key_used_at,
            device_id: self.key_device_id,
        };
        let user = UserRow {
            id: user_id,
            username: self.username?,
            email: self.email,
            email_verified: self.email_verified?,
            roles: self.roles?,
            claims: self.claims?,
            has_password: self.has_password,
            password_due: self.password_due,
            disabled_at: None,
            created_at: self.created_at?,
            updated_at: self.updated_at?,
        };
        Some((key, user, self.handle?))
    }
}

impl TryFrom<(Row, UserRow, Uuid)> for Found {
    type Error = StoreError;

    fn try_from((key, user, handle): (Row, UserRow, Uuid)) -> Result<Self> {
        Ok(Self { key: key.try_into()?, user: user.try_into()?, handle })
    }
}
