//! Code that somebody can begin with, with an application's real values.

use serde_json::Value;

use crate::protocol::client::{Client, ClientAuth, GrantType};
use crate::protocol::params;
use crate::web::pages::admin::clients::Snippet;

/// What stands where a secret belongs that is not shown any more.
const HIDDEN: &str = "YOUR_CLIENT_SECRET";

/// The values that go into the code.
struct Values<'a> {
    issuer: &'a str,
    id: &'a str,
    secret: Option<&'a str>,
    redirect: &'a str,
    scope: String,
}

/// Code for `client`: with its secret where there is one to show.
pub fn of(issuer: &str, client: &Client, secret: Option<&str>) -> Vec<Snippet> {
    let secret = match &client.auth {
        ClientAuth::SecretBasic(_) | ClientAuth::SecretPost(_) => Some(secret.unwrap_or(HIDDEN)),
        ClientAuth::None => None,
        // What it does with its key is between the application and its library.
        ClientAuth::PrivateKeyJwt(_)
        | ClientAuth::TlsClientAuth(_)
        | ClientAuth::SelfSignedTls(_) => return Vec::new(),
    };
    let values = Values {
        issuer,
        id: client.id.as_str(),
        secret,
        redirect: client.redirect_uris.first().map_or("", |uri| uri.as_str()),
        scope: client.scope.to_string(),
    };
    if client.may_use(GrantType::AuthorizationCode) {
        vec![curl_code(&values), node_code(&values), python_code(&values), rust_code(&values)]
    } else {
        vec![
            curl_machine(&values),
            node_machine(&values),
            python_machine(&values),
            rust_machine(&values),
        ]
    }
}

/// `text` as a string of JavaScript, Python or Rust: the escapes of JSON are theirs too.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// `text` as one word of a POSIX shell.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// `id:secret` as RFC 6749 §2.3.1 has it: each percent-encoded first.
fn basic(values: &Values<'_>) -> String {
    let encoded = params::encode([(values.id, values.secret.unwrap_or_default())]);
    shell(&encoded.replacen('=', ":", 1))
}

fn curl_code(values: &Values<'_>) -> Snippet {
    let query = params::encode([
        ("client_id", values.id),
        ("response_type", "code"),
        ("redirect_uri", values.redirect),
        ("scope", values.scope.as_str()),
        ("code_challenge_method", "S256"),
    ]);
    let (issuer, client) = (values.issuer, client_arguments(values));
    let redirect = shell(&format!("redirect_uri={}", values.redirect));
    let code = format!(
        r#"VERIFIER=$(openssl rand -hex 32)
CHALLENGE=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=')
echo "Open: {issuer}/oauth2/authorize?{query}&state=$(openssl rand -hex 8)&code_challenge=$CHALLENGE"
printf 'The code from the address you land at: '; read -r CODE
curl {client} \
  -d grant_type=authorization_code --data-urlencode "code=$CODE" \
  --data-urlencode {redirect} -d "code_verifier=$VERIFIER" \
  {issuer}/oauth2/token"#
    );
    Snippet { title: "curl", install: "", code }
}

fn client_arguments(values: &Values<'_>) -> String {
    match values.secret {
        Some(_) => format!("-u {}", basic(values)),
        None => format!("--data-urlencode {}", shell(&format!("client_id={}", values.id))),
    }
}

fn node_code(values: &Values<'_>) -> Snippet {
    let (issuer, id) = (quoted(values.issuer), quoted(values.id));
    let (redirect, scope) = (quoted(values.redirect), quoted(&values.scope));
    let (secret, proof) = match values.secret {
        Some(secret) => (quoted(secret), "oidc.ClientSecretBasic()"),
        None => ("undefined".to_owned(), "oidc.None()"),
    };
    let code = format!(
        r#"import * as oidc from "openid-client";

const config = await oidc.discovery(new URL({issuer}), {id}, {secret}, {proof});

// 1. Send the browser away; keep verifier and state in its session.
const verifier = oidc.randomPKCECodeVerifier();
const state = oidc.randomState();
const away = oidc.buildAuthorizationUrl(config, {{
  redirect_uri: {redirect},
  scope: {scope},
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
}});

// 2. It comes back to your redirect URI; `url` is the whole address.
export async function callback(url) {{
  const tokens = await oidc.authorizationCodeGrant(config, url, {{
    pkceCodeVerifier: verifier,
    expectedState: state,
  }});
  return tokens.claims();
}}"#
    );
    Snippet { title: "Node · openid-client", install: "npm install openid-client", code }
}

fn python_code(values: &Values<'_>) -> Snippet {
    let (id, scope) = (quoted(values.id), quoted(&values.scope));
    let metadata = quoted(&format!("{}/.well-known/openid-configuration", values.issuer));
    let proof = match values.secret {
        Some(secret) => format!("client_secret={},", quoted(secret)),
        None => r#"token_endpoint_auth_method="none","#.to_owned(),
    };
    let redirect = quoted(values.redirect);
    let code = format!(
        r#"from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

app = Flask(__name__)
app.secret_key = "change me"
oauth = OAuth(app)
oauth.register(
    "portcullis",
    client_id={id},
    {proof}
    server_metadata_url={metadata},
    client_kwargs={{"scope": {scope}, "code_challenge_method": "S256"}},
)

@app.get("/login")
def login():
    return oauth.portcullis.authorize_redirect({redirect})

@app.get("/callback")  # the path of your redirect URI
def callback():
    session["user"] = oauth.portcullis.authorize_access_token()["userinfo"]
    return redirect("/")"#
    );
    Snippet { title: "Python · authlib", install: "pip install authlib flask requests", code }
}

