//! Events and factors in plain words.

use crate::identity::factor::{Factor, FactorKind};
use crate::manage::users::TOTP_LABEL;
use crate::store::audit::{Actor, AuditEvent, Outcome};
use crate::web::text::Text;

/// The message that names a factor.
pub const fn factor(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Password => "account-factor-password",
        FactorKind::Totp => "account-factor-authenticator",
        FactorKind::RecoveryCode => "account-factor-recovery",
        FactorKind::EmailCode => "account-factor-mailed",
        FactorKind::SecurityKey => "account-factor-security-key",
        FactorKind::Passkey => "account-factor-passkey",
        FactorKind::HardwareKey => "account-factor-hardware-key",
    }
}

/// The name of an authenticator: its owner's, or what it is where they gave none.
pub fn authenticator(text: &Text, factor: &Factor) -> String {
    if factor.label == TOTP_LABEL {
        text.say("account-authenticator-unnamed")
    } else {
        factor.label.clone()
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
pub fn told(text: &Text, event: &AuditEvent, app: &str) -> Told {
    let (id, icon) = message(event);
    let name = event.action.replace(['.', '_'], " ");
    let failed = event.outcome == Outcome::Failure;
    Told {
        text: text.with("app", app).with("event", name).say(id),
        icon,
        is_warning: failed || icon == ALARM,
    }
}

/// The icon of what should be looked at.
const ALARM: &str = "triangle-alert";

/// The message that tells of `event`, and its icon.
fn message(event: &AuditEvent) -> (&'static str, &'static str) {
    let detail = |name: &str| event.details.get(name).and_then(|value| value.as_str());
    let by_others = !matches!(event.actor, Actor::User(id) if Some(id) == event.user_id)
        && event.actor != Actor::Anonymous;
    match event.action.as_ref() {
        "login.succeeded" => ("account-event-signed-in", "log-in"),
        "login.failed" => match detail("factor") {
            Some("second") => ("account-event-wrong-code", ALARM),
            Some("key") => ("account-event-wrong-key", ALARM),
            Some(_) | None => ("account-event-wrong-password", ALARM),
        },
        "logout" => ("account-event-signed-out", "log-out"),
        "code.issued" => ("account-event-app-signed-in", "app-window"),
        "code.replayed" | "token.reused" => ("account-event-app-robbed", ALARM),
        "grant.revoked" | "token.revoked" => ("account-event-app-gave-back", "app-window"),
        "consent.revoke" => ("account-event-app-removed", "app-window"),
        "session.end" if by_others => ("account-event-session-ended-by-others", "log-out"),
        "session.end" => ("account-event-session-ended", "log-out"),
        "session.disown" => ("account-event-disowned", ALARM),
        "session.key_mismatch" => ("account-event-cookies-copied", ALARM),
        "user.end_other_sessions" => ("account-event-others-ended", "log-out"),
        "user.end_sessions" => ("account-event-all-ended", "log-out"),
        "device.forget" => ("account-event-forgotten", "smartphone"),
        "factor.enrolled" if detail("kind").is_some_and(|kind| kind != "totp") => {
            ("account-event-key-added", "fingerprint-pattern")
        }
        other => of_an_account(other),
    }
}

/// The same for what an account is and is proved with.
fn of_an_account(action: &str) -> (&'static str, &'static str) {
    match action {
        "profile.update" => ("account-event-profile", "user"),
        "key.rename" => ("account-event-key-renamed", "fingerprint-pattern"),
        "key.remove" => ("account-event-key-removed", ALARM),
        "key.copied" => ("account-event-key-copied", ALARM),
        "factor.refused" => ("account-event-key-refused", "ban"),
        "factor.removed" => ("account-event-factor-removed-by-others", ALARM),
        "factor.enrolled" => ("account-event-authenticator-added", "shield-check"),
        "factor.rename" => ("account-event-authenticator-renamed", "shield-check"),
        "factor.remove" => ("account-event-authenticator-removed", ALARM),
        "recovery_codes.renew" => ("account-event-codes", "key-round"),
        "account.export" => ("account-event-export", "download"),
        "account.close" => ("account-event-closing", "trash-2"),
        "account.keep" => ("account-event-kept", "check"),
        "account.join" | "user.create" | "setup.complete" => ("account-event-made", "user"),
        "user.update" => ("account-event-changed-by-others", "user"),
        "user.set_password" => ("account-event-password-by-others", "key-round"),
        "user.set_totp" => ("account-event-authenticator-by-others", "shield-check"),
        "user.disable" => ("account-event-disabled", "ban"),
        "user.enable" => ("account-event-enabled", "check"),
        "refusal" => ("account-event-refused", "ban"),
        other => by_mail_or_browser(other),
    }
}

/// The same for passwords, addresses, mails and browsers.
fn by_mail_or_browser(action: &str) -> (&'static str, &'static str) {
    match action {
        "password.change" => ("account-event-password-changed", "key-round"),
        "password.reset" => ("account-event-password-reset", "key-round"),
        "email.change" => ("account-event-email-changed", "mail"),
        "email.verify" => ("account-event-email-verified", "mail"),
        "link.send" => ("account-event-link-sent", "mail"),
        "mail_code.sent" => ("account-event-code-sent", "mail"),
        "account.unlock" => ("account-event-unlocked", "smartphone"),
        "account.disown" => ("account-event-account-disowned", ALARM),
        "device.trusted" => ("account-event-trusted", "smartphone"),
        "enrolment.put_off" => ("account-event-put-off", "clock"),
        _ => ("account-event-other", "info"),
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::*;
    use crate::identity::language::Language;

    fn event(action: &'static str, actor: Actor) -> AuditEvent {
        let now = OffsetDateTime::UNIX_EPOCH;
        let mut event = AuditEvent::new(Uuid::nil(), now, action, Outcome::Success, actor);
        event.user_id = Some(Uuid::nil());
        event
    }

    #[test]
    fn an_event_is_told_by_who_did_it() {
        let text = Text::of(Language::English);
        let own = told(&text, &event("session.end", Actor::User(Uuid::nil())), "");
        assert_eq!(own.text, "You ended a session");
        let other = told(&text, &event("session.end", Actor::User(Uuid::max())), "");
        assert_eq!(other.text, "An administrator ended one of your sessions");
        let app = told(&text, &event("consent.revoke", Actor::User(Uuid::nil())), "Shop");
        assert_eq!(app.text, "You removed the access of Shop");
    }

    #[test]
    fn what_nobody_has_words_for_is_told_by_its_name() {
        let said = told(&Text::of(Language::German), &event("thing.was_done", Actor::System), "");
        assert_eq!(said.text, "Etwas anderes ist geschehen: thing was done");
    }
}
