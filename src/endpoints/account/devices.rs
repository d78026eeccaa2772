//! `/account/devices`: what each device holds, and its removal with all of that.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::account::authenticators::demand;
use crate::endpoints::account::session::{AccountSession, FreshSession, Question};
use crate::endpoints::account::{notice, sessions};
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::notices;
use crate::identity::device::Seen;
use crate::manage::account::devices;
use crate::manage::users::devices::{DeviceView, HeldGrant};
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::account::access::{DeviceAppRow, DeviceRow};
use crate::web::respond;

fn path(device: Uuid) -> String {
    format!("/account/devices/{device}/remove")
}

/// The person's devices as the page shows them, this one first.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn rows(session: &AccountSession) -> Result<Vec<DeviceRow>, Trouble> {
    let mut held = devices::list(&session.manage(), session.person().user.id).await?;
    // The list is sorted, and the sort keeps its order.
    held.sort_by_key(|device| !is_this(session, device));
    Ok(held.iter().map(|device| row(session, device)).collect())
}

fn is_this(session: &AccountSession, device: &DeviceView) -> bool {
    session.person().session.device_id == Some(device.id)
}

fn row(session: &AccountSession, device: &DeviceView) -> DeviceRow {
    let text = session.text();
    DeviceRow {
        label: Seen::read(&device.label)
            .map_or_else(|| device.label.clone(), |seen| text.browser(seen)),
        first: session.moment(device.first_seen_at),
        seen: session.moment(device.seen_at),
        is_this: is_this(session, device),
        is_signed_in: !device.sessions.is_empty(),
        is_bound: device.bound,
        trusted_until: device.trusted_until.map(|at| text.day(at)).unwrap_or_default(),
        keys: device.keys.iter().map(|key| key.label.clone()).collect(),
        apps: device.applications.iter().map(app_row).collect(),
        remove: path(device.id),
    }
}

fn app_row(app: &HeldGrant) -> DeviceAppRow {
    DeviceAppRow { name: app.name.clone(), is_bound: app.bound_by.is_some() }
}

/// The question, which names all that ends.
fn question(session: &FreshSession, device: &DeviceView) -> Question {
    let text = session.text();
    let name = Seen::read(&device.label)
        .map_or_else(|| device.label.clone(), |seen| text.browser_within(seen));
    let mut effects = vec![text.say("account-device-remove-sessions")];
    if session.person().session.device_id == Some(device.id) {
        effects.insert(0, text.say("account-device-remove-this"));
    }
    if !device.applications.is_empty() {
        let names = listed(device.applications.iter().map(|app| app.name.as_str()));
        effects.push(text.with("names", names).say("account-device-remove-apps"));
    }
    if !device.keys.is_empty() {
        let names = listed(device.keys.iter().map(|key| key.label.as_str()));
        effects.push(text.with("names", names).say("account-device-remove-keys"));
        effects.push(text.say("account-device-remove-others"));
    }
    effects.push(text.say("account-device-remove-known"));
    Question {
        section: "sessions",
        heading: text.with("device", name).say("account-device-remove-title"),
        effects,
        path: path(device.id),
        submit: text.say("account-device-remove"),
        is_danger: true,
        back: sessions::PATH,
    }
}

/// The names, each once.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut once: Vec<&str> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once.join(", ")
}

/// The person's device with this id.
async fn asked(session: &FreshSession, id: &str) -> Result<DeviceView, Trouble> {
    let wanted: Uuid = id.parse().map_err(|_| Trouble::Missing)?;
    let held = devices::list(&session.manage(), session.person().user.id).await?;
    held.into_iter().find(|device| device.id == wanted).ok_or(Trouble::Missing)
}

/// `GET /account/devices/{id}/remove`.
pub async fn ask(session: FreshSession, Path(id): Path<String>) -> Response {
    let made =
        asked(&session, &id).await.map(|device| session.ask(question(&session, &device), None));
    session.answer(made).await
}

/// `POST /account/devices/{id}/remove`.
pub async fn remove(
    session: FreshSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = removed(&session, &id, &params).await;
    session.answer(made).await
}

async fn removed(session: &FreshSession, id: &str, params: &Params) -> Result<Response, Trouble> {
    let device = asked(session, id).await?;
    session.posted(&path(device.id), params)?;
    let user = &session.person().user;
    let notice = notices::about(&session.cx, user, notices::DEVICE_REMOVED, &device.label);
    let demand = demand(session).await?;
    let done = devices::remove(&session.manage(), device.id, demand, notice.as_ref()).await;
    match done.map_err(Trouble::from) {
        Ok(done) => session.told(done).await?,
        Err(trouble) => {
            let problem = session.problem(trouble)?;
            return Ok(session.ask(question(session, &device), Some(problem)));
        }
    };
    Ok(respond::see_other(&notice::with(sessions::PATH, "device-removed")))
}
