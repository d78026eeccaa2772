//! What the profile settles of a registration, and what contradicts it (FAPI 2.0 §5.3.2.1, §5.4.1).

use super::form::ClientForm;
use crate::crypto::jwt::Alg;
use crate::manage::Invalid;
use crate::protocol::client::{Client, Profile, Rotation};
use crate::protocol::fapi;

const PUSHED: &str = "require_pushed_authorization_requests";
const DPOP: &str = "dpop_bound_access_tokens";
const CERTIFICATE: &str = "tls_client_certificate_bound_access_tokens";
const ALG: &str = "id_token_signed_response_alg";

/// Settles what `form` leaves open: requests are pushed, tokens bound, ID tokens not signed with RS256,
/// and refresh tokens do not rotate.
///
/// # Errors
/// Where the form says something else, which is never overridden in silence; and where the client
/// lacks what it must bring itself.
pub(super) fn settle(form: &ClientForm, client: &mut Client) -> Result<(), Invalid> {
    client.rotation = match client.profile {
        Profile::Oauth21 => Rotation::Always,
        Profile::Fapi2 => Rotation::Never,
    };
    if client.profile == Profile::Oauth21 {
        return Ok(());
    }
    if let Some(lack) = fapi::lacking(client) {
        let reason = format!("{}, which the profile fapi2 excludes", lack.what);
        return Err(Invalid::new(lack.field, reason, lack.mend));
    }
    if form.require_pushed_authorization_requests == Some(false) {
        let reason = "under the profile fapi2 every authorization request is pushed";
        return Err(contradiction(PUSHED, reason, "turn it on or leave it out"));
    }
    if form.id_token_signed_response_alg.as_deref() == Some(Alg::Rs256.as_str()) {
        let reason = "under the profile fapi2 nothing is signed with RS256";
        return Err(contradiction(ALG, reason, "choose PS256, ES256 or EdDSA, or leave it out"));
    }
    client.id_token_alg = client.profile.signing(client.id_token_alg);
    client.demands.pushed = true;
    bind(form, client)
}

/// Whoever says nothing has its tokens bound to what it shows anyway.
fn bind(form: &ClientForm, client: &mut Client) -> Result<(), Invalid> {
    let (dpop, certificate) =
        (form.dpop_bound_access_tokens, form.tls_client_certificate_bound_access_tokens);
    let demands = &mut client.demands;
    if certificate == Some(true) && dpop.is_none() {
        demands.dpop = false;
    }
    if demands.dpop || demands.certificate {
        return Ok(());
    }
    let by_certificate = client.auth.is_by_certificate();
    let (usual, given) = if by_certificate { (CERTIFICATE, certificate) } else { (DPOP, dpop) };
    if given == Some(false) {
        let reason = "under the profile fapi2 tokens are bound to a DPoP key or to a certificate";
        let mend = format!("turn on {DPOP} or {CERTIFICATE}");
        return Err(contradiction(usual, reason, &mend));
    }
    (demands.dpop, demands.certificate) = (!by_certificate, by_certificate);
    Ok(())
}

fn contradiction(field: &'static str, reason: &'static str, mend: &str) -> Invalid {
    Invalid::new(field, reason, format!("{mend}, or set the profile oauth21"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::OffsetDateTime;

    use super::*;
    use crate::crypto::jwt::SigningKey;
    use crate::protocol::client::ClientId;

    /// What becomes of a FAPI client whose registration also says `more`.
    fn registered(more: &Value) -> Result<Client, String> {
        let mut form = json!({
            "profile": "fapi2", "redirect_uris": ["https://a.example/"],
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": { "keys": [SigningKey::generate(Alg::Es256).unwrap().0.public_jwk()] },
        });
        form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let form: ClientForm = serde_json::from_value(form).unwrap();
        let made = form.make(ClientId::parse("bank").unwrap(), OffsetDateTime::UNIX_EPOCH);
        made.map_err(|refused| refused.to_string())
    }

    #[test]
    fn what_is_left_open_is_settled() {
        let client = registered(&json!({})).unwrap();
        assert_eq!((client.id_token_alg, client.rotation), (Alg::Ps256, Rotation::Never));
        assert!(client.demands.pushed && client.demands.dpop && !client.demands.certificate);
        let bound = registered(&json!({ CERTIFICATE: true })).unwrap();
        assert!(bound.demands.certificate && !bound.demands.dpop);
        assert!(registered(&json!({ DPOP: false, CERTIFICATE: true })).is_ok());
    }

    #[test]
    fn what_contradicts_the_profile_is_refused_by_name() {
        for (more, field) in [
            (json!({ PUSHED: false }), PUSHED),
            (json!({ ALG: "RS256" }), ALG),
            (json!({ DPOP: false }), DPOP),
            (json!({ DPOP: false, CERTIFICATE: false }), DPOP),
        ] {
            let refusal = registered(&more).unwrap_err();
            assert!(refusal.starts_with(&format!("{field}: under the profile")), "{refusal}");
            assert!(refusal.contains("oauth21"), "{refusal}");
        }
    }

    #[test]
    fn what_was_registered_is_not_taken_back_in_silence() {
        let client = registered(&json!({})).unwrap();
        for change in [json!({ DPOP: false }), json!({ PUSHED: false })] {
            let form: ClientForm = serde_json::from_value(change).unwrap();
            assert!(form.change(&client).is_err());
        }
    }

    #[test]
    fn a_key_that_signs_nothing_under_the_profile_is_refused_with_what_to_change() {
        let rsa = SigningKey::generate(Alg::Rs256).unwrap().0.public_jwk();
        let refusal = registered(&json!({ "jwks": { "keys": [rsa] } })).unwrap_err();
        assert!(
            refusal.starts_with("jwks: none of its keys") && refusal.contains("PS256"),
            "{refusal}"
        );
    }
}
