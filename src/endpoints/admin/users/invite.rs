//! Invitations: sent, listed, withdrawn.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{roles, typed};
use crate::manage::joining::{self, InviteForm};
use crate::manage::post::Post;
use crate::protocol::params::Params;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::letters;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::action::ActionPage;
use crate::web::pages::admin::users::{InvitationRow, InvitationsPage, InvitePage, UserFields};
use crate::web::respond;

const INVITE: &str = "/admin/users/invite";
const INVITATIONS: &str = "/admin/users/invitations";

/// `GET /admin/users/invite`.
pub async fn get(session: AdminSession) -> Response {
    let made = Ok(form(&session, UserFields::default(), None));
    session.answer(made).await
}

fn form(session: &AdminSession, fields: UserFields, problem: Option<Problem>) -> Response {
    let page = InvitePage {
        console: session.console("users"),
        change: session.change(INVITE, problem),
        fields,
        back: INVITATIONS,
    };
    session.form_page(&page, &page.change)
}

/// `POST /admin/users/invite`.
pub async fn post(mut session: AdminSession, FormParams(params): FormParams) -> Response {
    let made = match send(&mut session, &params).await {
        Err(trouble) => {
            trouble.problem().map(|problem| form(&session, typed(&params), Some(problem)))
        }
        done => done,
    };
    session.answer(made).await
}

async fn send(session: &mut AdminSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(INVITE, params).await?;
    let fields = typed(params);
    let form = InviteForm {
        roles: Some(roles(&fields)),
        username: Some(fields.username),
        email: fields.email,
        claims: None,
    };
    let post = Post::new(&session.cx.app.settings.issuer, letters::write);
    joining::invite(&session.manage(), &post, &form).await?;
    Ok(respond::see_other(&notice::with(INVITATIONS, "invitation-sent")))
}

/// `GET /admin/users/invitations`.
pub async fn list(session: AdminSession, QueryParams(params): QueryParams) -> Response {
    let made = listed(&session, &params).await;
    session.answer(made).await
}

async fn listed(session: &AdminSession, params: &Params) -> Result<Response, Trouble> {
    let live = joining::invitations(&session.manage()).await?;
    let mut console = session.console("users");
    console.notice = notice::of(params);
    let rows = live.iter().map(|one| InvitationRow {
        email: one.email.clone(),
        username: one.username.clone().unwrap_or_default(),
        roles: one.roles.join(", "),
        sent: session.moment(one.created_at),
        ends: session.moment(one.expires_at),
        withdraw: address(one.id),
    });
    let page = InvitationsPage { console, rows: rows.collect() };
    Ok(session.page(&page))
}

fn address(id: Uuid) -> String {
    format!("{INVITATIONS}/{id}/withdraw")
}

/// `GET /admin/users/invitations/{id}/withdraw`.
pub async fn ask(session: AdminSession, Path(id): Path<String>) -> Response {
    let made = named(&id).map(|id| question(&session, id, None));
    session.answer(made).await
}

fn named(segment: &str) -> Result<Uuid, Trouble> {
    segment.parse().map_err(|_| Trouble::Missing)
}

fn question(session: &AdminSession, id: Uuid, problem: Option<Problem>) -> Response {
    let page = ActionPage {
        console: session.console("users"),
        heading: "Withdraw the invitation?".to_owned(),
        effects: vec!["The link in the mail opens nothing any more.".to_owned()],
        choices: Vec::new(),
        choices_label: "",
        change: session.change(&address(id), problem),
        submit: "Withdraw",
        is_danger: true,
        back: INVITATIONS.to_owned(),
    };
    session.form_page(&page, &page.change)
}

/// `POST /admin/users/invitations/{id}/withdraw`.
pub async fn withdraw(
    mut session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = match named(&id) {
        Err(trouble) => Err(trouble),
        Ok(id) => match taken_back(&mut session, id, &params).await {
            Err(trouble) => trouble.problem().map(|problem| question(&session, id, Some(problem))),
            done => done,
        },
    };
    session.answer(made).await
}

async fn taken_back(
    session: &mut AdminSession,
    id: Uuid,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&address(id), params).await?;
    joining::withdraw(&session.manage(), id).await?;
    Ok(respond::see_other(&notice::with(INVITATIONS, "invitation-withdrawn")))
}
