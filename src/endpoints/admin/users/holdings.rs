//! Removing what a person holds: a passkey, security key or authenticator, or a device with all that is
//! bound to it.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{address, named};
use crate::endpoints::notices;
use crate::identity::user::User;
use crate::manage::users::devices::{self, DeviceView};
use crate::manage::users::keys::{self, FactorView};
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::action::ActionPage;
use crate::web::respond;

/// What kind of thing it is.
#[derive(Clone, Copy)]
pub enum Kind {
    /// What they prove themselves with besides a password.
    Factor,
    /// A browser that they sign in with.
    Device,
}

impl Kind {
    /// Where the one with this id is removed from `user`.
    pub fn path(self, user: Uuid, id: Uuid) -> String {
        let kind = match self {
            Self::Factor => "factors",
            Self::Device => "devices",
        };
        format!("{}/{kind}/{id}/remove", address(user))
    }
}

/// The thing itself.
enum Held {
    Factor(FactorView),
    Device(DeviceView),
}

type Named = Path<(String, String)>;

/// `GET /admin/users/{id}/factors/{factor}/remove`.
pub async fn factor(session: AdminSession, Path((id, which)): Named) -> Response {
    show(session, Kind::Factor, &id, &which).await
}

/// `POST /admin/users/{id}/factors/{factor}/remove`.
pub async fn remove_factor(
    session: AdminSession,
    Path((id, which)): Named,
    FormParams(params): FormParams,
) -> Response {
    Box::pin(remove(session, Kind::Factor, (&id, &which), &params)).await
}

/// `GET /admin/users/{id}/devices/{device}/remove`.
pub async fn device(session: AdminSession, Path((id, which)): Named) -> Response {
    show(session, Kind::Device, &id, &which).await
}

/// `POST /admin/users/{id}/devices/{device}/remove`.
pub async fn remove_device(
    session: AdminSession,
    Path((id, which)): Named,
    FormParams(params): FormParams,
) -> Response {
    Box::pin(remove(session, Kind::Device, (&id, &which), &params)).await
}

async fn show(session: AdminSession, kind: Kind, id: &str, which: &str) -> Response {
    let made = asked(&session, kind, id, which).await;
    let made = made.map(|(user, held)| ask(&session, &user, &held, None));
    session.answer(made).await
}

async fn remove(
    mut session: AdminSession,
    kind: Kind,
    (id, which): (&str, &str),
    params: &Params,
) -> Response {
    let (user, held) = match asked(&session, kind, id, which).await {
        Ok(asked) => asked,
        Err(trouble) => return session.answer(Err(trouble)).await,
    };
    let done = act(&mut session, &user, &held, params).await;
    session.tried(done, |session, problem| ask(session, &user, &held, Some(problem))).await
}

/// The account and what it holds.
async fn asked(
    session: &AdminSession,
    kind: Kind,
    id: &str,
    which: &str,
) -> Result<(User, Held), Trouble> {
    let user = named(session, id).await?;
    let wanted: Uuid = which.parse().map_err(|_| Trouble::Missing)?;
    let cx = session.manage();
    let found = match kind {
        Kind::Factor => {
            let all = keys::list(&cx, user.id).await?;
            all.into_iter().find(|factor| factor.id == wanted).map(Held::Factor)
        }
        Kind::Device => {
            let all = devices::list(&cx, user.id).await?;
            all.into_iter().find(|device| device.id == wanted).map(Held::Device)
        }
    };
    Ok((user, found.ok_or(Trouble::Missing)?))
}

impl Held {
    fn path(&self, user: &User) -> String {
        match self {
            Self::Factor(factor) => Kind::Factor.path(user.id, factor.id),
            Self::Device(device) => Kind::Device.path(user.id, device.id),
        }
    }

    fn label(&self) -> &str {
        match self {
            Self::Factor(factor) => &factor.label,
            Self::Device(device) => &device.label,
        }
    }

    /// What its removal does, one sentence each.
    fn effects(&self, session: &AdminSession, user: &User) -> Vec<String> {
        match self {
            Self::Factor(factor) => factor_effects(session, user, factor),
            Self::Device(device) => device_effects(session, device),
        }
    }
}

fn factor_effects(session: &AdminSession, user: &User, factor: &FactorView) -> Vec<String> {
    let mut effects = vec![
        format!("“{}” proves {} no longer.", factor.label, user.username.as_str()),
        "Every browser of theirs is signed out at once, and all that applications were allowed is revoked.".to_owned(),
        "They are told by mail. Where a second factor is owed, they set up another at the next sign-in.".to_owned(),
    ];
    if user.id == session.person().user.id {
        effects.insert(0, "This is your own: you leave the console.".to_owned());
    }
    effects
}

fn device_effects(session: &AdminSession, device: &DeviceView) -> Vec<String> {
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
    effects
}

fn ask(session: &AdminSession, user: &User, held: &Held, problem: Option<Problem>) -> Response {
    let page = ActionPage {
        console: session.console("users"),
        heading: format!("Remove “{}” of {}?", held.label(), user.username.as_str()),
        effects: held.effects(session, user),
        choices: Vec::new(),
        choices_label: "",
        change: session.change(&held.path(user), problem),
        submit: "Remove",
        is_danger: true,
        back: address(user.id),
    };
    session.form_page(&page, &page.change)
}

async fn act(
    session: &mut AdminSession,
    user: &User,
    held: &Held,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&held.path(user), params).await?;
    let (cx, manage) = (&session.cx, session.manage());
    let (words, said) = match held {
        Held::Factor(_) => (notices::KEY_REMOVED, "factor-removed"),
        Held::Device(_) => (notices::DEVICE_REMOVED, "device-removed"),
    };
    let notice = |user: &User, label: &str| notices::about(cx, user, words, label);
    match held {
        Held::Factor(factor) => {
            let done = keys::remove(&manage, user.id, factor.id, Some(&notice)).await?;
            session.told(done).await?;
        }
        Held::Device(device) => {
            let done = devices::remove(&manage, user.id, device.id, Some(&notice)).await?;
            session.told(done).await?;
        }
    }
    Ok(respond::see_other(&notice::with(&address(user.id), said)))
}
