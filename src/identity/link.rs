//! Links in mails: what each is for, how long it is good, and what it dies with (SECURITY.md PW-11,
//! T-20).

use time::Duration;

/// What a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Proves that an address is its owner's.
    VerifyEmail,
    /// Makes a new address the account's.
    ChangeEmail,
    /// Sets a new password; a second factor is asked for all the same.
    ResetPassword,
    /// Makes a browser one that the account is known in, so that strangers' failures do not count.
    Unlock,
    /// "This was not me": ends everything, and starts a reset.
    Disown,
    /// Makes an account for whoever reads this address.
    SignUp,
    /// The same, for whom an administrator invited.
    Invite,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 7] = [
        Self::VerifyEmail,
        Self::ChangeEmail,
        Self::ResetPassword,
        Self::Unlock,
        Self::Disown,
        Self::SignUp,
        Self::Invite,
    ];

    /// As stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ChangeEmail => "change_email",
            Self::ResetPassword => "reset_password",
            Self::Unlock => "unlock",
            Self::Disown => "disown",
            Self::SignUp => "sign_up",
            Self::Invite => "invite",
        }
    }

    /// The purpose called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }

    /// How long it is good (SECURITY.md §4).
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::ResetPassword | Self::Unlock => Duration::minutes(15),
            Self::VerifyEmail | Self::ChangeEmail | Self::SignUp => Duration::hours(24),
            Self::Disown | Self::Invite => Duration::days(7),
        }
    }

    /// Where it leads, under the issuer.
    pub const fn path(self) -> &'static str {
        match self {
            Self::VerifyEmail => "/login/verify",
            Self::ChangeEmail => "/login/new-address",
            Self::ResetPassword => "/login/reset",
            Self::Unlock => "/login/unlock/open",
            Self::Disown => "/login/not-me",
            Self::SignUp => "/signup/join",
            Self::Invite => "/signup/invited",
        }
    }

    /// Whether it is good no more once the password, a factor or the address was changed, or a session
    /// was ended for being somebody else's: whoever asked for it may be whom that was meant for. "This
    /// was not me" outlives all of them: they may be what it is about.
    pub const fn dies_with_credentials(self) -> bool {
        matches!(self, Self::VerifyEmail | Self::ChangeEmail | Self::ResetPassword | Self::Unlock)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_purpose_has_a_name_and_a_place_of_its_own() {
        let names: BTreeSet<_> = Purpose::ALL.iter().map(|purpose| purpose.as_str()).collect();
        let paths: BTreeSet<_> = Purpose::ALL.iter().map(|purpose| purpose.path()).collect();
        assert_eq!((names.len(), paths.len()), (Purpose::ALL.len(), Purpose::ALL.len()));
        assert!(Purpose::ALL.iter().all(|one| Purpose::parse(one.as_str()) == Some(*one)));
        assert_eq!(Purpose::parse("Reset_Password"), None);
    }

    #[test]
    fn what_sets_a_password_is_good_for_a_quarter_of_an_hour() {
        for purpose in [Purpose::ResetPassword, Purpose::Unlock] {
            assert_eq!(purpose.lifetime(), Duration::minutes(15), "{purpose:?}");
        }
        assert_eq!(Purpose::VerifyEmail.lifetime(), Duration::hours(24));
    }

    #[test]
    fn of_an_accounts_own_links_only_this_was_not_me_outlives_its_credentials() {
        for purpose in Purpose::ALL {
            let own = !matches!(purpose, Purpose::SignUp | Purpose::Invite | Purpose::Disown);
            assert_eq!(purpose.dies_with_credentials(), own, "{purpose:?}");
        }
    }
}
