//! The `claims` parameter: claims asked for by name (OIDC Core §5.5).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::protocol::claims::STANDARD;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::scope::Scope;

/// The longest parameter, in bytes.
const MAX_BYTES: usize = 8 * 1024;
/// The deepest nesting.
const MAX_DEPTH: usize = 8;
/// The most claims in each place.
const MAX_CLAIMS: usize = 64;

/// What is asked for, by the place where it shall arrive.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClaimsRequest {
    /// In the ID token.
    pub id_token: BTreeMap<String, ClaimRequest>,
    /// From the userinfo endpoint.
    pub userinfo: BTreeMap<String, ClaimRequest>,
}

/// How one claim is asked for (OIDC Core §5.5.1).
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ClaimRequest {
    /// It would be nice to have.
    #[default]
    Voluntary,
    /// It would be nice to have with one of these values.
    VoluntaryOf(Vec<Value>),
    /// The client cannot do without.
    Essential,
    /// The client cannot do without one of these values.
    EssentialOf(Vec<Value>),
}

impl ClaimRequest {
    /// The strings among the values asked for.
    pub fn values(&self) -> Vec<&str> {
        match self {
            Self::Voluntary | Self::Essential => Vec::new(),
            Self::VoluntaryOf(values) | Self::EssentialOf(values) => {
                values.iter().filter_map(Value::as_str).collect()
            }
        }
    }

    /// Nothing where it is neither null nor an object; members not understood are ignored.
    fn read(value: &Value) -> Option<Self> {
        let members = match value {
            Value::Null => return Some(Self::Voluntary),
            Value::Object(members) => members,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => return None,
        };
        let essential = members.get("essential").and_then(Value::as_bool).unwrap_or(false);
        let values = match (members.get("value"), members.get("values")) {
            (Some(value), _) => Some(vec![value.clone()]),
            (None, Some(Value::Array(values))) => Some(values.clone()),
            _ => None,
        };
        Some(match (essential, values) {
            (false, None) => Self::Voluntary,
            (false, Some(values)) => Self::VoluntaryOf(values),
            (true, None) => Self::Essential,
            (true, Some(values)) => Self::EssentialOf(values),
        })
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Voluntary => Value::Null,
            Self::VoluntaryOf(values) => json!({ "values": values }),
            Self::Essential => json!({ "essential": true }),
            Self::EssentialOf(values) => json!({ "essential": true, "values": values }),
        }
    }
}

impl ClaimsRequest {
    /// The request in the parameter's JSON.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        if text.len() > MAX_BYTES {
            return Err(refused("claims is longer than 8 KiB"));
        }
        let value: Value =
            serde_json::from_str(text).map_err(|_| refused("claims must be a JSON object"))?;
        if depth(&value) > MAX_DEPTH {
            return Err(refused("claims is nested too deep"));
        }
        Self::from_value(&value)
    }

    /// The request as stored with a code or grant.
    pub fn from_value(value: &Value) -> Result<Self, OAuthError> {
        let members = value.as_object().ok_or_else(|| refused("claims must be a JSON object"))?;
        Ok(Self { id_token: place(members, "id_token")?, userinfo: place(members, "userinfo")? })
    }

    /// As it is stored; nothing, where nothing is asked for.
    pub fn to_value(&self) -> Option<Value> {
        let place = |claims: &BTreeMap<String, ClaimRequest>| -> Map<String, Value> {
            claims.iter().map(|(name, claim)| (name.clone(), claim.to_value())).collect()
        };
        let empty = self.id_token.is_empty() && self.userinfo.is_empty();
        (!empty).then(
            || json!({ "id_token": place(&self.id_token), "userinfo": place(&self.userinfo) }),
        )
    }

    /// The same without the claims about the person whose scope is not in `scope`: a client gets
    /// by name nothing that it could not get by scope.
    #[must_use]
    pub fn within(mut self, scope: &Scope) -> Self {
        let may = |name: &str| scope_of(name).is_none_or(|needed| scope.contains(needed));
        self.id_token.retain(|name, _| may(name));
        self.userinfo.retain(|name, _| may(name));
        self
    }

    /// The scopes that stand for the claims asked for.
    pub fn implied_scope(&self) -> Scope {
        let names = self.id_token.keys().chain(self.userinfo.keys());
        let scopes = names.filter_map(|name| scope_of(name)).map(str::to_owned).collect();
        Scope::from_names(scopes).unwrap_or_default()
    }

    /// How `acr` is asked for in the ID token.
    pub fn acr(&self) -> Option<&ClaimRequest> {
        self.id_token.get("acr")
    }

    /// The subjects that alone may answer (OIDC Core §5.5.1, `sub` with a value); any, if empty.
    pub fn subjects(&self) -> Vec<&str> {
        let asked = [self.id_token.get("sub"), self.userinfo.get("sub")];
        asked.into_iter().flatten().flat_map(ClaimRequest::values).collect()
    }
}

