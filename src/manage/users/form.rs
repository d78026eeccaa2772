//! A person's account as it is given: in JSON, in the apply file, in a form.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::crypto::foreign;
use crate::crypto::secret::Secret;
use crate::crypto::totp::Seed;
use crate::identity::password::{self, Protection};
use crate::identity::role::Role;
use crate::identity::user::Username;
use crate::manage::fields::SecretText;
use crate::manage::{Invalid, PRODUCT};

/// The most text of a person's claims, in bytes.
const MAX_CLAIMS: usize = 16_384;
/// The most roles of one person.
const MAX_ROLES: usize = 50;
/// Claims that this server makes itself, and that no account may carry (OIDC Core §2, §5.1).
const OWN_CLAIMS: [&str; 19] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "sid",
    "cnf",
    "roles",
    "email",
    "email_verified",
    "preferred_username",
];

/// An account as it is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserForm {
    /// What they sign in with.
    pub username: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// Whether the address is known to be theirs.
    pub email_verified: Option<bool>,
    /// Their first password.
    pub password: Option<SecretText>,
    /// A hash that another server made of their password, in place of the password.
    pub password_hash: Option<SecretText>,
    /// The seed of their authenticator in base32: enrolled and confirmed at once.
    pub totp_secret: Option<SecretText>,
    /// What they may do here, and what tokens say about them.
    pub roles: Option<Vec<String>>,
    /// Their claims (OIDC Core §5.1).
    pub claims: Option<Map<String, Value>>,
}

/// An account that can be made: everything checked, the password still to be hashed.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// What they sign in with.
    pub username: Username,
    /// Where mail goes.
    pub email: Option<String>,
    /// Whether the address is known to be theirs.
    pub email_verified: Option<bool>,
    /// A password that passed the rules, in the form that is hashed.
    pub password: Option<Secret>,
    /// The hash of their password from another server, in the form that is stored.
    pub imported: Option<Secret>,
    /// The seed of their authenticator.
    pub totp: Option<Seed>,
    /// Their roles.
    pub roles: Option<Vec<Role>>,
    /// Their claims.
    pub claims: Option<Map<String, Value>>,
}

impl NewUser {
    /// The account in `form`, its password judged by [`password::choose`].
    pub fn parse(form: &UserForm) -> Result<Self, Invalid> {
        let username = username(&form.username)?;
        let email = form.email.as_deref().map(email).transpose()?.flatten();
        if form.email_verified == Some(true) && email.is_none() {
            let mend = "give email, or leave email_verified out";
            return Err(Invalid::new("email_verified", "there is no address", mend));
        }
        let imported = form.password_hash.as_ref().map(imported).transpose()?;
        if imported.is_some() && form.password.is_some() {
            let mend = "give password or password_hash";
            return Err(Invalid::new("password_hash", "there is a password too", mend));
        }
        let totp = form.totp_secret.as_ref().map(seed).transpose()?;
        let protection =
            if totp.is_some() { Protection::WithSecondFactor } else { Protection::Alone };
        let chosen = form
            .password
            .as_ref()
            .map(|typed| choose(typed.secret(), protection, (&username, email.as_deref())));
        Ok(Self {
            password: chosen.transpose()?,
            email_verified: form.email_verified,
            roles: form.roles.as_deref().map(roles).transpose()?,
            claims: form.claims.clone().map(claims).transpose()?,
            username,
            email,
            imported,
            totp,
        })
    }
}

/// `typed` as the password of the person with this name and address.
pub fn choose(
    typed: &Secret,
    protection: Protection,
    (username, email): (&Username, Option<&str>),
) -> Result<Secret, Invalid> {
    let context = password::Context { product: PRODUCT, username, email };
    password::choose(typed.expose(), protection, &context)
        .map_err(|weakness| Invalid::new("password", weakness.to_string(), ""))
}

/// The user name in `text`.
pub fn username(text: &str) -> Result<Username, Invalid> {
    let mend = "use 1 to 128 characters without spaces";
    Username::parse(text).ok_or_else(|| Invalid::new("username", "it cannot be a user name", mend))
}

/// The e-mail address in `text`; an empty text is none.
pub fn email(text: &str) -> Result<Option<String>, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let shaped = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;\"".contains(c));
    if !shaped || !plain || !(3..=254).contains(&text.len()) {
        let mend = "write it as name@domain";
        return Err(Invalid::new("email", "it is not an e-mail address", mend));
    }
    Ok(Some(text.to_owned()))
}

