//! What a client learns about a person, by scope and by name (OIDC Core §5.3, §5.4).

use serde_json::{Map, Value};

use crate::identity::user::User;
use crate::protocol::claims::{ClaimsRequest, Kind, STANDARD};
use crate::protocol::scope::Scope;

/// The userinfo response: `sub`, and the claims that `scope` or `claims` ask for.
pub fn userinfo(user: &User, scope: &Scope, claims: &ClaimsRequest) -> Map<String, Value> {
    let wanted = |name: &str, of: &str| scope.contains(of) || claims.userinfo.contains_key(name);
    let mut released = about(user, wanted);
    released.insert("sub".to_owned(), Value::String(user.id.to_string()));
    released
}

/// The claims about the person that the ID token carries: only those asked for there by name,
/// since there always is an access token for the rest (OIDC Core §5.4).
pub fn id_token_claims(user: &User, claims: &ClaimsRequest) -> Map<String, Value> {
    about(user, |name, _| claims.id_token.contains_key(name))
}

/// The claims that are wanted, that the person has, and that have the type they must have.
fn about(user: &User, wanted: impl Fn(&str, &str) -> bool) -> Map<String, Value> {
    STANDARD
        .iter()
        .filter(|(name, scope, _)| wanted(name, scope))
        .filter_map(|(name, _, kind)| {
            Some(((*name).to_owned(), fitting(value(user, name)?, *kind)?))
        })
        .collect()
}

/// The value of a claim: the account's own fields before what is kept in its claims.
fn value(user: &User, name: &str) -> Option<Value> {
    let kept = || user.claims.get(name).cloned();
    match name {
        "updated_at" => Some(user.updated_at.unix_timestamp().into()),
        "email" => user.email.clone().map(Value::String),
        "email_verified" => user.email.as_ref().map(|_| Value::Bool(user.email_verified)),
        "phone_number_verified" => user.claims.get("phone_number").and_then(|_| kept()),
        "preferred_username" => kept().or_else(|| Some(user.username.as_str().into())),
        _ => kept(),
    }
}

/// The value in the claim's type, without anything empty in it; nothing if it has another.
fn fitting(value: Value, kind: Kind) -> Option<Value> {
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    match kind {
        Kind::Text => is_text(&value).then_some(value),
        Kind::Number => value.is_number().then_some(value),
        Kind::Boolean => value.is_boolean().then_some(value),
        Kind::Address => match value {
            Value::Object(mut members) => {
                members.retain(|_, member| is_text(member));
                (!members.is_empty()).then_some(Value::Object(members))
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::sample;

    fn alice(claims: &Value) -> User {
        let mut user = sample::user();
        user.claims = claims.as_object().expect("an object").clone();
        user
    }

    fn by_scope(user: &User, scope: &str) -> Value {
        let scope = Scope::parse(scope).expect("well-formed");
        Value::Object(userinfo(user, &scope, &ClaimsRequest::default()))
    }

    const SUB: &str = "00000000-0000-0000-0000-0000000a11ce";

    #[test]
    fn openid_alone_gives_the_subject() {
        assert_eq!(by_scope(&alice(&json!({ "name": "Alice" })), "openid"), json!({ "sub": SUB }));
    }

    #[test]
    fn each_scope_gives_its_claims_in_their_types() {
        let user = alice(&json!({
            "name": "Alice", "address": { "locality": "Bern", "region": "" },
            "phone_number": "+41 1", "phone_number_verified": true,
        }));
        assert_eq!(
            by_scope(&user, "openid profile email address phone"),
            json!({
                "sub": SUB, "name": "Alice", "preferred_username": "alice",
                "updated_at": 1_799_913_600, "email": "alice@example.com", "email_verified": true,
                "address": { "locality": "Bern" },
                "phone_number": "+41 1", "phone_number_verified": true,
            })
        );
    }

    #[test]
    fn what_is_empty_or_of_another_type_is_left_out() {
        let mut user = alice(&json!({
            "name": "", "given_name": null, "locale": 7, "address": "Bern", "website": ["x"],
            "phone_number_verified": true, "is_admin": true,
        }));
        user.email = None;
        assert_eq!(
            by_scope(&user, "openid profile email address phone"),
            json!({ "sub": SUB, "preferred_username": "alice", "updated_at": 1_799_913_600 })
        );
    }

    #[test]
    fn kept_claims_cannot_pose_as_the_account() {
        let user = alice(&json!({ "sub": "root", "email": "root@x", "email_verified": false }));
        assert_eq!(
            by_scope(&user, "email"),
            json!({ "sub": SUB, "email": "alice@example.com", "email_verified": true })
        );
    }

    #[test]
    fn claims_asked_for_by_name_arrive_where_they_were_asked_for() {
        let claims = ClaimsRequest::parse(
            r#"{"userinfo":{"name":{"essential":true}},"id_token":{"email":null}}"#,
        )
        .expect("well-formed");
        let user = alice(&json!({ "name": "Alice" }));
        let userinfo = userinfo(&user, &Scope::default(), &claims);
        assert_eq!(Value::Object(userinfo), json!({ "sub": SUB, "name": "Alice" }));
        let id_token = id_token_claims(&user, &claims);
        assert_eq!(Value::Object(id_token), json!({ "email": "alice@example.com" }));
    }
}
