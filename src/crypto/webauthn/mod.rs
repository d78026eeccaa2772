//! WebAuthn ceremonies (WebAuthn Level 3 §7): the only place that knows the library.
//!
//! **Invariant: what [`RelyingParty`] returns was signed for this server, this challenge and this
//! origin.** A ceremony's state is bytes for the server's own table; the browser never holds it. What
//! the library leaves to its caller is checked here (exact origins, frames, malformed CBOR, the
//! length of ids) or is a rule above (counters, backup flags, whose credential it is).

mod cbor;
mod policy;
mod response;

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AttestedPasskeyRegistration, AuthenticationResult, Credential, DiscoverableAuthentication,
    PasskeyRegistration, SecurityKey, SecurityKeyAuthentication, SecurityKeyRegistration,
    WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::CryptoError;
pub use policy::AttestationPolicy;
pub use response::Assertion;
use response::Attestation;

/// How long a browser may take: the recommendation of WebAuthn §15.1.
pub const TIMEOUT: Duration = Duration::from_mins(5);
/// The longest id of a credential, in bytes (WebAuthn §7.1).
pub const LONGEST_ID: usize = 1023;

/// Why an answer of a key is not taken, for the operator. The person reads that it did not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct KeyRefused {
    rule: String,
}

impl KeyRefused {
    /// Refused by `rule`.
    pub fn new(rule: &str) -> Self {
        Self { rule: rule.to_owned() }
    }
}

impl From<WebauthnError> for KeyRefused {
    fn from(error: WebauthnError) -> Self {
        let rule = if let WebauthnError::AttestationChainNotTrusted(why) = &error {
            // Which rule of RFC 5280 the maker's certificates break.
            format!("{error}: {why:?}")
        } else {
            error.to_string()
        };
        Self { rule: rule.chars().take(200).collect() }
    }
}

/// A ceremony begun: what the browser gets, and what the server keeps.
#[derive(Debug, Clone)]
pub struct Started {
    /// `publicKey` of `navigator.credentials.create()` or `get()`, binary members as base64url.
    pub options: Value,
    /// For [`RelyingParty`] alone.
    pub state: Value,
}

/// Whom a credential is made for.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// Random, and no other name of the person (WebAuthn §14.6.1).
    pub handle: Uuid,
    /// The user name, shown where there are several accounts.
    pub name: &'a str,
    /// The name for people.
    pub display_name: &'a str,
}

/// What kind of credential a registration makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It verifies its user and is found without a user name.
    Passkey,
    /// It is touched, and follows a password.
    SecurityKey,
}

/// A verified new credential.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its id, unique over all people.
    pub credential_id: Vec<u8>,
    /// What [`RelyingParty`] needs to verify its signatures.
    pub public: Value,
    /// The model it claims to be.
    pub aaguid: Uuid,
    /// How it can be reached: a hint.
    pub transports: Vec<String>,
    /// Its signature counter.
    pub counter: u32,
    /// Whether it may ever be copied.
    pub backup_eligible: bool,
    /// Whether it is copied now.
    pub backed_up: bool,
    /// Whether a configured authority vouches that it stays in its hardware.
    pub is_hardware: bool,
}

/// A credential as the rules keep it.
#[derive(Debug, Clone, Copy)]
pub struct HeldKey<'a> {
    /// Its id.
    pub credential_id: &'a [u8],
    /// [`NewKey::public`].
    pub public: &'a Value,
    /// How it can be reached.
    pub transports: &'a [String],
}

/// What a verified signature says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// The signature counter; zero where the key has none.
    pub counter: u32,
    /// Whether the key may be copied: never another answer than at its registration.
    pub backup_eligible: bool,
    /// Whether the key is copied now.
    pub backed_up: bool,
}

/// This server to authenticators.
pub struct RelyingParty {
    passkeys: Webauthn,
    /// The same for keys that verify nobody.
    touched: Webauthn,
    origins: Vec<String>,
    attestation: AttestationPolicy,
}

