//! The `openidconnect` crate as an application would use it.

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
    CoreClientAuthMethod, CoreGrantType, CoreIdTokenClaims, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreSubjectIdentifierType,
    CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthType, AuthorizationCode, ClientId,
    ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IntrospectionUrl, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    ProviderMetadata, RedirectUrl, RevocationUrl, Scope, TokenIntrospectionResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};

use crate::support::browser::http;
use crate::support::server::{REDIRECT, SECRET, Server};

/// A client whose ID tokens are signed with ES256.
const ELLIPTIC: &str = r#"
[[client]]
client_id = "elliptic"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
redirect_uris = ["https://app.example/cb"]
grant_types = ["authorization_code", "refresh_token"]
token_endpoint_auth_method = "client_secret_post"
scope = "openid email offline_access"
consent = "trusted"
id_token_signed_response_alg = "ES256"
"#;

/// What discovery says beyond OpenID Connect (RFC 8414 §2).
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Endpoints {
    revocation_endpoint: RevocationUrl,
    introspection_endpoint: IntrospectionUrl,
}

impl AdditionalProviderMetadata for Endpoints {}

type Metadata = ProviderMetadata<
    Endpoints,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// An application that knows where everything is.
pub type Application = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointSet,
    EndpointSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The application's HTTP client. The crate revokes over https only: a proxy that ends TLS would
/// stand where the scheme is changed here.
pub async fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let mut request = reqwest::Request::try_from(request)?;
    if request.url().scheme() == "https" {
        request.url_mut().set_scheme("http").unwrap();
    }
    let answer = http().execute(request).await?;
    let mut response = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    Ok(response.body(answer.bytes().await?.to_vec()).unwrap())
}

/// The application `id` of the stock, with its secret.
async fn stock(server: &Server, id: &str) -> Application {
    application(server, (id, SECRET), REDIRECT).await
}

/// The application `id`, which knows its secret, the issuer's address and nothing else.
pub async fn application(
    server: &Server,
    (id, secret): (&str, &str),
    redirect_uri: &str,
) -> Application {
    let issuer = IssuerUrl::new(server.issuer.clone()).unwrap();
    let metadata = Metadata::discover_async(issuer, &send).await.unwrap();
    let endpoints = metadata.additional_metadata().clone();
    let revocation = endpoints.revocation_endpoint.as_str().replace("http://", "https://");
    let (id, secret) = (ClientId::new(id.to_owned()), ClientSecret::new(secret.to_owned()));
    CoreClient::from_provider_metadata(metadata, id, Some(secret))
        .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).unwrap())
        .set_introspection_url(endpoints.introspection_endpoint)
        .set_revocation_url(RevocationUrl::new(revocation).unwrap())
}

/// Signs `username` in for `scopes`; the ID token is checked in every respect.
async fn sign_in(
    server: &Server,
    application: &Application,
    username: &str,
    scopes: &[&str],
) -> (CoreTokenResponse, CoreIdTokenClaims) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = CoreAuthenticationFlow::AuthorizationCode;
    let scopes = scopes.iter().map(|scope| Scope::new((*scope).to_owned()));
    let (address, state, nonce) = application
        .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(scopes)
        .set_pkce_challenge(challenge)
        .url();
    let mut browser = server.browser();
    let page = browser.get(address.as_str()).await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, username).await;
    assert_eq!(page.param("state").as_ref(), Some(state.secret()), "{page:?}");
    let code = AuthorizationCode::new(page.param("code").unwrap());
    let request = application.exchange_code(code).unwrap().set_pkce_verifier(verifier);
    let tokens: CoreTokenResponse = request.request_async(&send).await.unwrap();
    let claims = verified(application, &tokens, &nonce);
    (tokens, claims)
}

