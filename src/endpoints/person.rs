//! Who sits at the browser: the session that its cookie opens, its person, what they enrolled.

use crate::endpoints::bound_session;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::identity::session::{Session, Stage};
use crate::identity::user::User;
use crate::live::catalogue::ApiCatalogue;
use crate::policy::settings::PolicySettings;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::interaction::{Enrolled, MailCodes, Visitor};
use crate::protocol::scope::Scope;
use crate::store::{Conn, StoreError, factors, sessions, webauthn};
use crate::web::cookies::Cookie;

/// A person with a live session, complete or not.
pub struct Person {
    /// The session.
    pub session: Session,
    /// The account: never a disabled one.
    pub user: User,
    /// The second factors they can be asked for.
    pub enrolled: Enrolled,
}

impl Person {
    /// Whether all that the sign-in owed was given.
    pub fn is_signed_in(&self) -> bool {
        self.session.stage == Stage::Established
    }

    /// As the rules see them.
    pub const fn visitor(&self) -> Visitor<'_> {
        Visitor { session: &self.session, user: &self.user, enrolled: &self.enrolled }
    }

    /// Whether this administrator's session is bound to no key, where it must be one.
    pub fn owes_binding(&self, policy: &PolicySettings) -> bool {
        policy.binds_administrators() && self.user.is_administrator() && !self.session.is_bound
    }

    /// Refuses scopes that only administrators are given.
    ///
    /// # Errors
    /// `invalid_scope`, naming the rule, and `access_denied` where administrators' sessions must be bound
    /// to a key and this one is not.
    pub fn check_scope(
        &self,
        scope: &Scope,
        catalogue: &ApiCatalogue,
        policy: &PolicySettings,
    ) -> Result<(), OAuthError> {
        let reserved = catalogue.reserves(scope);
        if reserved && !self.user.is_administrator() {
            let refused = ErrorCode::InvalidScope;
            return Err(refused.because("a scope is for administrators only").at("scope"));
        }
        if reserved && self.owes_binding(policy) {
            let words = "an administrator's session must be bound to a key of its device";
            return Err(ErrorCode::AccessDenied.because(words).at("scope"));
        }
        Ok(())
    }
}

/// The person whose session the request's cookie opens; a damaged, ended or expired one is nobody, and
/// so is one that is bound to a key, without the cookie that only the holder of the key has.
///
/// # Errors
/// Where Postgres does not answer, and where the browser must first renew that cookie.
pub async fn current(cx: &Cx) -> Result<Option<Person>, Failure> {
    let Some(secret) = Cookie::Session.read(&cx.headers) else { return Ok(None) };
    let store = cx.app.store.pool();
    let found = sessions::find_by_fingerprint(store, &secret.fingerprint(), cx.now).await?;
    let Some((session, user)) = found else { return Ok(None) };
    if session.is_bound
        && !bound_session::is_shown(cx, session.id)
        && !bound_session::was_just_bound(cx, session.id).await?
    {
        if bound_session::may_come_again(cx) {
            return Err(Failure::Unproved);
        }
        bound_session::tell_unproved(cx, &session).await;
        return Ok(None);
    }
    cx.tongue.account(user.language());
    if session.is_seen_anew(cx.now) {
        let idle_ends_at = cx.now + cx.app.settings.sessions.of(&user).idle;
        sessions::touch(store, session.id, cx.now, idle_ends_at).await?;
    }
    let mut connection = cx.app.store.begin().await?;
    let enrolled = enrolled(cx, &mut connection, &user).await?;
    Ok(Some(Person { session, user, enrolled }))
}

/// What `user` has enrolled and confirmed, and what else the policy lets them prove themselves with.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn enrolled(cx: &Cx, conn: &mut Conn, user: &User) -> Result<Enrolled, StoreError> {
    let policy = cx.app.live.policy().await?;
    let held = factors::list(&mut *conn, user.id).await?;
    let standing = factors::standing(&mut *conn, user.id).await?;
    let kinds = held.iter().filter(|factor| factor.is_confirmed()).map(|factor| factor.kind);
    let kinds = kinds.chain(webauthn::kinds(&mut *conn, user.id).await?);
    let left = u32::try_from(standing.recovery_codes).unwrap_or(0);
    // Who set the password by mail proves nothing more by reading another mail.
    let mail = policy.second_factor.email_codes
        && user.email_verified
        && !user.is_administrator()
        && !standing.password_by_mail;
    Ok(Enrolled {
        mail: if mail { MailCodes::Count } else { MailCodes::No },
        owing_since: standing.owing_since,
        ..Enrolled::of(kinds, left)
    })
}