impl RelyingParty {
    /// The relying party at `issuer` and at `related` origins (WebAuthn §5.11). Nothing where the
    /// issuer's host is an address: browsers have no keys for those.
    ///
    /// # Errors
    /// Where the library refuses.
    pub fn new(
        issuer: &Url,
        related: &[Url],
        attestation: AttestationPolicy,
    ) -> Result<Option<Self>, CryptoError> {
        let Some(id) = issuer.domain() else { return Ok(None) };
        let build = |touched: bool| {
            let builder = WebauthnBuilder::new(id, issuer)?.rp_name(id).timeout(TIMEOUT);
            let builder = related.iter().fold(builder, WebauthnBuilder::append_allowed_origin);
            builder.danger_set_user_presence_only_security_keys(touched).build()
        };
        let refused = |_: WebauthnError| CryptoError::Library("the issuer is no relying party");
        let origins = std::iter::once(issuer).chain(related);
        Ok(Some(Self {
            passkeys: build(false).map_err(refused)?,
            touched: build(true).map_err(refused)?,
            origins: origins.map(|url| url.origin().ascii_serialization()).collect(),
            attestation,
        }))
    }

    /// Every origin that may use our credentials, the issuer's first.
    pub fn origins(&self) -> &[String] {
        &self.origins
    }

    /// Whether a key can be known to stay in its hardware.
    pub fn knows_hardware(&self) -> bool {
        self.attestation.authorities().is_some()
    }

