//! What a browser sends back from a ceremony, read once and checked where the library is lenient.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use super::cbor::{AuthenticatorData, byte_string};
use super::{KeyRefused, LONGEST_ID};

/// The longest response, in bytes: an attestation with its certificates stays below it.
const LONGEST: usize = 32 * 1024;

/// A signed answer to a challenge, not yet verified.
pub struct Assertion(pub(super) PublicKeyCredential);

impl Assertion {
    /// The answer in `text`, sent from one of `origins`.
    pub(super) fn parse(text: &str, origins: &[String]) -> Result<Self, KeyRefused> {
        let sent: PublicKeyCredential = read(text)?;
        check_id(&sent.type_, &sent.raw_id)?;
        check_client_data(&sent.response.client_data_json, "webauthn.get", origins)?;
        AuthenticatorData::parse(&sent.response.authenticator_data)
            .ok_or(KeyRefused::new("the authenticator data are malformed"))?;
        Ok(Self(sent))
    }

    /// Which credential signed.
    pub fn credential_id(&self) -> &[u8] {
        &self.0.raw_id
    }

    /// Whose credential it says it is.
    ///
    /// # Errors
    /// Where it says something that is no handle of ours.
    pub fn user_handle(&self) -> Result<Option<Uuid>, KeyRefused> {
        let handle = self.0.response.user_handle.as_deref();
        let handle = handle.filter(|handle| !handle.is_empty()).map(Uuid::from_slice);
        handle.transpose().map_err(|_| KeyRefused::new("the user handle is none of ours"))
    }
}

/// A new credential, not yet verified.
pub(super) struct Attestation {
    pub sent: RegisterPublicKeyCredential,
    pub model: Uuid,
    pub transports: Vec<String>,
}

impl Attestation {
    /// The credential in `text`, sent from one of `origins`.
    pub fn parse(text: &str, origins: &[String]) -> Result<Self, KeyRefused> {
        let sent: RegisterPublicKeyCredential = read(text)?;
        check_id(&sent.type_, &sent.raw_id)?;
        check_client_data(&sent.response.client_data_json, "webauthn.create", origins)?;
        let malformed = KeyRefused::new("the attestation object is malformed");
        let data = byte_string(&sent.response.attestation_object, "authData").ok_or(malformed)?;
        let data = AuthenticatorData::parse(data)
            .ok_or(KeyRefused::new("the authenticator data are malformed"))?;
        let (model, id) =
            data.credential.ok_or(KeyRefused::new("there is no credential in the answer"))?;
        check_id(&sent.type_, id)?;
        if id != sent.raw_id {
            return Err(KeyRefused::new("the credential has two ids"));
        }
        let named = sent.response.transports.iter().flatten();
        let mut transports: Vec<String> = named.map(ToString::to_string).collect();
        transports.retain(|name| name != "unknown" && name != "test");
        transports.sort();
        transports.dedup();
        Ok(Self { sent, model, transports })
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, KeyRefused> {
    if text.len() > LONGEST {
        return Err(KeyRefused::new("the answer is too long"));
    }
    serde_json::from_str(text).map_err(|_| KeyRefused::new("the answer is malformed"))
}

/// A credential's id has 1023 bytes at most (WebAuthn §7.1 step 25).
fn check_id(kind: &str, id: &[u8]) -> Result<(), KeyRefused> {
    if kind != "public-key" {
        return Err(KeyRefused::new("it is no public key"));
    }
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err(KeyRefused::new("the credential id has no bytes, or more than 1023"));
    }
    Ok(())
}

/// What the browser signed about itself (WebAuthn §5.8.1).
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    ceremony: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: Option<Value>,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<Value>,
}

/// The origin letter by letter, and no frame of another site (WebAuthn §13.4.9).
fn check_client_data(json: &[u8], ceremony: &str, origins: &[String]) -> Result<(), KeyRefused> {
    let data: ClientData = serde_json::from_slice(json)
        .map_err(|_| KeyRefused::new("the client data are malformed"))?;
    if data.ceremony != ceremony {
        return Err(KeyRefused::new("the answer is for another ceremony"));
    }
    if !origins.contains(&data.origin) {
        return Err(KeyRefused::new("the origin is another"));
    }
    let framed = data.cross_origin.is_some_and(|crossed| crossed != Value::Bool(false));
    if framed || data.top_origin.is_some() {
        return Err(KeyRefused::new("the answer was made in a frame of another site"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str) -> Result<(), KeyRefused> {
        let origins = ["https://example.com".to_owned(), "https://other.example".to_owned()];
        check_client_data(json.as_bytes(), "webauthn.get", &origins)
    }

    fn from(origin: &str) -> String {
        format!(r#"{{"type":"webauthn.get","challenge":"x","origin":"{origin}"}}"#)
    }

    #[test]
    fn an_origin_is_ours_letter_by_letter() {
        assert!(check(&from("https://example.com")).is_ok());
        assert!(check(&from("https://other.example")).is_ok());
        for origin in [
            "https://badexample.com",
            "https://sub.example.com",
            "https://example.com.evil",
            "https://example.com:8443",
            "https://example.com:443",
            "https://example.com/",
            "http://example.com",
            "https://EXAMPLE.com",
            "https://user@example.com",
            "android:apk-key-hash:x",
            "null",
            "",
        ] {
            assert!(check(&from(origin)).is_err(), "{origin}");
        }
    }

    #[test]
    fn a_frame_of_another_site_is_refused_and_so_is_another_ceremony() {
        let with = |more: &str| from("https://example.com").replace("\"challenge\"", more);
        assert!(check(&with(r#""crossOrigin":false,"challenge""#)).is_ok());
        assert!(check(&with(r#""crossOrigin":true,"challenge""#)).is_err());
        assert!(check(&with(r#""crossOrigin":"no","challenge""#)).is_err());
        assert!(check(&with(r#""topOrigin":"https://example.com","challenge""#)).is_err());
        assert!(check(&from("https://example.com").replace("get", "create")).is_err());
    }
}
