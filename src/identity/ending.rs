//! What ends what: of an account's sessions, grants and remembered browsers, which are over after
//! something happened to it (ASVS 7.4.1 to 7.4.5).
//!
//! **Invariant:** [`Cause::ends`] is the only table; `manage::ending` carries it out, whoever asks.

use uuid::Uuid;

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Its owner changed the password in this session.
    PasswordChanged {
        /// The session that did.
        here: Uuid,
    },
    /// The password was set without the old one, by a link in a mail.
    PasswordReset,
    /// Its owner says, by a link in a notice, that what the notice tells was not they.
    Disowned,
    /// An administrator demands a new password: others may know the one there is.
    PasswordDemanded,
    /// An operator set the password, or the second factor.
    SetByOperator,
    /// Its owner removed a factor, or replaced the recovery codes, in this session.
    FactorRemoved {
        /// The session that did.
        here: Uuid,
    },
    /// An administrator removed a factor: whoever held it may sit in any session.
    FactorTaken,
    /// A key of its owner's was used that is a copy.
    KeyCopied,
    /// Somebody without the key of a bound session had its cookie, and so all that its browser had.
    CookiesCopied {
        /// The session.
        session: Uuid,
        /// The browser, where it was remembered.
        device: Option<Uuid>,
    },
    /// Its owner does not know one of its sessions.
    NotMe {
        /// The session that says so.
        here: Uuid,
    },
    /// Its owner, or an administrator, ended one session.
    SessionEnded {
        /// Which.
        session: Uuid,
    },
    /// Its owner, or an administrator, removed one of its devices.
    DeviceRemoved {
        /// Which.
        device: Uuid,
    },
    /// Its owner ended all sessions but this.
    OthersEnded {
        /// The session that did.
        here: Uuid,
    },
    /// An administrator ended everything.
    EndedByAdministrator,
    /// An administrator disabled it.
    Disabled,
    /// It does not administer this server any more.
    RoleLost,
    /// It administers this server from now on, and owes more than was proved for what is open.
    RoleGiven,
    /// Its owner wants it deleted.
    Closing,
}

/// What is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// Of the sessions.
    pub sessions: Sessions,
    /// Of the grants.
    pub grants: Grants,
    /// Of the browsers that are remembered, which may be spared questions.
    pub devices: Devices,
    /// Whether the password may be known to others and must be changed.
    pub password: Password,
}

/// Which sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sessions {
    /// One.
    One(Uuid),
    /// Those on one device.
    OnDevice(Uuid),
    /// All but one.
    AllBut(Uuid),
    /// All.
    All,
}

/// Which grants, with their access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grants {
    /// Those that were given in the sessions that end.
    OfTheSessions,
    /// Those that were given on one device, whichever session it was.
    OnDevice(Uuid),
    /// All but those of one session: also the ones whose session is long over.
    AllBut(Uuid),
    /// All.
    All,
}

/// Which remembered browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Devices {
    /// None.
    Kept,
    /// One.
    One(Uuid),
    /// All but the one of this session.
    AllBut(Uuid),
    /// All.
    All,
}

/// What becomes of the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Password {
    /// It stays as it is.
    Kept,
    /// It must be changed before anything else.
    Due,
}

impl Cause {
    /// What is over after it. Whoever proves again who they are keeps the session they sit in; what
    /// somebody else may have got by the old secret is over, wherever it is now.
    pub const fn ends(self) -> Ends {
        let all = Ends {
            sessions: Sessions::All,
            grants: Grants::All,
            devices: Devices::Kept,
            password: Password::Kept,
        };
        match self {
            Self::PasswordChanged { here } | Self::FactorRemoved { here } => {
                Ends { sessions: Sessions::AllBut(here), grants: Grants::AllBut(here), ..all }
            }
            Self::NotMe { here } => Ends {
                sessions: Sessions::AllBut(here),
                grants: Grants::AllBut(here),
                devices: Devices::AllBut(here),
                password: Password::Due,
            },
            Self::SessionEnded { session } | Self::CookiesCopied { session, device: None } => {
                Ends { sessions: Sessions::One(session), grants: Grants::OfTheSessions, ..all }
            }
            Self::DeviceRemoved { device } | Self::CookiesCopied { device: Some(device), .. } => {
                Ends {
                    sessions: Sessions::OnDevice(device),
                    grants: Grants::OnDevice(device),
                    devices: Devices::One(device),
                    ..all
                }
            }
            Self::OthersEnded { here } => {
                Ends { sessions: Sessions::AllBut(here), grants: Grants::OfTheSessions, ..all }
            }
            Self::PasswordDemanded => {
                Ends { devices: Devices::All, password: Password::Due, ..all }
            }
            Self::PasswordReset | Self::Disowned | Self::SetByOperator | Self::Closing => {
                Ends { devices: Devices::All, ..all }
            }
            Self::FactorTaken
            | Self::KeyCopied
            | Self::EndedByAdministrator
            | Self::Disabled
            | Self::RoleLost
            | Self::RoleGiven => all,
        }
    }

