//! One account.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::holdings::Kind;
use crate::endpoints::admin::users::{address, named};
use crate::endpoints::admin::{audit, notice};
use crate::endpoints::person;
use crate::identity::factor::FactorKind;
use crate::identity::session::Stage;
use crate::identity::user::{PasswordState, User};
use crate::manage::sessions;
use crate::manage::users;
use crate::manage::users::devices::{DeviceView, HeldGrant};
use crate::manage::users::keys::{self, FactorView};
use crate::protocol::interaction::Enrolled;
use crate::protocol::params::Params;
use crate::store::deletions;
use crate::store::sessions::SessionEntry;
use crate::web::extract::QueryParams;
use crate::web::pages::admin::users::{DeviceRow, FactorRow, SessionRow, UserPage};
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
    let deletion = deletions::find(&mut *connection, user.id).await?;
    drop(connection);
    let held = keys::list(&session.manage(), user.id).await?;
    let known = users::devices::list(&session.manage(), user.id).await?;
    let apps = sessions::apps(&session.manage(), user.id).await?;
    let mut facts = facts(session, &user, &enrolled);
    if !apps.is_empty() {
        let values = apps.into_iter().map(|app| app.name).collect();
        facts.push(Fact { label: "Connected apps", values, is_code: false });
    }
    if let Some(deletion) = deletion {
        let when = session.moment(deletion.erases_at).text;
        facts.push(Fact::words("Deleted by its owner", format!("Erased {when}")));
    }
    let mut console = session.console("users");
    console.notice = notice::of(params);
    let page = UserPage {
        console,
        username: user.username.as_str().to_owned(),
        href: address(user.id),
        badge: Badge::enabled(user.disabled_at.is_some()),
        is_disabled: user.disabled_at.is_some(),
        may_demand_password: user.disabled_at.is_none() && user.password == PasswordState::Set,
        facts,
        factors: held.iter().map(|factor| factor_row(session, user.id, factor)).collect(),
        sessions: live.iter().map(|entry| row(session, entry)).collect(),
        devices: known.iter().map(|device| device_row(session, user.id, device)).collect(),
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
        PasswordState::Due => "Set; at the next sign-in they must choose another",
        PasswordState::Unset => "None: they cannot sign in with one",
    };
    let kinds: Vec<_> = enrolled.kinds.iter().map(|kind| name_of(*kind)).collect();
    let factor = match (enrolled.has_any(), enrolled.recovery_codes) {
        (false, _) => "None".to_owned(),
        (true, 0) => format!("{}; no recovery codes left", kinds.join(", ")),
        (true, left) => format!("{}; {left} recovery codes left", kinds.join(", ")),
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

const fn name_of(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Password => "password",
        FactorKind::EmailCode => "mailed code",
        FactorKind::Totp => "authenticator app",
        FactorKind::RecoveryCode => "recovery code",
        FactorKind::SecurityKey => "security key",
        FactorKind::Passkey => "passkey",
        FactorKind::HardwareKey => "hardware key",
    }
}

fn factor_row(session: &AdminSession, user: Uuid, factor: &FactorView) -> FactorRow {
    FactorRow {
        remove: Kind::Factor.path(user, factor.id),
        label: factor.label.clone(),
        kind: match factor.synced {
            Some(true) => "passkey, synced",
            _ => name_of(factor.kind),
        },
        added: session.moment(factor.created_at),
        used: factor.used_at.map(|at| session.moment(at)),
    }
}

fn device_row(session: &AdminSession, user: Uuid, device: &DeviceView) -> DeviceRow {
    let mut holds: Vec<String> = device.applications.iter().map(app).collect();
    holds.extend(device.keys.iter().map(|key| format!("{}: {}", name_of(key.kind), key.label)));
    if device.bound {
        holds.push("a session bound to its key".to_owned());
    }
    if let Some(until) = device.trusted_until {
        holds.push(format!("no second step until {}", session.moment(until).text));
    }
    DeviceRow {
        remove: Kind::Device.path(user, device.id),
        label: device.label.clone(),
        first: session.moment(device.first_seen_at),
        seen: session.moment(device.seen_at),
        holds,
        is_this: device.sessions.contains(&session.person().session.id),
    }
}

/// What an application holds.
fn app(grant: &HeldGrant) -> String {
    let offline = if grant.offline { ", offline" } else { "" };
    let bound = match grant.bound_by {
        None => "",
        Some("dpop") => ", bound to a DPoP key",
        Some(_) => ", bound to a certificate",
    };
    format!("{}{offline}{bound}", grant.name)
}

fn row(session: &AdminSession, entry: &SessionEntry) -> SessionRow {
    let one = &entry.session;
    let factors: Vec<&str> =
        one.authentication.factors.iter().map(|proof| name_of(proof.kind)).collect();
    SessionRow {
        end: format!("{}/sessions/{}/end", address(one.user_id), one.id),
        device: entry.device.clone().unwrap_or_else(|| "Unknown browser".to_owned()),
        address: entry.origin.address.map(|address| address.to_string()).unwrap_or_default(),
        factors: factors.join(" + "),
        began: session.moment(one.created_at),
        seen: session.moment(one.seen_at),
        is_this: one.id == session.person().session.id,
        is_pending: one.stage == Stage::Pending,
        is_bound: one.is_bound,
    }
}