    /// Begins to make a credential for `holder`, on an authenticator that has none of `held`.
    ///
    /// # Errors
    /// Where the library refuses.
    #[expect(
        clippy::indexing_slicing,
        reason = "of a JSON object, an index makes room where there is none"
    )]
    pub fn start_registration(
        &self,
        wanted: Wanted,
        holder: Holder<'_>,
        held: Vec<Vec<u8>>,
    ) -> Result<Started, CryptoError> {
        let Holder { handle, name, display_name } = holder;
        let held = Some(held);
        let authorities = self.attestation.authorities().cloned();
        let started = match (wanted, authorities) {
            (Wanted::Passkey, None) => self
                .passkeys
                .start_passkey_registration(handle, name, display_name, held)
                .map(|(options, state)| (json!(options), json!(state))),
            (Wanted::Passkey, Some(list)) => self
                .passkeys
                .start_attested_passkey_registration(handle, name, display_name, held, list, None)
                .map(|(options, state)| (json!(options), json!(state))),
            (Wanted::SecurityKey, list) => self
                .touched
                .start_securitykey_registration(handle, name, display_name, held, list, None)
                .map(|(options, state)| (json!(options), json!(state))),
        };
        let (mut options, state) = started.map_err(library)?;
        let mut options = options["publicKey"].take();
        if wanted == Wanted::Passkey {
            // Without a name to go by, the browser must find it (WebAuthn §5.4.6).
            options["authenticatorSelection"]["residentKey"] = json!("required");
            options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        }
        Ok(Started { options, state })
    }

    /// The credential that `answer` made in the ceremony of `state`.
    ///
    /// # Errors
    /// Where it is not a good answer, or the policy does not take it.
    pub fn finish_registration(
        &self,
        wanted: Wanted,
        state: Value,
        answer: &str,
    ) -> Result<NewKey, KeyRefused> {
        let Attestation { sent, model, transports } = Attestation::parse(answer, &self.origins)?;
        let attested = self.attestation.authorities().is_some();
        let made: Credential = match (wanted, attested) {
            (Wanted::Passkey, false) => {
                let state: PasskeyRegistration = restored(state)?;
                self.passkeys.finish_passkey_registration(&sent, &state)?.into()
            }
            (Wanted::Passkey, true) => {
                let state: AttestedPasskeyRegistration = restored(state)?;
                self.passkeys.finish_attested_passkey_registration(&sent, &state)?.into()
            }
            (Wanted::SecurityKey, _) => {
                let state: SecurityKeyRegistration = restored(state)?;
                self.touched.finish_securitykey_registration(&sent, &state)?.into()
            }
        };
        self.attestation.check_model(model)?;
        Ok(NewKey {
            credential_id: made.cred_id.clone(),
            aaguid: model,
            transports,
            counter: made.counter,
            backup_eligible: made.backup_eligible,
            backed_up: made.backup_state,
            is_hardware: attested && wanted == Wanted::Passkey && !made.backup_eligible,
            public: json!(made),
        })
    }

    /// Begins a sign-in with a passkey, whoever's it is.
    ///
    /// # Errors
    /// Where the library refuses.
    #[expect(
        clippy::indexing_slicing,
        reason = "of a JSON object, an index makes room where there is none"
    )]
    pub fn start_sign_in(&self) -> Result<Started, CryptoError> {
        let (options, state) =
            self.passkeys.start_discoverable_authentication().map_err(library)?;
        Ok(Started { options: json!(options)["publicKey"].take(), state: json!(state) })
    }

    /// What `answer` of a sign-in is, before it is verified: for looking up its credential.
    ///
    /// # Errors
    /// Where it is malformed, or of another ceremony or origin.
    pub fn read(&self, answer: &str) -> Result<Assertion, KeyRefused> {
        Assertion::parse(answer, &self.origins)
    }

    /// Verifies that `key` signed `assertion` in the sign-in of `state`, having verified its user.
    ///
    /// # Errors
    /// Where it did not.
    pub fn finish_sign_in(
        &self,
        state: Value,
        assertion: &Assertion,
        key: &Value,
    ) -> Result<Used, KeyRefused> {
        let state: DiscoverableAuthentication = restored(state)?;
        let key = credential(key)?;
        let done =
            self.passkeys.finish_discoverable_authentication_v2(&assertion.0, state, &key)?;
        Ok(used(&done))
    }

    /// Begins a second step with one of `keys`.
    ///
    /// # Errors
    /// Where a stored key cannot be read, or the library refuses.
    #[expect(
        clippy::indexing_slicing,
        reason = "of a JSON object, an index makes room where there is none"
    )]
    pub fn start_second_step(&self, keys: &[HeldKey<'_>]) -> Result<Started, CryptoError> {
        let unreadable = |_: KeyRefused| CryptoError::Library("a stored credential is unreadable");
        let held = keys.iter().map(|key| credential(key.public).map(SecurityKey::from));
        let held = held.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        let (options, state) =
            self.touched.start_securitykey_authentication(&held).map_err(library)?;
        let mut options = json!(options)["publicKey"].take();
        options["allowCredentials"] = keys.iter().map(|key| allowed(key)).collect();
        // Each key is held to what it was registered with; this only asks.
        options["userVerification"] = json!("preferred");
        if let Some(members) = options.as_object_mut() {
            members.remove("hints");
        }
        Ok(Started { options, state: json!(state) })
    }

    /// Verifies that one of the keys of the second step of `state` signed `assertion`.
    ///
    /// # Errors
    /// Where none did.
    pub fn finish_second_step(
        &self,
        state: Value,
        assertion: &Assertion,
    ) -> Result<Used, KeyRefused> {
        let state: SecurityKeyAuthentication = restored(state)?;
        Ok(used(&self.touched.finish_securitykey_authentication(&assertion.0, &state)?))
    }
}

/// An element of `allowCredentials` (WebAuthn §5.8.3).
pub fn allowed(key: &HeldKey<'_>) -> Value {
    use base64::Engine as _;
    let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key.credential_id);
    json!({ "type": "public-key", "id": id, "transports": key.transports })
}

fn used(done: &AuthenticationResult) -> Used {
    Used {
        counter: done.counter(),
        backup_eligible: done.backup_eligible(),
        backed_up: done.backup_state(),
    }
}

/// A stored credential for the library. Its counter stands at zero, so that the library accepts any:
/// counters are compared where they are kept, in the statement that moves them on.
fn credential(public: &Value) -> Result<Credential, KeyRefused> {
    let mut credential: Credential = restored(public.clone())?;
    credential.counter = 0;
    Ok(credential)
}

fn restored<T: serde::de::DeserializeOwned>(state: Value) -> Result<T, KeyRefused> {
    serde_json::from_value(state).map_err(|_| KeyRefused::new("the ceremony's state is unreadable"))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn library(error: WebauthnError) -> CryptoError {
    tracing::error!(%error, "WebAuthn");
    CryptoError::Library("WebAuthn")
}
