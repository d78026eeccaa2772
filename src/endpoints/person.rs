//! Who sits at the browser: the session that its cookie opens, its person, what they enrolled.

use crate::crypto::secret::{Fingerprint, Secret};
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::identity::factor::FactorKind;
use crate::identity::session::{Session, Stage};
use crate::identity::user::User;
use crate::protocol::api::{ApiCatalogue, ScopeAudience};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::scope::Scope;
use crate::store::sessions;
use crate::web::cookies;

/// A person with a live session, complete or not.
pub struct Person {
    /// The session.
    pub session: Session,
    /// The account: never a disabled one.
    pub user: User,
    /// The second factors they can be asked for.
    pub factors: Vec<FactorKind>,
}

impl Person {
    /// Whether all that the sign-in owed was given.
    pub fn is_signed_in(&self) -> bool {
        self.session.stage == Stage::Established
    }

    /// Refuses scopes that only administrators are given.
    ///
    /// # Errors
    /// `invalid_scope`, naming the rule.
    pub fn check_scope(&self, scope: &Scope, catalogue: &ApiCatalogue) -> Result<(), OAuthError> {
        let reserved = scope.iter().any(|name| {
            catalogue.scope(name).is_some_and(|scope| scope.audience == ScopeAudience::Administrators)
        });
        if reserved && !self.user.is_administrator() {
            let refused = ErrorCode::InvalidScope;
            return Err(refused.because("a scope is for administrators only").at("scope"));
        }
        Ok(())
    }
}

/// The secret in the session cookie.
pub fn cookie(cx: &Cx) -> Option<Secret> {
    cookies::read(&cx.headers, cookies::SESSION)
}

/// The person whose session the request's cookie opens; a damaged, ended or expired one is nobody.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn current(cx: &Cx) -> Result<Option<Person>, Failure> {
    let Some(secret) = cookie(cx) else { return Ok(None) };
    let fingerprint: Fingerprint = secret.fingerprint();
    let Some(found) = sessions::find_by_fingerprint(&cx.app.store, &fingerprint, cx.now).await? else {
        return Ok(None);
    };
    sessions::touch(&cx.app.store, &found.session, cx.now).await?;
    Ok(Some(Person { session: found.session, user: found.user, factors: found.factors }))
}
