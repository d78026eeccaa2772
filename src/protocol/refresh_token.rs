//! A refresh token on the wire, and the request that carries it (RFC 6749 §6).
//!
//! It is `pc_rt_` and base64url of grant, salt, generation and their MAC: a forged or cut one never
//! reaches the database, and every node makes the same token of the same grant and generation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::crypto::seal::MacKey;
use crate::crypto::secret::Secret;
use crate::protocol::error::OAuthError;
use crate::protocol::grant::RefreshToken;
use crate::protocol::params::Params;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// What every refresh token begins with, so that scanners find it.
pub const PREFIX: &str = "pc_rt_";
/// The label of the MAC key (`MacKey::derive`).
pub const MAC_LABEL: &str = "refresh-token";

/// Grant, salt, generation, MAC.
const BYTES: usize = 16 + 16 + 4 + 32;
/// The same in base64url.
const CHARACTERS: usize = (BYTES * 4).div_ceil(3);

impl RefreshToken {
    /// The token as it goes over the wire: always the same for the same grant and generation.
    pub fn mint(&self, key: &MacKey) -> Secret {
        let generation = self.generation.to_be_bytes();
        let mac = key.tag(&[self.grant_id.as_bytes(), &self.salt, &generation]);
        let bytes = [self.grant_id.as_bytes(), &self.salt[..], &generation, &mac].concat();
        Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token in `text`, if we minted exactly that text: nothing may be cut off or added, and
    /// there is one spelling of each (SECURITY.md TK-20).
    pub fn open(text: &str, key: &MacKey) -> Option<Self> {
        let encoded = text.strip_prefix(PREFIX).filter(|text| text.len() == CHARACTERS)?;
        let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
        let (grant_id, rest) = bytes.split_first_chunk::<16>()?;
        let (salt, rest) = rest.split_first_chunk::<16>()?;
        let (generation, mac) = rest.split_first_chunk::<4>()?;
        let good = mac.len() == 32 && key.verify(&[grant_id, salt, generation], mac);
        good.then(|| Self {
            grant_id: Uuid::from_bytes(*grant_id),
            salt: *salt,
            generation: i32::from_be_bytes(*generation),
        })
    }
}

/// A request to refresh.
#[derive(Debug, Clone)]
pub struct RefreshRequest {
    /// The token as sent; [`RefreshToken::open`] takes it apart.
    pub token: Secret,
    /// Less scope than was granted; all of it where absent.
    pub scope: Option<Scope>,
    /// Fewer APIs than were granted; all of them where empty (RFC 8707 §2.2).
    pub resources: Vec<Resource>,
}

impl RefreshRequest {
    /// The request in `params`.
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        Ok(Self {
            token: Secret::new(params.require("refresh_token")?.to_owned()),
            scope: params.get("scope").map(Scope::parse).transpose()?,
            resources: Resource::all(params)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ambient::SystemEntropy;
    use crate::crypto::seal::MasterKey;
    use crate::protocol::error::ErrorCode;

    fn key() -> MacKey {
        MacKey::derive(&MasterKey::mint(&SystemEntropy), MAC_LABEL)
    }

    fn token() -> RefreshToken {
        RefreshToken { grant_id: Uuid::from_u128(7), salt: [9; 16], generation: 3 }
    }

    #[test]
    fn every_node_makes_the_same_token() {
        let key = key();
        assert!(token().mint(&key).same(&token().mint(&key)));
        assert_eq!(token().mint(&key).expose().len(), PREFIX.len() + CHARACTERS);
    }

    #[test]
    fn another_key_opens_nothing() {
        assert_eq!(RefreshToken::open(token().mint(&key()).expose(), &key()), None);
    }

    #[test]
    fn a_token_cut_short_or_extended_is_none() {
        let key = key();
        let minted = token().mint(&key);
        let text = minted.expose();
        for length in 0..text.len() {
            assert_eq!(RefreshToken::open(text.get(..length).expect("ascii"), &key), None);
        }
        for more in ["A", "=", " ", "\n", "\0"] {
            assert_eq!(RefreshToken::open(&format!("{text}{more}"), &key), None);
            assert_eq!(RefreshToken::open(&format!("{more}{text}"), &key), None);
        }
    }

    #[test]
    fn no_other_spelling_of_a_token_is_good() {
        let key = key();
        let minted = token().mint(&key);
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let good: Vec<_> = (0..minted.expose().len())
            .flat_map(|at| alphabet.iter().map(move |letter| (at, *letter)))
            .filter(|(at, letter)| {
                let mut bytes = minted.expose().as_bytes().to_vec();
                bytes[*at] = *letter;
                let text = String::from_utf8(bytes).expect("ascii");
                text != minted.expose() && RefreshToken::open(&text, &key).is_some()
            })
            .collect();
        assert_eq!(good, []);
    }

    #[test]
    fn scope_and_resource_may_be_narrowed() {
        let params = Params::parse("refresh_token=x&scope=a+b&resource=urn:a").expect("ok");
        let request = RefreshRequest::parse(&params).expect("ok");
        assert_eq!(request.scope, Some(Scope::parse("a b").expect("ok")));
        assert_eq!(request.resources.len(), 1);
        let bare =
            RefreshRequest::parse(&Params::parse("refresh_token=x").expect("ok")).expect("ok");
        assert!(bare.scope.is_none() && bare.resources.is_empty());
    }

    #[test]
    fn a_request_without_token_is_invalid() {
        let error = RefreshRequest::parse(&Params::default()).expect_err("bad");
        assert_eq!(error.code, ErrorCode::InvalidRequest);
    }

    proptest! {
        #[test]
        fn what_is_minted_is_opened(id: u128, salt: [u8; 16], generation: i32) {
            let key = key();
            let token = RefreshToken { grant_id: Uuid::from_u128(id), salt, generation };
            prop_assert_eq!(RefreshToken::open(token.mint(&key).expose(), &key), Some(token));
        }

        #[test]
        fn nothing_else_is_opened_and_nothing_panics(text in "(pc_rt_)?[A-Za-z0-9_=é-]{0,120}") {
            prop_assert_eq!(RefreshToken::open(&text, &key()), None);
        }
    }
}