/// The claims asked for in one place.
fn place(
    members: &Map<String, Value>,
    name: &str,
) -> Result<BTreeMap<String, ClaimRequest>, OAuthError> {
    let claims = match members.get(name) {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(claims)) if claims.len() <= MAX_CLAIMS => claims,
        Some(Value::Object(_)) => return Err(refused("claims asks for more than 64 claims")),
        Some(_) => return Err(refused("the members of claims must be objects")),
    };
    let read = |(name, value): (&String, &Value)| Some((name.clone(), ClaimRequest::read(value)?));
    claims
        .iter()
        .map(read)
        .collect::<Option<_>>()
        .ok_or_else(|| refused("each claim in claims must be null or an object"))
}

/// The scope that stands for a claim about the person.
fn scope_of(claim: &str) -> Option<&'static str> {
    STANDARD.iter().find(|(name, ..)| *name == claim).map(|(_, scope, _)| *scope)
}

/// How deep the nesting goes; the parser itself stops at 128.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn refused(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(detail).at("claims")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ClaimRequest::{Essential, EssentialOf, Voluntary, VoluntaryOf};
    use super::*;

    fn parse(text: &str) -> ClaimsRequest {
        ClaimsRequest::parse(text).expect("well-formed")
    }

    #[test]
    fn the_ways_to_ask_are_told_apart() {
        let request = parse(
            r#"{"userinfo":{"a":null,"b":{},"c":{"essential":true},"d":{"value":"x"},
                "e":{"essential":true,"values":["x",1]},"f":{"odd":1}},"other":7}"#,
        );
        let asked: Vec<_> = request.userinfo.into_values().collect();
        assert_eq!(
            asked,
            [
                Voluntary,
                Voluntary,
                Essential,
                VoluntaryOf(vec![json!("x")]),
                EssentialOf(vec![json!("x"), json!(1)]),
                Voluntary
            ]
        );
    }

    #[test]
    fn what_is_not_a_claims_request_is_refused() {
        let deep =
            format!(r#"{{"userinfo":{{"a":{{"value":{}1{}}}}}}}"#, "[".repeat(9), "]".repeat(9));
        let deeper = "[".repeat(4000);
        let long = format!(r#"{{"x":"{}"}}"#, "y".repeat(8192));
        let names: Vec<_> = (0..65).map(|n| format!(r#""c{n}":null"#)).collect();
        let many = format!(r#"{{"userinfo":{{{}}}}}"#, names.join(","));
        for text in [
            "",
            "x",
            "[]",
            "7",
            r#"{"userinfo":7}"#,
            r#"{"userinfo":{"a":7}}"#,
            &deep,
            &deeper,
            &long,
            &many,
        ] {
            let error = ClaimsRequest::parse(text).expect_err("bad");
            assert_eq!((error.code, error.parameter), (ErrorCode::InvalidRequest, Some("claims")));
        }
    }

    #[test]
    fn claims_beyond_the_registered_scope_are_not_asked_for() {
        let scope = Scope::parse("openid email").expect("ok");
        let request = parse(r#"{"userinfo":{"email":null,"phone_number":null,"x":null}}"#);
        let names: Vec<_> = request.within(&scope).userinfo.into_keys().collect();
        assert_eq!(names, ["email", "x"]);
    }

    #[test]
    fn claims_stand_for_their_scopes() {
        let request = parse(r#"{"userinfo":{"name":null},"id_token":{"email":null,"acr":null}}"#);
        assert_eq!(request.implied_scope().to_string(), "email profile");
    }

    #[test]
    fn a_subject_with_a_value_is_found() {
        assert_eq!(parse(r#"{"id_token":{"sub":{"value":"x"}}}"#).subjects(), ["x"]);
        assert!(parse(r#"{"id_token":{"sub":null}}"#).subjects().is_empty());
    }

    #[test]
    fn nothing_asked_for_is_stored_as_nothing() {
        assert_eq!(parse("{}").to_value(), None);
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(essential in any::<bool>(), values in proptest::collection::vec("[a-z]{0,4}", 0..3)) {
            let text = json!({ "id_token": { "acr": { "essential": essential, "values": values } } });
            let request = parse(&text.to_string());
            let stored = request.to_value().expect("something");
            prop_assert_eq!(ClaimsRequest::from_value(&stored).expect("readable"), request);
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,60}") {
            let _ = ClaimsRequest::parse(&text);
        }
    }
}
