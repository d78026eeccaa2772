//! Registered clients: made, changed, disabled, and given new secrets.

pub mod form;
mod profile;
mod proof;
mod secrets;
pub mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::json;
use time::Duration;

use super::{Applied, Change, Cx, Done, Invalid, ManageError, Result, Told};
use crate::crypto::secret::Secret;
use crate::policy::permission::AdminPermission;
use crate::protocol::client::{Client, ClientId, ClientSecret};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;
use crate::store::clients::{self, ClientQuery};
use crate::store::feed::ChangeKind;
use crate::store::revocations::{self, Revocation, RevocationKind};
use crate::store::{Conn, Page, apis, grants};

pub use form::ClientForm;
pub use proof::read_keys;
pub use secrets::{DEFAULT_OVERLAP, MAX_OVERLAP};
pub use view::ClientView;

/// Scopes of OpenID Connect that any client may be registered for (OIDC Core §5.4, §11).
pub const OIDC_SCOPES: [&str; 6] =
    ["openid", "profile", "email", "address", "phone", "offline_access"];

/// A client that was registered or changed.
#[derive(Debug, Clone)]
pub struct Registered {
    /// As it is now.
    pub client: Client,
    /// The secret that was minted for it, to be shown this once.
    pub minted: Option<Secret>,
}

/// The client called `id`.
pub async fn show(cx: &Cx<'_>, id: &ClientId) -> Result<Client> {
    cx.check(AdminPermission::ClientsRead)?;
    clients::find(cx.store.pool(), id).await?.ok_or(ManageError::NotFound("client"))
}

/// A page of the clients, by id.
pub async fn list(cx: &Cx<'_>, query: &ClientQuery) -> Result<Page<Client, ClientId>> {
    cx.check(AdminPermission::ClientsRead)?;
    let mut tx = cx.begin().await?;
    Ok(clients::list(&mut tx, query).await?)
}

/// Registers a client. A secret is minted where its method needs one and `form` gives none.
pub async fn create(cx: &Cx<'_>, form: &ClientForm) -> Result<Done<Registered>> {
    let mut tx = cx.begin().await?;
    let done = create_in(&mut tx, cx, form).await?;
    tx.commit().await?;
    Ok(done)
}

/// [`create`] in a transaction of the caller's.
pub async fn create_in(
    conn: &mut Conn,
    cx: &Cx<'_>,
    form: &ClientForm,
) -> Result<Done<Registered>> {
    cx.check(AdminPermission::ClientsWrite)?;
    let id = match &form.client_id {
        Some(text) => form::client_id(text)?,
        None => form::mint_id(cx)?,
    };
    let mut client = form.make(id, cx.now)?;
    check_targets(conn, &client, &Scope::default()).await?;
    cx.actor.may_grant_scope(&client.scope)?;
    let minted = secrets::first(cx, &mut client, form)?;
    clients::insert(conn, &client).await?;
    let details = json!({ "client": ClientView::of(&client) });
    cx.tell(conn, Told::client("client.create", client.id.as_str(), details)).await?;
    let change = change(&client.id);
    Ok(Done::new(Registered { client, minted }, [change]))
}

/// Changes what `form` names and leaves the rest; an empty link removes it. A secret is minted
/// where the new method needs one and the old had none.
pub async fn update(cx: &Cx<'_>, id: &ClientId, form: &ClientForm) -> Result<Done<Registered>> {
    if form.client_id.is_some() {
        let mend = "register another client, and disable this one";
        return Err(Invalid::new("client_id", "it never changes", mend).into());
    }
    if form.client_secret.is_some() {
        let mend = "rotate the secret instead";
        return Err(Invalid::new("client_secret", "it is not changed here", mend).into());
    }
    let mut tx = cx.begin().await?;
    let done = update_in(&mut tx, cx, id, form).await?;
    tx.commit().await?;
    Ok(Done { value: done.value.0, changes: done.changes })
}

/// [`update`] in a transaction of the caller's; says whether anything was different.
pub async fn update_in(
    conn: &mut Conn,
    cx: &Cx<'_>,
    id: &ClientId,
    form: &ClientForm,
) -> Result<Done<(Registered, Applied)>> {
    cx.check(AdminPermission::ClientsWrite)?;
    let before = clients::find(&mut *conn, id).await?.ok_or(ManageError::NotFound("client"))?;
    let mut after = form.change(&before)?;
    check_targets(conn, &after, &before.scope).await?;
    // Whoever changes where a client's codes go, or its keys, may act with all it is allowed.
    cx.actor.may_grant_scope(&before.scope.union(&after.scope))?;
    let minted = secrets::adopt(cx, &before, &mut after);
    let (old, new) = (ClientView::of(&before), ClientView::of(&after));
    if old == new {
        return Ok(Done::new(
            (Registered { client: before, minted: None }, Applied::Unchanged),
            [],
        ));
    }
    clients::update(conn, &after, cx.now).await?;
    if minted.is_some() {
        clients::replace_secrets(conn, id, secrets::of(&after.auth)).await?;
    }
    let details = json!({ "before": old, "after": new });
    cx.tell(conn, Told::client("client.update", id.as_str(), details)).await?;
    let registered = Registered { client: after, minted };
    Ok(Done::new((registered, Applied::Updated), [change(id)]))
}