    /// Why, in the words that are kept with what ended.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::PasswordChanged { .. } => "password changed",
            Self::PasswordReset => "password reset",
            Self::Disowned => "disowned by its owner",
            Self::PasswordDemanded => "new password demanded",
            Self::SetByOperator => "credentials set by an operator",
            Self::FactorRemoved { .. } => "factor removed",
            Self::FactorTaken => "factor removed by an administrator",
            Self::KeyCopied => "a key was copied",
            Self::CookiesCopied { .. } => "used without the key of its device",
            Self::NotMe { .. } => "not recognised by its owner",
            Self::SessionEnded { .. } => "ended by hand",
            Self::DeviceRemoved { .. } => "device removed",
            Self::OthersEnded { .. } => "ended from another session",
            Self::EndedByAdministrator => "ended by an administrator",
            Self::Disabled => "user disabled",
            Self::RoleLost => "role taken away",
            Self::RoleGiven => "role given",
            Self::Closing => "account to be deleted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    #[test]
    fn the_table_of_what_ends_what() {
        use Devices as D;
        let here = HERE;
        let (but, all) = (Sessions::AllBut(HERE), Sessions::All);
        let (of, grants_but) = (Grants::OfTheSessions, Grants::AllBut(HERE));
        for (cause, sessions, grants, devices, password) in [
            (Cause::PasswordChanged { here }, but, grants_but, D::Kept, Password::Kept),
            (Cause::PasswordReset, all, Grants::All, D::All, Password::Kept),
            (Cause::PasswordDemanded, all, Grants::All, D::All, Password::Due),
            (Cause::Disowned, all, Grants::All, D::All, Password::Kept),
            (Cause::SetByOperator, all, Grants::All, D::All, Password::Kept),
            (Cause::FactorRemoved { here }, but, grants_but, D::Kept, Password::Kept),
            (Cause::FactorTaken, all, Grants::All, D::Kept, Password::Kept),
            (Cause::KeyCopied, all, Grants::All, D::Kept, Password::Kept),
            (Cause::NotMe { here }, but, grants_but, D::AllBut(HERE), Password::Due),
            (Cause::OthersEnded { here }, but, of, D::Kept, Password::Kept),
            (Cause::EndedByAdministrator, all, Grants::All, D::Kept, Password::Kept),
            (Cause::Disabled, all, Grants::All, D::Kept, Password::Kept),
            (Cause::RoleLost, all, Grants::All, D::Kept, Password::Kept),
            (Cause::RoleGiven, all, Grants::All, D::Kept, Password::Kept),
            (Cause::Closing, all, Grants::All, D::All, Password::Kept),
        ] {
            assert_eq!(cause.ends(), Ends { sessions, grants, devices, password }, "{cause:?}");
        }
        let one = Cause::SessionEnded { session: OTHER }.ends();
        assert_eq!((one.sessions, one.grants), (Sessions::One(OTHER), of));
        let device = Cause::DeviceRemoved { device: OTHER }.ends();
        let (sessions, grants) = (Sessions::OnDevice(OTHER), Grants::OnDevice(OTHER));
        let password = Password::Kept;
        assert_eq!(device, Ends { sessions, grants, devices: D::One(OTHER), password });
        let copied = |device| Cause::CookiesCopied { session: OTHER, device }.ends();
        assert_eq!((copied(Some(OTHER)), copied(None)), (device, one));
    }

    #[test]
    fn no_one_is_signed_out_of_the_session_in_which_they_proved_themselves() {
        let here = HERE;
        for cause in [
            Cause::PasswordChanged { here },
            Cause::FactorRemoved { here },
            Cause::NotMe { here },
            Cause::OthersEnded { here },
        ] {
            assert_eq!(cause.ends().sessions, Sessions::AllBut(HERE), "{cause:?}");
        }
    }
}
