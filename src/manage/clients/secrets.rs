//! Client secrets: minted, given, carried over.

use time::Duration;

use super::form::{self, ClientForm};
use crate::crypto::secret::Secret;
use crate::manage::{Cx, Invalid};
use crate::protocol::client::{Client, ClientAuth, ClientSecret};

/// How long the old secret is good where nothing else is said.
pub const DEFAULT_OVERLAP: Duration = Duration::hours(24);
/// The longest that two secrets may be good.
pub const MAX_OVERLAP: Duration = Duration::days(30);

/// The prefix of client secrets that we mint, for secret scanners.
const PREFIX: &str = "pc_cs_";

/// Whether the method is one with a secret.
pub(super) fn has_secret(auth: &ClientAuth) -> bool {
    auth.secrets().is_some()
}

/// A new row for `secret`.
pub(super) fn row(cx: &Cx<'_>, secret: &Secret) -> ClientSecret {
    let fingerprint = secret.fingerprint();
    ClientSecret { id: cx.id(), fingerprint, expires_at: None, created_at: cx.now }
}

pub(super) fn mint(cx: &Cx<'_>) -> Secret {
    Secret::mint(PREFIX, cx.entropy)
}

pub(super) fn check_overlap(overlap: Duration) -> Result<(), Invalid> {
    if overlap.is_negative() || overlap > MAX_OVERLAP {
        let mend = "give 0 to 30 days; 0 ends the old secret at once";
        return Err(Invalid::new("overlap", "it is out of bounds", mend));
    }
    Ok(())
}

/// The secrets, none where the method has none.
pub(super) fn of(auth: &ClientAuth) -> &[ClientSecret] {
    auth.secrets().unwrap_or_default()
}

/// Puts secrets where the method has room for some.
fn set(auth: &mut ClientAuth, new: Vec<ClientSecret>) {
    match auth {
        ClientAuth::SecretBasic(secrets) | ClientAuth::SecretPost(secrets) => *secrets = new,
        ClientAuth::None
        | ClientAuth::PrivateKeyJwt(_)
        | ClientAuth::TlsClientAuth(_)
        | ClientAuth::SelfSignedTls(_) => {}
    }
}

/// The first secret of a new client: the given one, or a minted one, which is returned.
pub(super) fn first(
    cx: &Cx<'_>,
    client: &mut Client,
    form: &ClientForm,
) -> Result<Option<Secret>, Invalid> {
    match (&form.client_secret, has_secret(&client.auth)) {
        (Some(_), false) => {
            let mend = "leave it out, or use client_secret_basic";
            Err(Invalid::new("client_secret", "the client's method has no secret", mend))
        }
        (None, false) => Ok(None),
        (Some(given), true) => {
            form::check_secret(given.secret())?;
            set(&mut client.auth, vec![row(cx, given.secret())]);
            Ok(None)
        }
        (None, true) => {
            let minted = mint(cx);
            set(&mut client.auth, vec![row(cx, &minted)]);
            Ok(Some(minted))
        }
    }
}

/// Carries the secrets of `before` over to `after`; mints one, and returns it, where the method of
/// `after` needs one and there is none.
pub(super) fn adopt(cx: &Cx<'_>, before: &Client, after: &mut Client) -> Option<Secret> {
    if !has_secret(&after.auth) {
        return None;
    }
    if has_secret(&before.auth) {
        set(&mut after.auth, of(&before.auth).to_vec());
        return None;
    }
    let minted = mint(cx);
    set(&mut after.auth, vec![row(cx, &minted)]);
    Some(minted)
}