/// Makes a new secret and returns it; the old one is good for `overlap` more.
pub async fn rotate_secret(cx: &Cx<'_>, id: &ClientId, overlap: Duration) -> Result<Done<Secret>> {
    cx.check(AdminPermission::ClientsWrite)?;
    secrets::check_overlap(overlap)?;
    let mut tx = cx.begin().await?;
    let client = clients::find(&mut *tx, id).await?.ok_or(ManageError::NotFound("client"))?;
    cx.actor.may_grant_scope(&client.scope)?;
    if !secrets::has_secret(&client.auth) {
        return Err(ManageError::Conflict("the client has no secret: its method is another one"));
    }
    let secret = secrets::mint(cx);
    let row = secrets::row(cx, &secret);
    clients::add_secret(&mut tx, id, &row, cx.now + overlap).await?;
    let details = json!({ "overlap_seconds": overlap.whole_seconds() });
    cx.tell(&mut tx, Told::client("client.rotate_secret", id.as_str(), details)).await?;
    tx.commit().await?;
    Ok(Done::new(secret, [change(id)]))
}

/// Makes `secret` the client's only one, in a transaction of the caller's: for the apply file.
pub async fn set_secret_in(
    conn: &mut Conn,
    cx: &Cx<'_>,
    client: &Client,
    secret: &Secret,
) -> Result<Applied> {
    cx.check(AdminPermission::ClientsWrite)?;
    form::check_secret(secret)?;
    cx.actor.may_grant_scope(&client.scope)?;
    let fingerprint = secret.fingerprint();
    let is_current = |held: &ClientSecret| {
        held.fingerprint.same(&fingerprint) && held.expires_at.is_none_or(|at| at > cx.now)
    };
    if secrets::of(&client.auth).iter().any(is_current) {
        return Ok(Applied::Unchanged);
    }
    clients::replace_secrets(conn, &client.id, &[secrets::row(cx, secret)]).await?;
    let told = Told::client("client.set_secret", client.id.as_str(), json!({}));
    cx.tell(conn, told).await?;
    Ok(Applied::Updated)
}

/// Stops the client: its grants are revoked, its tokens dead.
pub async fn disable(cx: &Cx<'_>, id: &ClientId) -> Result<Done<()>> {
    cx.check(AdminPermission::ClientsWrite)?;
    let mut tx = cx.begin().await?;
    let client = clients::find(&mut *tx, id).await?.ok_or(ManageError::NotFound("client"))?;
    if !clients::disable(&mut *tx, id, cx.now).await? && client.disabled_at.is_none() {
        return Err(ManageError::NotFound("client"));
    }
    let revocation = Revocation {
        id: cx.id(),
        kind: RevocationKind::Client,
        subject: id.as_str().to_owned(),
        revoked_at: cx.now,
        expires_at: cx.now + cx.longest_token,
        reason: "client disabled".to_owned(),
    };
    revocations::insert(&mut *tx, &revocation).await?;
    let end = cx.end("client disabled");
    let mut revoked = 0;
    loop {
        let killed = grants::revoke_for_client(&mut tx, id, &end).await?.len();
        if killed == 0 {
            break;
        }
        revoked += killed;
    }
    let told = Told::client("client.disable", id.as_str(), json!({ "grants_revoked": revoked }));
    cx.tell(&mut tx, told).await?;
    tx.commit().await?;
    Ok(Done::new((), [change(id), Change::revocations()]))
}

/// Undoes [`disable`]; grants and tokens from before stay dead.
pub async fn enable(cx: &Cx<'_>, id: &ClientId) -> Result<Done<()>> {
    cx.check(AdminPermission::ClientsWrite)?;
    let mut tx = cx.begin().await?;
    let client = clients::find(&mut *tx, id).await?.ok_or(ManageError::NotFound("client"))?;
    cx.actor.may_grant_scope(&client.scope)?;
    if clients::enable(&mut *tx, id, cx.now).await? {
        cx.tell(&mut tx, Told::client("client.enable", id.as_str(), json!({}))).await?;
    }
    tx.commit().await?;
    Ok(Done::new((), [change(id)]))
}

pub(super) fn change(id: &ClientId) -> Change {
    Change::of(ChangeKind::Client, id.as_str())
}

/// Refuses scopes that no API has (those in `kept` may stay) and APIs that nobody registered.
async fn check_targets(conn: &mut Conn, client: &Client, kept: &Scope) -> Result<()> {
    let known = apis::all(conn).await?;
    let scopes: BTreeSet<&str> =
        known.iter().flat_map(|api| &api.scopes).map(|scope| scope.name.as_str()).collect();
    let is_known =
        |name: &str| OIDC_SCOPES.contains(&name) || scopes.contains(name) || kept.contains(name);
    if let Some(unknown) = client.scope.iter().find(|name| !is_known(name)) {
        let reason = format!("no API has the scope {unknown}");
        return Err(Invalid::new("scope", reason, "add it to an API first").into());
    }
    let is_api = |resource: &Resource| known.iter().any(|api| api.resource == *resource);
    if let Some(unknown) = client.introspect.iter().find(|resource| !is_api(resource)) {
        let reason = format!("there is no API {}", unknown.as_str());
        return Err(Invalid::new("introspect", reason, "register the API first").into());
    }
    Ok(())
}
