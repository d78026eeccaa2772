//! What the FAPI 2.0 Security Profile asks of a client (§5.3.2.1, §5.4.1) that it must bring itself, as
//! far as its registration tells. All else, pushed requests, bound tokens, no rotation and no RS256, it
//! gets with the profile, whatever is registered; the rest is asked of each request.

use crate::crypto::jwt::PublicKeys;
use crate::protocol::client::{Client, ClientAuth, ClientKeys, Profile};
use crate::protocol::client_auth;

/// One thing that a client lacks to live under the profile. Under it, its requests are refused for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// The field of its registration (RFC 7591 §2).
    pub field: &'static str,
    /// What is wrong, in a few words.
    pub what: &'static str,
    /// What to change.
    pub mend: &'static str,
}

/// What `client` lacks; nothing, where it can live under the profile.
pub fn lacking(client: &Client) -> Option<Lack> {
    let lacks_a_key = |what| Lack {
        field: "token_endpoint_auth_method",
        what,
        mend: "set private_key_jwt and give its public keys, or set tls_client_auth or \
               self_signed_tls_client_auth",
    };
    match &client.auth {
        ClientAuth::None => {
            Some(lacks_a_key("it is a public client, and proves itself by nothing"))
        }
        ClientAuth::SecretBasic(_) | ClientAuth::SecretPost(_) => {
            Some(lacks_a_key("it proves itself by a secret"))
        }
        ClientAuth::PrivateKeyJwt(ClientKeys::Inline(jwks)) if !can_sign(jwks) => Some(Lack {
            field: "jwks",
            what: "none of its keys can sign with PS256, ES256 or EdDSA",
            mend: "give a key for one of them; an RSA key is one where its alg is PS256 or left out",
        }),
        // What stands at a jwks_uri is known when it is fetched.
        ClientAuth::PrivateKeyJwt(_)
        | ClientAuth::TlsClientAuth(_)
        | ClientAuth::SelfSignedTls(_) => None,
    }
}

/// Whether one of `jwks` can sign assertions that the profile takes.
fn can_sign(jwks: &serde_json::Value) -> bool {
    PublicKeys::from_jwks(jwks).is_ok_and(|keys| keys.can_check(client_auth::algs(Profile::Fapi2)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::crypto::jwt::{Alg, SigningKey};
    use crate::protocol::sample;

    fn lack(auth: ClientAuth) -> Option<&'static str> {
        let mut client = sample::client();
        client.auth = auth;
        lacking(&client).map(|lack| lack.field)
    }

    #[test]
    fn a_client_must_hold_a_key() {
        for auth in
            [ClientAuth::None, ClientAuth::SecretBasic(vec![]), ClientAuth::SecretPost(vec![])]
        {
            assert_eq!(lack(auth), Some("token_endpoint_auth_method"));
        }
    }

    #[test]
    fn one_of_its_keys_must_be_for_an_algorithm_of_the_profile() {
        let jwk = |alg| SigningKey::generate(alg).expect("a key").0.public_jwk();
        let (rsa, other) = (jwk(Alg::Rs256), jwk(Alg::Es256));
        let mut any_rsa = rsa.clone();
        any_rsa.as_object_mut().expect("an object").remove("alg");
        let lacks =
            |keys| lack(ClientAuth::PrivateKeyJwt(ClientKeys::Inline(json!({ "keys": keys }))));
        assert_eq!(lacks(json!([rsa])), Some("jwks"));
        for keys in [json!([rsa, other]), json!([any_rsa]), json!([jwk(Alg::Ps256)])] {
            assert_eq!(lacks(keys), None);
        }
        // Certificates do not sign assertions.
        let auth = ClientAuth::SelfSignedTls(ClientKeys::Inline(json!({ "keys": [rsa] })));
        assert_eq!(lack(auth), None);
    }
}
