//! Which keys people may sign in with, as types, and how it is read.

use std::collections::BTreeSet;
use std::path::PathBuf;

use url::Url;
use uuid::Uuid;

use super::reader::Reader;
use crate::identity::passkey::CopiedPolicy;

/// Which keys people may sign in with.
#[derive(Debug, Clone)]
pub struct Webauthn {
    /// Further origins that may use our passkeys.
    pub related_origins: Vec<Url>,
    /// Whether keys that verify nobody may follow a password.
    pub touched_keys: TouchedKeys,
    /// The models that are taken; empty for all.
    pub models: BTreeSet<Uuid>,
    /// Who vouches for them, if anybody must.
    pub attestation_ca_file: Option<PathBuf>,
    /// What becomes of a key that seems to be copied.
    pub copied_keys: CopiedPolicy,
}

/// Whether keys that verify nobody may follow a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TouchedKeys {
    /// They may.
    Taken,
    /// Every key verifies its user.
    Refused,
}

/// Reads the settings.
pub(super) fn read(from: &mut Reader) -> Webauthn {
    let origin = |text: &str| {
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "https")?;
        (url.origin().ascii_serialization() == text).then_some(url)
    };
    Webauthn {
        related_origins: from.parsed(
            "webauthn.related_origins",
            "write origins as https://host or https://host:port",
            origin,
        ),
        touched_keys: match from.choice("webauthn.user_verification").as_str() {
            "required" => TouchedKeys::Refused,
            _ => TouchedKeys::Taken,
        },
        models: from
            .parsed("webauthn.models", "write AAGUIDs in the form of UUIDs", |text| {
                Uuid::try_parse(text).ok()
            })
            .into_iter()
            .collect(),
        attestation_ca_file: from.path("webauthn.attestation_ca_file"),
        copied_keys: match from.choice("webauthn.copied_keys").as_str() {
            "report" => CopiedPolicy::Report,
            "refuse" => CopiedPolicy::Refuse,
            _ => CopiedPolicy::Revoke,
        },
    }
}
