//! Tokens looked into: what they say, and what a client or an API must check.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::crypto::jwt::{self, Alg, Audience, Expect, Expiry, PublicKeys};
use crate::endpoints::cx::Cx;
use crate::endpoints::dev::playground::wire::pretty;
use crate::manage::demo;
use crate::protocol::token::{ACCESS_TYP, ID_TYP};
use crate::web::pages::playground::{Check, DecodedToken};

/// How far clocks may differ, in seconds.
const LEEWAY_S: i64 = 5;
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// Header and claims of `token`, as they are: nothing is checked by that.
pub fn decode(name: &str, token: &str) -> DecodedToken {
    let mut parts = token.split('.').map(|part| {
        let json = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<Value>(&json).ok()
    });
    let mut next = || parts.next().flatten().map(|json| pretty(&json)).unwrap_or_default();
    DecodedToken { name: name.to_owned(), header: next(), claims: next() }
}

/// What an OpenID Connect client checks of an ID token (OIDC Core §3.1.3.7).
pub fn check_id(cx: &Cx, keys: &Value, token: &str, (nonce, access): (&str, &str)) -> Vec<Check> {
    let audience = [demo::PLAYGROUND];
    let expect = expect(cx, &[ID_TYP, ""], &audience);
    match verify(cx, keys, token, &expect) {
        Ok((claims, alg)) => {
            let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
            vec![
                signed(alg),
                Check::passed("iss is the issuer we asked, aud is us, and exp has not passed"),
                Check::of(text("nonce") == nonce, "nonce is the one of our request"),
                Check::of(
                    text("at_hash") == alg.half_hash(access),
                    "at_hash belongs to the access token that came along",
                ),
            ]
        }
        Err(why) => vec![Check::failed(&why)],
    }
}

/// What an API checks of an access token (RFC 9068 §4).
pub fn check_access(cx: &Cx, keys: &Value, token: &str) -> Vec<Check> {
    let resource = demo::resource(&cx.app.settings.issuer);
    let audience = [resource.as_str()];
    let expect = expect(cx, &[ACCESS_TYP], &audience);
    match verify(cx, keys, token, &expect) {
        Ok((_, alg)) => vec![
            signed(alg),
            Check::passed("typ is at+jwt: an ID token would not pass for an access token"),
            Check::passed("aud is the demo API, iss is this server, and exp has not passed"),
        ],
        Err(why) => vec![Check::failed(&why)],
    }
}

fn signed(alg: Alg) -> Check {
    let alg = alg.as_str();
    Check::passed(&format!("the signature ({alg}) is of a key in the published key set"))
}

fn expect<'a>(cx: &'a Cx, typ: &'a [&'a str], audience: &'a [&'a str]) -> Expect<'a> {
    Expect {
        typ,
        algs: &Alg::ALL,
        issuer: &cx.app.settings.issuer,
        audience: Audience::Contains(audience),
        expiry: Expiry::Required,
        required: &["sub", "iat"],
        leeway_s: LEEWAY_S,
        max_bytes: LONGEST,
    }
}

fn verify(
    cx: &Cx,
    keys: &Value,
    token: &str,
    expect: &Expect<'_>,
) -> Result<(Map<String, Value>, Alg), String> {
    let keys = PublicKeys::from_jwks(keys).map_err(|error| error.to_string())?;
    let verified = jwt::verify::<Map<String, Value>>(token, &keys, expect, cx.now);
    let verified = verified.map_err(|error| error.to_string())?;
    let alg = verified.alg();
    Ok((verified.into_claims(), alg))
}
