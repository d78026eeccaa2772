//! Which keys people may sign in with, as types, and how it is read.

use std::collections::BTreeSet;
use std::path::PathBuf;

use url::Url;
use uuid::Uuid;

use super::reader::Reader;
use crate::identity::passkey::CopiedPolicy;

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
            _ => CopiedPolicy::Refuse,
        },
    }
}
