//! One account.

use axum::extract::Path;
use axum::response::Response;

use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{address, named};
use crate::endpoints::admin::{audit, notice};
use crate::endpoints::person;
use crate::identity::factor::FactorKind;
use crate::identity::session::Stage;
use crate::identity::user::{PasswordState, User};
use crate::manage::sessions;
use crate::protocol::interaction::Enrolled;
use crate::protocol::params::Params;
use crate::store::sessions::SessionEntry;
use crate::web::extract::QueryParams;
use crate::web::pages::admin::users::{SessionRow, UserPage};
use crate::web::pages::admin::{Badge, Fact};

/// `GET /admin/users/{id}`.
pub async fn get(
    session: AdminSession,
    Path(id): Path<String>,
    QueryParams(params): QueryParams,
) -> Response {
    let made = page(&session, &id, &params).await;
    session.answer(made).await
}

async fn page(session: &AdminSession, id: &str, params: &Params) -> Result<Response, Trouble> {
    let user = named(session, id).await?;
    let live = sessions::list(&session.manage(), user.id).await?;
    let mut connection = session.cx.app.store.begin().await?;
    let enrolled = person::enrolled(&session.cx, &mut connection, &user).await?;
    drop(connection);
    let mut console = session.console("users");
    console.notice = notice::of(params);
    let page = UserPage {
        console,
        username: user.username.as_str().to_owned(),
        href: address(user.id),
        badge: Badge::enabled(user.disabled_at.is_some()),
        is_disabled: user.disabled_at.is_some(),
        facts: facts(session, &user, &enrolled),
        sessions: live.iter().map(|entry| row(session, entry)).collect(),
        audit: audit::about(&user.id.to_string()),
    };
    Ok(session.page(&page))
}

fn facts(session: &AdminSession, user: &User, enrolled: &Enrolled) -> Vec<Fact> {
    let email = match (&user.email, user.email_verified) {
        (None, _) => "None".to_owned(),
        (Some(email), true) => format!("{email} (verified)"),
        (Some(email), false) => format!("{email} (not verified)"),
    };
    let roles: Vec<String> = user.roles.iter().map(ToString::to_string).collect();
    let password = match user.password {
        PasswordState::Set => "Set",
        PasswordState::Unset => "None: they cannot sign in with one",
    };
    let factor = match (enrolled.has_any(), enrolled.recovery_codes) {
        (false, _) => "None".to_owned(),
        (true, 0) => "Authenticator app; no recovery codes left".to_owned(),
        (true, left) => format!("Authenticator app; {left} recovery codes left"),
    };
    let mut facts = vec![
        Fact::codes("Id (sub)", vec![user.id.to_string()]),
        Fact::words("E-mail", email),
        Fact::words("Roles", if roles.is_empty() { "None".to_owned() } else { roles.join(", ") }),
        Fact::words("Password", password),
        Fact::words("Second factor", factor),
        Fact::words("Created", session.moment(user.created_at).text),
    ];
    if let Some(at) = user.disabled_at {
        facts.push(Fact::words("Disabled", session.moment(at).text));
    }
    if !user.claims.is_empty() {
        let claim = |(name, value): (&String, &serde_json::Value)| format!("{name}: {value}");
        facts.push(Fact::codes("Claims", user.claims.iter().map(claim).collect()));
    }
    facts
}

fn row(session: &AdminSession, entry: &SessionEntry) -> SessionRow {
    let one = &entry.session;
    let factor = |kind: FactorKind| match kind {
        FactorKind::Password => "password",
        FactorKind::EmailCode => "mailed code",
        FactorKind::Totp => "authenticator",
        FactorKind::SecurityKey => "security key",
        FactorKind::Passkey => "passkey",
        FactorKind::HardwareKey => "hardware key",
        FactorKind::RecoveryCode => "recovery code",
    };
    let factors: Vec<&str> =
        one.authentication.factors.iter().map(|proof| factor(proof.kind)).collect();
    SessionRow {
        end: format!("{}/sessions/{}/end", address(one.user_id), one.id),
        device: entry.device.clone().unwrap_or_else(|| "Unknown browser".to_owned()),
        address: entry.origin.address.map(|address| address.to_string()).unwrap_or_default(),
        factors: factors.join(" + "),
        began: session.moment(one.created_at),
        seen: session.moment(one.seen_at),
        is_this: one.id == session.person().session.id,
        is_pending: one.stage == Stage::Pending,
    }
}
