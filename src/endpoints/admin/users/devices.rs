//! Removing a person's device, with all that is bound to it.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{address, ask_removal, named};
use crate::endpoints::notices;
use crate::identity::user::User;
use crate::manage::users::devices::{self, DeviceView};
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::respond;

/// Where `device` of `user` is removed.
pub fn path(user: Uuid, device: Uuid) -> String {
    format!("{}/devices/{device}/remove", address(user))
}

/// `GET /admin/users/{id}/devices/{device}/remove`.
pub async fn get(session: AdminSession, Path((id, which)): Path<(String, String)>) -> Response {
    let made = asked(&session, &id, &which).await;
    let made = made.map(|(user, device)| ask(&session, &user, &device, None));
    session.answer(made).await
}

/// `POST /admin/users/{id}/devices/{device}/remove`.
pub async fn post(
    mut session: AdminSession,
    Path((id, which)): Path<(String, String)>,
    FormParams(params): FormParams,
) -> Response {
    let (user, device) = match asked(&session, &id, &which).await {
        Ok(asked) => asked,
        Err(trouble) => return session.answer(Err(trouble)).await,
    };
    let done = act(&mut session, &user, &device, &params).await;
    session.tried(done, |session, problem| ask(session, &user, &device, Some(problem))).await
}

/// The account and its device.
async fn asked(
    session: &AdminSession,
    id: &str,
    which: &str,
) -> Result<(User, DeviceView), Trouble> {
    let user = named(session, id).await?;
    let wanted: Uuid = which.parse().map_err(|_| Trouble::Missing)?;
    let held = devices::list(&session.manage(), user.id).await?;
    let device = held.into_iter().find(|device| device.id == wanted).ok_or(Trouble::Missing)?;
    Ok((user, device))
}

fn ask(
    session: &AdminSession,
    user: &User,
    device: &DeviceView,
    problem: Option<Problem>,
) -> Response {
    let name = user.username.as_str();
    let mut effects =
        vec!["It is signed out at once. At its next sign-in it counts as a new device.".to_owned()];
    if !device.applications.is_empty() {
        let mut names: Vec<&str> =
            device.applications.iter().map(|app| app.name.as_str()).collect();
        names.dedup();
        effects.push(format!(
            "What applications were allowed on it is revoked, offline access too: {}.",
            names.join(", ")
        ));
    }
    if !device.keys.is_empty() {
        let names: Vec<&str> = device.keys.iter().map(|key| key.label.as_str()).collect();
        effects.push(format!("The passkeys made on it are removed: {}.", names.join(", ")));
        effects.push(
            "Because a passkey goes, every other browser of theirs is signed out too, and all that applications were allowed is revoked."
                .to_owned(),
        );
    }
    effects.push("They are told by mail.".to_owned());
    if device.sessions.contains(&session.person().session.id) {
        effects.insert(0, "This is the device that you use now: you leave the console.".to_owned());
    }
    let heading = format!("Remove “{}” of {name}?", device.label);
    ask_removal(session, user, (path(user.id, device.id), heading, effects), problem)
}

async fn act(
    session: &mut AdminSession,
    user: &User,
    device: &DeviceView,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&path(user.id, device.id), params).await?;
    let cx = &session.cx;
    let notice =
        |user: &User, label: &str| notices::about(cx, user, notices::DEVICE_REMOVED, label);
    let done = devices::remove(&session.manage(), user.id, device.id, Some(&notice)).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(&address(user.id), "device-removed")))
}
