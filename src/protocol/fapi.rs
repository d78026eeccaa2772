//! What the FAPI 2.0 Security Profile asks of a client (§5.3.2.1, §5.4.1), as far as its registration
//! tells; the rest is asked of each request.

use crate::crypto::jwt::Alg;
use crate::protocol::client::{Client, Profile, Rotation};

/// One thing that a client lacks to live under the profile.
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
pub fn lacking(client: &Client) -> Vec<Lack> {
    let all = [
        (
            client.auth.is_strong(),
            Lack {
                field: "token_endpoint_auth_method",
                what: "it proves itself by a secret or not at all",
                mend: "set private_key_jwt and give keys, or set tls_client_auth",
            },
        ),
        (
            client.id_token_alg != Alg::Rs256,
            Lack {
                field: "id_token_signed_response_alg",
                what: "its ID tokens are signed with RS256",
                mend: "use ES256, PS256 or EdDSA",
            },
        ),
        (
            client.demands.pushed,
            Lack {
                field: "require_pushed_authorization_requests",
                what: "it may send requests that are not pushed",
                mend: "set it",
            },
        ),
        (
            // Under the profile each token is bound to what was shown, whatever is demanded.
            client.profile == Profile::Fapi2 || client.demands.dpop || client.demands.certificate,
            Lack {
                field: "dpop_bound_access_tokens",
                what: "it may get tokens that are not bound",
                mend: "set it, or tls_client_certificate_bound_access_tokens",
            },
        ),
        (
            client.rotation == Rotation::Never,
            Lack {
                field: "profile",
                what: "its refresh tokens rotate",
                mend: "set the profile fapi2",
            },
        ),
    ];
    all.into_iter().filter(|(has, _)| !has).map(|(_, lack)| lack).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::client::{ClientAuth, ClientKeys, Demands};
    use crate::protocol::sample;

    type Change = fn(&mut Client);

    #[test]
    fn each_thing_that_the_profile_asks_for_is_missed_by_itself() {
        let mut client = sample::client();
        client.auth = ClientAuth::PrivateKeyJwt(ClientKeys::Inline(serde_json::Value::Null));
        client.id_token_alg = Alg::Ps256;
        client.demands = Demands { dpop: true, certificate: false, pushed: true };
        client.rotation = Rotation::Never;
        assert_eq!(lacking(&client), []);
        let changes: [(Change, &str); 5] = [
            (|one| one.auth = ClientAuth::None, "token_endpoint_auth_method"),
            (|one| one.id_token_alg = Alg::Rs256, "id_token_signed_response_alg"),
            (|one| one.demands.pushed = false, "require_pushed_authorization_requests"),
            (|one| one.demands.dpop = false, "dpop_bound_access_tokens"),
            (|one| one.rotation = Rotation::Always, "profile"),
        ];
        let mut by_certificate = client.clone();
        by_certificate.demands = Demands { dpop: false, certificate: true, pushed: true };
        assert_eq!(lacking(&by_certificate), []);
        for (change, field) in changes {
            let mut worse = client.clone();
            change(&mut worse);
            let found: Vec<_> = lacking(&worse).iter().map(|lack| lack.field).collect();
            assert_eq!(found, [field]);
        }
    }
}