fn verified(
    application: &Application,
    tokens: &CoreTokenResponse,
    nonce: &Nonce,
) -> CoreIdTokenClaims {
    let verifier = application.id_token_verifier();
    let id_token = tokens.id_token().unwrap();
    let claims = id_token.claims(&verifier, nonce).unwrap();
    let (alg, key) = (id_token.signing_alg().unwrap(), id_token.signing_key(&verifier).unwrap());
    let hash = AccessTokenHash::from_token(tokens.access_token(), alg, key).unwrap();
    assert_eq!(claims.access_token_hash(), Some(&hash));
    claims.clone()
}

#[tokio::test]
async fn an_application_signs_in_refreshes_and_revokes() {
    let server = Server::start().await;
    let shop = stock(&server, "shop").await;
    let scopes = ["profile", "email", "offline_access", "orders.read"];
    let (tokens, claims) = sign_in(&server, &shop, "carol", &scopes).await;
    let methods: Vec<_> = claims.auth_method_refs().unwrap().iter().map(|m| m.as_str()).collect();
    assert_eq!(methods, ["pwd", "otp", "mfa"]);

    let subject = Some(claims.subject().clone());
    let access = tokens.access_token().clone();
    let person: CoreUserInfoClaims =
        shop.user_info(access, subject).unwrap().request_async(&send).await.unwrap();
    assert_eq!(person.email().unwrap().as_str(), "carol@example.com");

    let refresh = tokens.refresh_token().unwrap();
    let fresh: CoreTokenResponse =
        shop.exchange_refresh_token(refresh).unwrap().request_async(&send).await.unwrap();
    assert_ne!(fresh.access_token().secret(), tokens.access_token().secret());
    let seen = shop.introspect(fresh.access_token()).request_async(&send).await.unwrap();
    assert!(seen.active());
    assert_eq!(seen.sub(), Some(claims.subject().as_str()));

    let refresh = CoreRevocableToken::from(fresh.refresh_token().unwrap().clone());
    shop.revoke_token(refresh).unwrap().request_async(&send).await.unwrap();
    let dead = shop.introspect(fresh.access_token()).request_async(&send).await.unwrap();
    assert!(!dead.active());
}

#[tokio::test]
async fn an_application_that_wants_es256_gets_it() {
    let server = Server::start().await;
    server.apply(ELLIPTIC).await;
    let elliptic = stock(&server, "elliptic").await.set_auth_type(AuthType::RequestBody);
    let (tokens, claims) = sign_in(&server, &elliptic, "bob", &["email"]).await;
    let alg = tokens.id_token().unwrap().signing_alg().unwrap();
    assert_eq!(alg, &CoreJwsSigningAlgorithm::EcdsaP256Sha256);
    assert_eq!(claims.audiences()[0].as_str(), "elliptic");
}

#[tokio::test]
async fn a_machine_gets_a_token_for_itself() {
    let server = Server::start().await;
    let machine = stock(&server, "machine").await;
    let request = machine.exchange_client_credentials().unwrap();
    let request = request.add_scope(Scope::new("orders.read".to_owned()));
    let tokens: CoreTokenResponse = request.request_async(&send).await.unwrap();
    assert!(tokens.id_token().is_none() && tokens.refresh_token().is_none());
    let shop = stock(&server, "shop").await;
    let seen = shop.introspect(tokens.access_token()).request_async(&send).await.unwrap();
    assert!(seen.active());
    assert_eq!(seen.client_id().unwrap().as_str(), "machine");
}

#[tokio::test]
async fn a_bad_code_is_refused_in_words_that_the_crate_knows() {
    let server = Server::start().await;
    let shop = stock(&server, "shop").await;
    let code = AuthorizationCode::new("pc_ac_never-issued".to_owned());
    let request = shop.exchange_code(code).unwrap();
    let refused: Result<CoreTokenResponse, _> = request.request_async(&send).await;
    let error = refused.unwrap_err();
    let openidconnect::RequestTokenError::ServerResponse(answer) = error else {
        panic!("not an answer of the server: {error}")
    };
    assert_eq!(answer.error().as_ref(), "invalid_grant");
}
