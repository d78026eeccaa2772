//! `acr` and `amr`: what is told about how a person proved themselves (OIDC Core §2, RFC 8176).

use crate::identity::factor::FactorKind;
use crate::identity::session::Authentication;
use crate::protocol::claims::ClaimsRequest;

/// An authentication context class, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Acr {
    /// One factor.
    Password,
    /// Something known and something held.
    Mfa,
}

impl Acr {
    /// Every class, as discovery announces them.
    pub const ALL: [Self; 2] = [Self::Password, Self::Mfa];

    /// The value of `acr`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "urn:portcullis:acr:password",
            Self::Mfa => "urn:portcullis:acr:mfa",
        }
    }

    /// The class called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acr| acr.as_str() == text)
    }

    /// The strongest class that `authentication` reaches.
    pub fn of(authentication: &Authentication) -> Self {
        let gave = |held| authentication.factors.iter().any(|proof| is_held(proof.kind) == held);
        if gave(true) && gave(false) { Self::Mfa } else { Self::Password }
    }

    /// The class to tell a client that asked for some by `claims`: the strongest reached one among
    /// those, so that a client that must see a weaker value sees it (OIDC Core §5.5.1.1).
    pub fn told(authentication: &Authentication, claims: &ClaimsRequest) -> Self {
        let reached = Self::of(authentication);
        let asked = claims.acr().map(|request| request.values()).unwrap_or_default();
        let strongest_asked =
            Self::ALL.into_iter().rfind(|acr| *acr <= reached && asked.contains(&acr.as_str()));
        strongest_asked.unwrap_or(reached)
    }
}

/// The methods used (RFC 8176 §2): `pwd`, `otp` (a recovery code is a one-time password too), and
/// `mfa` where there was more than one kind of factor.
pub fn amr(authentication: &Authentication) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for proof in &authentication.factors {
        let method = match proof.kind {
            FactorKind::Password => "pwd",
            FactorKind::Totp | FactorKind::RecoveryCode => "otp",
        };
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    if Acr::of(authentication) == Acr::Mfa {
        methods.push("mfa");
    }
    methods
}

/// Whether the factor is something held, and not something known.
const fn is_held(kind: FactorKind) -> bool {
    match kind {
        FactorKind::Password => false,
        FactorKind::Totp | FactorKind::RecoveryCode => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::sample;

    fn gave(kinds: &[FactorKind]) -> Authentication {
        sample::session(kinds, sample::now()).authentication
    }

    #[test]
    fn acr_and_amr_tell_what_was_given() {
        use FactorKind::{Password, RecoveryCode, Totp};
        for (kinds, acr, methods) in [
            (&[Password][..], Acr::Password, &["pwd"][..]),
            (&[Password, Totp], Acr::Mfa, &["pwd", "otp", "mfa"]),
            (&[Password, RecoveryCode], Acr::Mfa, &["pwd", "otp", "mfa"]),
            (&[Password, Totp, RecoveryCode], Acr::Mfa, &["pwd", "otp", "mfa"]),
            (&[Password, Password], Acr::Password, &["pwd"]),
            (&[Totp, RecoveryCode], Acr::Password, &["otp"]),
        ] {
            assert_eq!((Acr::of(&gave(kinds)), amr(&gave(kinds))), (acr, methods.to_vec()));
        }
    }

    #[test]
    fn a_client_that_must_see_the_weaker_class_sees_it() {
        let claims = ClaimsRequest::parse(
            r#"{"id_token":{"acr":{"essential":true,"value":"urn:portcullis:acr:password"}}}"#,
        )
        .expect("well-formed");
        let both = gave(&[FactorKind::Password, FactorKind::Totp]);
        assert_eq!(Acr::told(&both, &claims), Acr::Password);
        assert_eq!(Acr::told(&both, &ClaimsRequest::default()), Acr::Mfa);
    }

    #[test]
    fn no_class_is_told_that_was_not_reached() {
        let claims =
            ClaimsRequest::parse(r#"{"id_token":{"acr":{"value":"urn:portcullis:acr:mfa"}}}"#)
                .expect("well-formed");
        assert_eq!(Acr::told(&gave(&[FactorKind::Password]), &claims), Acr::Password);
    }

    #[test]
    fn every_class_finds_itself() {
        assert!(Acr::ALL.into_iter().all(|acr| Acr::parse(acr.as_str()) == Some(acr)));
        assert_eq!(Acr::parse("1"), None);
    }
}
