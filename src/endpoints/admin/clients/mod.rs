//! `/admin/clients`: applications.

pub mod edit;
mod fields;
pub mod list;
pub mod new;
pub mod secret;
mod snippets;
pub mod state;
pub mod view;

use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::slug;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::clients;
use crate::protocol::client::{Client, ClientId, GrantType};

const LIST: &str = "/admin/clients";

/// The application that a segment of the path names.
async fn named(session: &AdminSession, segment: &str) -> Result<Client, Trouble> {
    let id = slug::read(segment).and_then(|id| ClientId::parse(&id)).ok_or(Trouble::Missing)?;
    Ok(clients::show(&session.manage(), &id).await?)
}

fn address(id: &ClientId) -> String {
    format!("{LIST}/{}", slug::of(id.as_str()))
}

/// What people call an application like this.
fn kind(client: &Client) -> &'static str {
    if client.is_public() {
        "Single-page or mobile"
    } else if client.may_use(GrantType::AuthorizationCode) {
        "Web"
    } else {
        "Machine"
    }
}
