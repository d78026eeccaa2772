//! Events and factors in plain words.

use crate::identity::factor::FactorKind;
use crate::store::audit::{Actor, AuditEvent, Outcome};

/// What a person calls a factor.
pub const fn factor(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Password => "password",
        FactorKind::Totp => "authenticator",
        FactorKind::RecoveryCode => "recovery code",
        FactorKind::EmailCode => "mailed code",
        FactorKind::SecurityKey => "security key",
        FactorKind::Passkey => "passkey",
        FactorKind::HardwareKey => "hardware key",
    }
}

/// A length of time in whole days, or hours where it is shorter.
pub fn length(span: time::Duration) -> String {
    match (span.whole_days(), span.whole_hours()) {
        (1, _) => "1 day".to_owned(),
        (0, 1) => "1 hour".to_owned(),
        (0, hours) => format!("{hours} hours"),
        (days, _) => format!("{days} days"),
    }
}

/// An event for the person whom it concerns.
pub struct Told {
    /// What happened.
    pub text: String,
    /// Its icon.
    pub icon: &'static str,
    /// Whether it should be looked at.
    pub is_warning: bool,
}

/// `event` in the words of the person whom it concerns; `app` is the name of its application.
pub fn told(event: &AuditEvent, app: &str) -> Told {
    let detail = |name: &str| event.details.get(name).and_then(|value| value.as_str());
    let by_others = !matches!(event.actor, Actor::User(id) if Some(id) == event.user_id)
        && event.actor != Actor::Anonymous;
    let (text, icon): (&str, _) = match event.action.as_ref() {
        "login.succeeded" => ("You signed in", "log-in"),
        "login.failed" if detail("factor") == Some("second") => {
            ("Somebody with your password typed a wrong code", "triangle-alert")
        }
        "login.failed" if detail("factor") == Some("key") => {
            ("A key of yours was not accepted", "triangle-alert")
        }
        "login.failed" => ("Somebody typed a wrong password for your account", "triangle-alert"),
        "logout" => ("You signed out", "log-out"),
        "code.issued" => return plain(format!("You signed in to {app}"), "app-window"),
        "code.replayed" | "token.reused" => {
            let text = format!("{app} was signed out: somebody else may have had its access");
            return Told { is_warning: true, ..plain(text, "triangle-alert") };
        }
        "grant.revoked" | "token.revoked" => {
            return plain(format!("{app} gave its access back"), "app-window");
        }
        "consent.revoke" => return plain(format!("You removed the access of {app}"), "app-window"),
        "profile.update" => ("You changed your profile", "user"),
        "session.end" if by_others => ("An administrator ended one of your sessions", "log-out"),
        "session.end" => ("You ended a session", "log-out"),
        "session.disown" => ("You said that a session was not yours", "triangle-alert"),
        "user.end_other_sessions" => ("You signed out everywhere else", "log-out"),
        "user.end_sessions" => ("An administrator ended all your sessions", "log-out"),
        "device.forget" => ("You had a browser forgotten", "smartphone"),
        "factor.enrolled" if detail("kind").is_some_and(|kind| kind != "totp") => {
            ("You added a passkey or security key", "fingerprint-pattern")
        }
        "key.rename" => ("You renamed a key", "fingerprint-pattern"),
        "key.remove" => ("You removed a passkey or security key", "triangle-alert"),
        "key.copied" => ("A key of yours may have been copied", "triangle-alert"),
        "factor.removed" => ("An administrator removed a factor of yours", "triangle-alert"),
        "factor.enrolled" => ("You added an authenticator", "shield-check"),
        "factor.rename" => ("You renamed an authenticator", "shield-check"),
        "factor.remove" => ("You removed an authenticator", "triangle-alert"),
        "recovery_codes.renew" => ("You made new recovery codes", "key-round"),
        "account.export" => ("You downloaded your data", "download"),
        "account.close" => ("You asked for your account to be deleted", "trash-2"),
        "account.keep" => ("You kept your account", "check"),
        "account.join" | "user.create" | "setup.complete" => ("Your account was made", "user"),
        "user.update" => ("An administrator changed your account", "user"),
        "user.set_password" => ("An administrator set your password", "key-round"),
        "user.set_totp" => ("An administrator set your authenticator", "shield-check"),
        "user.disable" => ("An administrator disabled your account", "ban"),
        "user.enable" => ("An administrator enabled your account", "check"),
        "refusal" => ("Something was refused", "ban"),
        other => match by_mail_or_browser(other) {
            Some(words) => words,
            None => return plain(other.replace(['.', '_'], " "), "info"),
        },
    };
    let failed = event.outcome == Outcome::Failure;
    Told { is_warning: failed || icon == "triangle-alert", ..plain(text.to_owned(), icon) }
}

/// What was done with passwords, addresses, mails and browsers.
fn by_mail_or_browser(action: &str) -> Option<(&'static str, &'static str)> {
    Some(match action {
        "password.change" => ("You changed your password", "key-round"),
        "password.reset" => ("Your password was set by a link in a mail", "key-round"),
        "email.change" => ("Your e-mail address was changed", "mail"),
        "email.verify" => ("You confirmed your e-mail address", "mail"),
        "link.send" => ("A link was sent to you by mail", "mail"),
        "mail_code.sent" => ("A code was sent to you by mail", "mail"),
        "account.unlock" => ("You let a browser in by a link in a mail", "smartphone"),
        "account.disown" => ("You said that a change was not yours", "triangle-alert"),
        "device.trusted" => ("You trusted a browser", "smartphone"),
        "enrolment.put_off" => ("You put off setting up a second step", "clock"),
        _ => return None,
    })
}

fn plain(text: String, icon: &'static str) -> Told {
    Told { text, icon, is_warning: false }
}

#[cfg(test)]
mod tests {
    use time::{Duration, OffsetDateTime};
    use uuid::Uuid;

    use super::*;

    fn event(action: &'static str, actor: Actor) -> AuditEvent {
        let now = OffsetDateTime::UNIX_EPOCH;
        let mut event = AuditEvent::new(Uuid::nil(), now, action, Outcome::Success, actor);
        event.user_id = Some(Uuid::nil());
        event
    }

    #[test]
    fn an_event_is_told_by_who_did_it() {
        let own = told(&event("session.end", Actor::User(Uuid::nil())), "");
        assert_eq!(own.text, "You ended a session");
        let other = told(&event("session.end", Actor::User(Uuid::max())), "");
        assert_eq!(other.text, "An administrator ended one of your sessions");
        let app = told(&event("consent.revoke", Actor::User(Uuid::nil())), "Shop");
        assert_eq!(app.text, "You removed the access of Shop");
    }

    #[test]
    fn what_nobody_has_words_for_is_told_by_its_name() {
        assert_eq!(told(&event("thing.was_done", Actor::System), "").text, "thing was done");
    }

    #[test]
    fn lengths_are_told_in_days_or_hours() {
        let table = [(14 * 24, "14 days"), (24, "1 day"), (5, "5 hours"), (1, "1 hour")];
        for (hours, words) in table {
            assert_eq!(length(Duration::hours(hours)), words);
        }
    }
}