/// The roles with these names, each once.
pub fn roles(names: &[String]) -> Result<Vec<Role>, Invalid> {
    if names.len() > MAX_ROLES {
        return Err(Invalid::new("roles", "the list is too long", "give at most 50"));
    }
    let mut roles = Vec::new();
    for name in names {
        let mend = "use 1 to 64 of a-z, 0-9, _, . and -";
        let role = Role::parse(name)
            .ok_or_else(|| Invalid::new("roles", "a role has a name that is not one", mend))?;
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles.sort();
    Ok(roles)
}

/// Claims that an account may carry.
pub fn claims(claims: Map<String, Value>) -> Result<Map<String, Value>, Invalid> {
    if let Some(own) = OWN_CLAIMS.into_iter().find(|name| claims.contains_key(*name)) {
        let reason = format!("the server itself makes the claim {own}");
        return Err(Invalid::new("claims", reason, "leave it out"));
    }
    let size: usize = claims.iter().map(|(name, value)| name.len() + value.to_string().len()).sum();
    if size > MAX_CLAIMS {
        return Err(Invalid::new("claims", "they are longer than 16 KiB", "shorten them"));
    }
    Ok(claims)
}

fn imported(text: &SecretText) -> Result<Secret, Invalid> {
    let mend = "give an argon2, bcrypt, scrypt or PBKDF2 hash as PHC string, in modular crypt, or as \
        Django or Keycloak write it, and of a cost that docs/apply.md allows";
    let reason = "it is no hash that can be checked here";
    foreign::import(text.secret().expose()).map_err(|_| Invalid::new("password_hash", reason, mend))
}

fn seed(text: &SecretText) -> Result<Seed, Invalid> {
    let mend = "give the base32 text that authenticators take, of 128 bits or more";
    let seed = Seed::from_base32(text.secret().expose());
    seed.ok_or_else(|| Invalid::new("totp_secret", "it is not a TOTP secret", mend))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(value: Value) -> Result<NewUser, Invalid> {
        NewUser::parse(&serde_json::from_value(value).unwrap())
    }

    #[test]
    fn the_example_of_the_design_is_an_account() {
        let user = parsed(json!({
            "username": "alice",
            "email": "alice@example.com",
            "email_verified": true,
            "password": "correct horse battery staple",
            "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            "roles": ["administrator"],
            "claims": { "name": "Alice Example" },
        }))
        .unwrap();
        assert_eq!(user.roles, Some(vec![Role::Administrator]));
        assert!(user.totp.is_some() && user.password.is_some());
    }

    #[test]
    fn a_weak_password_is_refused_and_not_repeated() {
        let refusal = parsed(json!({ "username": "bob", "password": "tooshort" })).unwrap_err();
        assert_eq!(refusal.field, "password");
        assert!(!refusal.to_string().contains("tooshort"));
    }

    #[test]
    fn what_is_no_name_address_role_or_claim_is_refused_by_field() {
        let table = [
            (json!({ "username": "a b" }), "username"),
            (json!({ "username": "a", "email": "nobody" }), "email"),
            (json!({ "username": "a", "email": "a@b\r\nBcc: c@d" }), "email"),
            (json!({ "username": "a", "email_verified": true }), "email_verified"),
            (json!({ "username": "a", "roles": ["Administrator"] }), "roles"),
            (json!({ "username": "a", "claims": { "sub": "other" } }), "claims"),
            (json!({ "username": "a", "totp_secret": "1" }), "totp_secret"),
            (json!({ "username": "a", "password_hash": "$1$x$y" }), "password_hash"),
            (
                json!({ "username": "a", "password": "correct horse battery staple",
                    "password_hash": "$2b$04$I/amRyhmLi4l6qrQFA0ez.X8Lp47iSSkfZxiDX4DPtHVINQZz/1Si" }),
                "password_hash",
            ),
        ];
        for (value, field) in table {
            assert_eq!(parsed(value.clone()).unwrap_err().field, field, "{value}");
        }
    }

    #[test]
    fn a_field_nobody_knows_is_refused_by_name() {
        let form = json!({ "username": "a", "tenant_id": "x" });
        let error = serde_json::from_value::<UserForm>(form).unwrap_err();
        assert!(error.to_string().contains("tenant_id"));
    }

    #[test]
    fn the_same_role_twice_is_one() {
        let user = parsed(json!({ "username": "a", "roles": ["b", "a", "b"] })).unwrap();
        let names: Vec<String> = user.roles.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
