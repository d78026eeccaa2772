//! What `portcullis dev` has ready: a demo API, its resource server, and the playground's client.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::apis::{ApiForm, ScopeForm};
use super::apply::{self, ApplyError, Document, Report};
use super::clients::ClientForm;
use super::fields::SecretText;
use super::{Cx, Result};
use crate::crypto::secret::Secret;
use crate::live::passwords::Passwords;
use crate::store::{StoreError, settings};

/// The client of the playground page: public, with PKCE.
pub const PLAYGROUND: &str = "playground";
/// The client that is the demo API itself, and introspects the tokens that come to it.
pub const API_CLIENT: &str = "demo-api";
/// The scopes of the demo API, each with what people are told at consent.
pub const SCOPES: [(&str, &str); 2] =
    [("demo.read", "Read the demo API"), ("demo.write", "Write to the demo API")];
/// Where the playground gets its codes, under its origin.
pub const CALLBACK_PATH: &str = "/playground/callback";

/// The setting that keeps the secret of [`API_CLIENT`], sealed.
const SETTING: &str = "demo";
/// What the sealed secret is bound to.
const PURPOSE: &str = "demo-api-secret";

/// The identifier of the demo API.
pub fn resource(issuer: &str) -> String {
    format!("{issuer}/demo/api")
}

/// The redirect URI of the playground: the issuer, as an address that may be registered
/// (RFC 8252 §8.3 wants the loopback address where people see `localhost`).
pub fn callback(issuer: &str) -> String {
    format!("{}{CALLBACK_PATH}", registrable(issuer))
}

/// Makes the demo API and both clients be there as they were meant; changes nothing where they are.
pub async fn seed(
    cx: &Cx<'_>,
    issuer: &str,
    passwords: &Passwords,
) -> std::result::Result<Report, ApplyError> {
    let secret = match api_secret(cx).await? {
        Some(secret) => secret,
        None => mint(cx).await?,
    };
    let document = Document {
        apis: vec![api(issuer)],
        clients: vec![playground(issuer), api_client(issuer, secret)],
        ..Document::default()
    };
    apply::apply(cx, &document, passwords).await
}

/// The secret of [`API_CLIENT`]; nothing where the demo was never seeded.
pub async fn api_secret(cx: &Cx<'_>) -> Result<Option<Secret>> {
    let stored = settings::find(cx.store.pool(), SETTING).await?;
    let Some(Value::Array(bytes)) =
        stored.and_then(|mut value| value.get_mut("sealed").map(Value::take))
    else {
        return Ok(None);
    };
    let byte = |value: &Value| value.as_u64().and_then(|number| u8::try_from(number).ok());
    let sealed: Option<Vec<u8>> = bytes.iter().map(byte).collect();
    let corrupt = || StoreError::Corrupt("demo".into());
    let opened = cx.secrets.seal.open(PURPOSE, b"", &sealed.ok_or_else(corrupt)?)?;
    let text = std::str::from_utf8(&opened).map_err(|_| corrupt())?;
    Ok(Some(Secret::new(text.to_owned())))
}

async fn mint(cx: &Cx<'_>) -> Result<Secret> {
    let secret = Secret::mint("pc_cs_", cx.entropy);
    let plain = Zeroizing::new(secret.expose().as_bytes().to_vec());
    let sealed = cx.secrets.seal.seal(PURPOSE, b"", &plain, cx.entropy)?;
    settings::set(cx.store.pool(), SETTING, &json!({ "sealed": sealed }), cx.now).await?;
    Ok(secret)
}

fn api(issuer: &str) -> ApiForm {
    let scope = |(name, description): (&str, &str)| ScopeForm {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        ..ScopeForm::default()
    };
    ApiForm {
        resource: resource(issuer),
        name: Some("Demo API".to_owned()),
        scopes: Some(SCOPES.map(scope).to_vec()),
        ..ApiForm::default()
    }
}

fn playground(issuer: &str) -> ClientForm {
    let texts = |texts: &[&str]| Some(texts.iter().map(|&text| text.to_owned()).collect());
    ClientForm {
        client_id: Some(PLAYGROUND.to_owned()),
        client_name: Some("Playground".to_owned()),
        redirect_uris: Some(vec![callback(issuer)]),
        post_logout_redirect_uris: Some(vec![format!("{}/playground", registrable(issuer))]),
        grant_types: texts(&["authorization_code", "refresh_token"]),
        token_endpoint_auth_method: Some("none".to_owned()),
        scope: Some("openid profile email offline_access demo.read demo.write".to_owned()),
        consent: Some("remember".to_owned()),
        ..ClientForm::default()
    }
}

fn api_client(issuer: &str, secret: Secret) -> ClientForm {
    ClientForm {
        client_id: Some(API_CLIENT.to_owned()),
        client_secret: Some(SecretText::from(secret)),
        client_name: Some("Demo API".to_owned()),
        grant_types: Some(vec!["client_credentials".to_owned()]),
        token_endpoint_auth_method: Some("client_secret_basic".to_owned()),
        scope: Some("demo.read demo.write".to_owned()),
        introspect: Some(vec![resource(issuer)]),
        ..ClientForm::default()
    }
}

/// The issuer with the loopback address in the place of `localhost`.
fn registrable(issuer: &str) -> String {
    match issuer.strip_prefix("http://localhost") {
        Some(rest) if rest.is_empty() || rest.starts_with([':', '/']) => {
            format!("http://127.0.0.1{rest}")
        }
        _ => issuer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_playground_comes_back_to_an_address_that_may_be_registered() {
        for (issuer, uri) in [
            ("http://localhost:8080", "http://127.0.0.1:8080/playground/callback"),
            ("https://id.example.com", "https://id.example.com/playground/callback"),
            ("http://localhost.example", "http://localhost.example/playground/callback"),
        ] {
            assert_eq!(callback(issuer), uri);
        }
    }
}
