//! The demo of `portcullis dev`: an API, the client that is its resource server, and the playground.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::{Host, Url};

use super::apply::{self, ApplyError, Document, Report, Sources, Syntax};
use super::{Cx, apis};
use crate::crypto::seal::MacKey;
use crate::crypto::secret::Secret;
use crate::live::passwords::Passwords;

/// The public client that the playground page is.
pub const PLAYGROUND: &str = "playground";
/// The confidential client that introspects the demo API's tokens.
pub const RESOURCE_SERVER: &str = "demo-api";
/// What the demo API asks for.
pub const SCOPE: &str = "demo.read";
/// What the playground may ask for too, to see how a wish for more is put before people.
const WRITE_SCOPE: &str = "demo.write";
/// All that the playground asks for.
pub const PLAYGROUND_SCOPE: &str = "openid profile email offline_access demo.read";
/// Where the playground gets its answers.
pub const CALLBACK_PATH: &str = "/playground/callback";

/// The demo API's identifier: the audience of its tokens.
pub fn resource(issuer: &str) -> String {
    format!("{issuer}/demo/api")
}

/// The playground's redirect URI at a server called `issuer`. A plain server on this machine is
/// named by its address, as RFC 8252 §8.3 asks.
pub fn redirect_uri(issuer: &Url) -> String {
    let is_name = matches!(issuer.host(), Some(Host::Domain(_)));
    if issuer.scheme() == "http" && is_name {
        let port = issuer.port_or_known_default().unwrap_or(80);
        return format!("http://127.0.0.1:{port}{CALLBACK_PATH}");
    }
    format!("{}{CALLBACK_PATH}", issuer.as_str().trim_end_matches('/'))
}

/// The secret of [`RESOURCE_SERVER`]: made of the server's own key, so that it is kept nowhere.
pub fn secret(pepper: &MacKey) -> Secret {
    let tag = pepper.tag(&[b"demo", RESOURCE_SERVER.as_bytes()]);
    Secret::new(format!("pc_cs_{}", URL_SAFE_NO_PAD.encode(tag)))
}

/// Makes the demo be there; changes nothing where it is.
///
/// # Errors
/// Where the actor may not, or the database does not answer.
pub async fn ensure(
    cx: &Cx<'_>,
    issuer: &Url,
    passwords: &Passwords,
) -> Result<Report, ApplyError> {
    remove_former(cx, &resource(issuer.as_str().trim_end_matches('/'))).await?;
    let text = description(issuer, &secret(cx.secrets.pepper));
    let sources = Sources { env: &|_| None, directory: Path::new(".") };
    let document = Document::parse(text.expose(), Syntax::Toml, &sources)?;
    apply::apply(cx, &document, passwords).await
}

/// Removes the demo API of a former issuer: its scopes move to that of the present one.
async fn remove_former(cx: &Cx<'_>, present: &str) -> super::Result<()> {
    for api in apis::list(cx).await? {
        let is_demo = api.scopes.iter().any(|scope| scope.name == SCOPE);
        if is_demo && api.resource.as_str() != present {
            apis::delete(cx, api.resource.as_str()).await?;
        }
    }
    Ok(())
}

fn description(issuer: &Url, secret: &Secret) -> Secret {
    let resource = resource(issuer.as_str().trim_end_matches('/'));
    let redirect_uri = redirect_uri(issuer);
    Secret::new(format!(
        r#"
[[api]]
resource = "{resource}"
name = "Demo API"
scopes = [
    {{ name = "{SCOPE}", description = "See your orders at the demo API" }},
    {{ name = "{WRITE_SCOPE}", description = "Change your orders at the demo API" }},
]

[[client]]
client_id = "{PLAYGROUND}"
client_name = "Playground"
redirect_uris = ["{redirect_uri}"]
grant_types = ["authorization_code", "refresh_token"]
token_endpoint_auth_method = "none"
scope = "{PLAYGROUND_SCOPE} {WRITE_SCOPE}"
consent = "remember"

[[client]]
client_id = "{RESOURCE_SERVER}"
client_name = "Demo API"
client_secret = "{}"
grant_types = ["client_credentials"]
token_endpoint_auth_method = "client_secret_basic"
introspect = ["{resource}"]
"#,
        secret.expose()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_called_localhost_is_answered_at_its_address() {
        let at = |issuer: &str| redirect_uri(&Url::parse(issuer).unwrap());
        assert_eq!(at("http://localhost:8080"), "http://127.0.0.1:8080/playground/callback");
        assert_eq!(at("http://127.0.0.1:9"), "http://127.0.0.1:9/playground/callback");
        assert_eq!(at("https://id.example"), "https://id.example/playground/callback");
    }
}
