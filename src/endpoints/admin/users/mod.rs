//! `/admin/users`: people.

pub mod edit;
pub mod factors;
pub mod invite;
pub mod list;
pub mod new;
pub mod sessions;
pub mod state;
pub mod view;

use uuid::Uuid;

use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::identity::user::User;
use crate::manage::users;
use crate::protocol::params::Params;
use crate::web::pages::admin::users::UserFields;

const LIST: &str = "/admin/users";

/// The account that a segment of the path names.
async fn named(session: &AdminSession, segment: &str) -> Result<User, Trouble> {
    let id: Uuid = segment.parse().map_err(|_| Trouble::Missing)?;
    Ok(users::show(&session.manage(), id).await?)
}

fn address(id: Uuid) -> String {
    format!("{LIST}/{id}")
}

/// What was typed in the form of an account; the password is never given back.
fn typed(params: &Params) -> UserFields {
    let text = |name| params.get(name).unwrap_or_default().trim().to_owned();
    UserFields {
        username: text("username"),
        email: text("email"),
        email_verified: params.get("email_verified").is_some(),
        administrator: params.get("administrator").is_some(),
        roles: text("roles"),
    }
}

/// The names of all the roles in the form.
fn roles(fields: &UserFields) -> Vec<String> {
    let administrator = fields.administrator.then(|| "administrator".to_owned());
    administrator.into_iter().chain(fields.roles.split_whitespace().map(str::to_owned)).collect()
}
