//! Sign-out asked for by a client (OIDC RP-Initiated Logout 1.0).

use uuid::Uuid;

use crate::protocol::client::{Client, ClientId};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;
use crate::protocol::redirect_uri::with_params;

#[cfg(test)]
mod tests;

/// The longest `state` and other short value, in bytes.
const MAX_TEXT: usize = 512;
/// The longest `id_token_hint`, in bytes.
const MAX_HINT: usize = 8 * 1024;
/// The longest `post_logout_redirect_uri`, in bytes.
const MAX_URI: usize = 2048;

/// The parameters of a logout request (§2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRequest {
    /// An ID token of the session to end, not yet verified.
    pub id_token_hint: Option<String>,
    /// Where the client wants the browser afterwards.
    pub post_logout_redirect_uri: Option<String>,
    /// Given back with that redirect.
    pub state: Option<String>,
    /// Who asks, where there is no hint or its audience is not one.
    pub client_id: Option<ClientId>,
    /// Whom the client thinks signed in.
    pub logout_hint: Option<String>,
    /// Languages of the pages, best first.
    pub ui_locales: Vec<String>,
}

impl LogoutRequest {
    /// The request in a query or form. No refusal of it leaves this server.
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        let text = |name| params.bounded(name, MAX_TEXT).map(|value| value.map(str::to_owned));
        let client_id = params.get("client_id").map(|text| {
            ClientId::parse(text).ok_or_else(|| {
                ErrorCode::InvalidRequest.because("client_id is malformed").at("client_id")
            })
        });
        let locales = text("ui_locales")?.unwrap_or_default();
        Ok(Self {
            id_token_hint: params.bounded("id_token_hint", MAX_HINT)?.map(str::to_owned),
            post_logout_redirect_uri: params
                .bounded("post_logout_redirect_uri", MAX_URI)?
                .map(str::to_owned),
            state: text("state")?,
            client_id: client_id.transpose()?,
            logout_hint: text("logout_hint")?,
            ui_locales: locales.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect(),
        })
    }
}

/// What the `id_token_hint` turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// There was none.
    Absent,
    /// It is not an ID token of ours, whatever the reason.
    Bad,
    /// We issued it; it may have expired (§2).
    Verified {
        /// To which client (`aud`).
        client_id: ClientId,
        /// About whom (`sub`).
        subject: Uuid,
    },
}

/// What the decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What was asked for.
    pub request: &'a LogoutRequest,
    /// The hint, verified with expiry left aside.
    pub hint: &'a Hint,
    /// The client that the hint was issued to.
    pub client: Option<&'a Client>,
    /// Whose session the browser has.
    pub signed_in: Option<Uuid>,
}

/// What happens with the session and the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Ask the person; after their yes the session ends and the browser stays here.
    Confirm,
    /// End the session, if there is one, and say so.
    Done,
    /// End the session, if there is one, and send the browser to this registered address.
    Redirect(String),
}

/// What to do (§2, §3). A browser leaves only with a verified hint of the session's own person and
/// an address that the hint's client registered; whatever is less sure ends on a page of ours.
pub fn decide(facts: &Facts<'_>) -> Outcome {
    let request = facts.request;
    let Hint::Verified { client_id, subject } = facts.hint else {
        // With nobody signed in there is nothing to ask, and still nowhere to send the browser.
        let idle = *facts.hint == Hint::Absent && facts.signed_in.is_none();
        let wants_redirect = request.post_logout_redirect_uri.is_some();
        return if idle && !wants_redirect { Outcome::Done } else { Outcome::Confirm };
    };
    let same_client = request.client_id.as_ref().is_none_or(|id| id == client_id);
    let same_person = facts.signed_in.is_none_or(|user| user == *subject);
    if !same_client || !same_person {
        return Outcome::Confirm;
    }
    let Some(requested) = request.post_logout_redirect_uri.as_deref() else {
        return Outcome::Done;
    };
    let client = facts.client.filter(|client| client.id == *client_id && !client.is_disabled());
    if client.is_some_and(|client| is_registered(client, requested)) {
        let state = request.state.as_deref().map(|state| ("state", state));
        return Outcome::Redirect(with_params(requested, state));
    }
    Outcome::Confirm
}

/// Whether `requested` is one of the client's post-logout addresses, byte for byte (§3.1). A
/// registered root may be written without its slash, as the parser added one.
fn is_registered(client: &Client, requested: &str) -> bool {
    client.post_logout_redirect_uris.iter().any(|registered| {
        let root = registered.path() == "/" && registered.query().is_none();
        let bare = registered.as_str().strip_suffix('/').filter(|_| root);
        registered.as_str() == requested || bare == Some(requested)
    })
}