fn rust_code(values: &Values<'_>) -> Snippet {
    let (issuer, id, redirect) =
        (quoted(values.issuer), quoted(values.id), quoted(values.redirect));
    let secret = match values.secret {
        Some(secret) => format!("Some(ClientSecret::new({}.into()))", quoted(secret)),
        None => "None".to_owned(),
    };
    // The library asks for `openid` by itself.
    let scopes = rust_scopes(values.scope.split(' ').filter(|name| *name != "openid"));
    let code = format!(
        r#"use openidconnect::core::{{CoreClient, CoreProviderMetadata, CoreResponseType}};
use openidconnect::{{
    AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    PkceCodeChallenge, RedirectUrl, Scope,
}};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let no_redirects = openidconnect::reqwest::redirect::Policy::none();
    let http = openidconnect::reqwest::Client::builder().redirect(no_redirects).build()?;
    let issuer = IssuerUrl::new({issuer}.into())?;
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await?;
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new({id}.into()), {secret})
        .set_redirect_uri(RedirectUrl::new({redirect}.into())?);

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
    let (url, _state, nonce) = client
        .authorize_url(flow, CsrfToken::new_random, Nonce::new_random){scopes}
        .set_pkce_challenge(challenge)
        .url();
    println!("Open {{url}}, then paste the code from the address you land at:");
    let mut code = String::new();
    std::io::stdin().read_line(&mut code)?;

    let tokens = client
        .exchange_code(AuthorizationCode::new(code.trim().into()))?
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await?;
    let id_token = tokens.extra_fields().id_token().ok_or("no ID token")?;
    println!("{{:?}}", id_token.claims(&client.id_token_verifier(), &nonce)?);
    Ok(())
}}"#
    );
    Snippet {
        title: "Rust · openidconnect",
        install: "cargo add openidconnect && cargo add tokio --features full",
        code,
    }
}

/// A line for each scope.
fn rust_scopes<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let line = |name| format!("\n        .add_scope(Scope::new({}.into()))", quoted(name));
    names.filter(|name| !name.is_empty()).map(line).collect::<Vec<_>>().concat()
}

fn curl_machine(values: &Values<'_>) -> Snippet {
    let scope = shell(&format!("scope={}", values.scope));
    let code = format!(
        "curl -u {} \\\n  -d grant_type=client_credentials --data-urlencode {scope} \\\n  {}/oauth2/token",
        basic(values),
        values.issuer
    );
    Snippet { title: "curl", install: "", code }
}

fn node_machine(values: &Values<'_>) -> Snippet {
    let (issuer, id, scope) = (quoted(values.issuer), quoted(values.id), quoted(&values.scope));
    let secret = quoted(values.secret.unwrap_or_default());
    let code = format!(
        r#"import * as oidc from "openid-client";

const config = await oidc.discovery(new URL({issuer}), {id}, {secret}, oidc.ClientSecretBasic());
const tokens = await oidc.clientCredentialsGrant(config, {{ scope: {scope} }});
console.log(tokens.access_token);"#
    );
    Snippet { title: "Node · openid-client", install: "npm install openid-client", code }
}

fn python_machine(values: &Values<'_>) -> Snippet {
    let (id, scope) = (quoted(values.id), quoted(&values.scope));
    let secret = quoted(values.secret.unwrap_or_default());
    let token = quoted(&format!("{}/oauth2/token", values.issuer));
    let code = format!(
        r#"from authlib.integrations.requests_client import OAuth2Session

client = OAuth2Session({id}, {secret}, scope={scope})
token = client.fetch_token({token}, grant_type="client_credentials")
print(token["access_token"])"#
    );
    Snippet { title: "Python · authlib", install: "pip install authlib requests", code }
}

fn rust_machine(values: &Values<'_>) -> Snippet {
    let (issuer, id) = (quoted(values.issuer), quoted(values.id));
    let secret = quoted(values.secret.unwrap_or_default());
    let scopes = rust_scopes(values.scope.split(' '));
    let code = format!(
        r#"use openidconnect::core::{{CoreClient, CoreProviderMetadata}};
use openidconnect::{{ClientId, ClientSecret, IssuerUrl, OAuth2TokenResponse, Scope}};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let no_redirects = openidconnect::reqwest::redirect::Policy::none();
    let http = openidconnect::reqwest::Client::builder().redirect(no_redirects).build()?;
    let issuer = IssuerUrl::new({issuer}.into())?;
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await?;
    let secret = ClientSecret::new({secret}.into());
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new({id}.into()), Some(secret));
    let tokens = client
        .exchange_client_credentials()?{scopes}
        .request_async(&http)
        .await?;
    println!("{{}}", tokens.access_token().secret());
    Ok(())
}}"#
    );
    Snippet {
        title: "Rust · openidconnect",
        install: "cargo add openidconnect && cargo add tokio --features full",
        code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_quotes() {
        assert_eq!(shell("a'; rm -rf /; '"), r"'a'\''; rm -rf /; '\'''");
        assert_eq!(quoted("a\"b\\c"), r#""a\"b\\c""#);
        let values = Values {
            issuer: "https://id.example",
            id: "a:b'",
            secret: Some("s=%"),
            redirect: "",
            scope: String::new(),
        };
        assert_eq!(basic(&values), "'a%3Ab%27:s%3D%25'");
    }
}
