//! All that is stored about a person, for themselves: no secrets, no hashes (GDPR Articles 15, 20).

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::identity::factor::Factor;
use crate::identity::passkey::Key;
use crate::manage::users::UserView;
use crate::manage::{Cx, Done, ManageError, Result, Told};
use crate::protocol::resource::Resource;
use crate::store::audit::{self, Actor, AuditEvent};
use crate::store::{
    Conn, PAGE_LIMIT, connected, consents, devices, factors, grants, links as mail_links,
    recovery_codes, sessions, terms, users, webauthn,
};

/// The most events of the activity log in one export.
const MOST_EVENTS: usize = 10_000;

/// Everything, as one JSON object; that it was taken is told.
pub async fn take(cx: &Cx<'_>) -> Result<Done<Value>> {
    let owner = cx.owner()?;
    let mut tx = cx.begin().await?;
    let user = users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    let password = users::password_age(&mut *tx, owner.id).await?;
    let held = factors::list(&mut *tx, owner.id).await?;
    let keys = webauthn::list(&mut *tx, owner.id).await?;
    let (events, complete) = activity(&mut tx, owner.id).await?;
    let all = json!({
        "taken_at": at(cx.now),
        "account": UserView::of(&user),
        "password": { "changed_at": password.changed_at.map(at), "due_at": password.due_at.map(at) },
        "factors": held.iter().map(factor).collect::<Vec<_>>(),
        "keys": keys.iter().map(key).collect::<Vec<_>>(),
        "recovery_codes_left": recovery_codes::count(&mut *tx, owner.id).await?,
        "sessions": live(&mut tx, cx, owner.id).await?,
        "devices": browsers(&mut tx, cx, owner.id).await?,
        "links": links(&mut tx, owner.id).await?,
        "terms": accepted(&mut tx, owner.id).await?,
        "applications": applications(&mut tx, cx, owner.id).await?,
        "activity": events.iter().map(|one| event(one, owner.id)).collect::<Vec<_>>(),
        "activity_is_complete": complete,
    });
    cx.tell(&mut tx, Told::user("account.export", owner.id, json!({}))).await?;
    tx.commit().await?;
    Ok(Done::new(all, []))
}

async fn live(conn: &mut Conn, cx: &Cx<'_>, id: Uuid) -> Result<Vec<Value>> {
    let entries = sessions::list(&mut *conn, id, cx.now).await?;
    let one = |entry: &sessions::SessionEntry| {
        let session = &entry.session;
        json!({
            "id": session.id,
            "began_at": at(session.created_at),
            "authenticated_at": at(session.authentication.auth_at),
            "seen_at": at(session.seen_at),
            "ends_at": at(session.ends_at),
            "factors": session.authentication.factors,
            "address": entry.origin.address,
            "user_agent": entry.origin.user_agent,
            "device": entry.device,
        })
    };
    Ok(entries.iter().map(one).collect())
}

async fn browsers(conn: &mut Conn, cx: &Cx<'_>, id: Uuid) -> Result<Vec<Value>> {
    let trusted = devices::trusted(&mut *conn, id, cx.now).await?;
    let until = |id: Uuid| trusted.iter().find(|one| one.id == id).map(|one| at(one.trusted_until));
    let one = |device: &devices::Device| {
        json!({
            "id": device.id,
            "label": device.label,
            "first_seen_at": at(device.created_at),
            "seen_at": at(device.seen_at),
            "trusted_until": until(device.id),
        })
    };
    Ok(devices::list(&mut *conn, id).await?.iter().map(one).collect())
}

/// The links that were sent: what for, where to, when.
async fn links(conn: &mut Conn, id: Uuid) -> Result<Vec<Value>> {
    let one = |link: &mail_links::SentLink| {
        json!({
            "purpose": link.purpose,
            "address": link.address,
            "made_at": at(link.created_at),
            "ends_at": at(link.expires_at),
            "used_at": link.used_at.map(at),
        })
    };
    Ok(mail_links::list(&mut *conn, id).await?.iter().map(one).collect())
}

/// The terms that were accepted.
async fn accepted(conn: &mut Conn, id: Uuid) -> Result<Vec<Value>> {
    let one = |(version, when): &(String, OffsetDateTime)| json!({ "version": version, "accepted_at": at(*when) });
    Ok(terms::list(&mut *conn, id).await?.iter().map(one).collect())
}

async fn applications(conn: &mut Conn, cx: &Cx<'_>, id: Uuid) -> Result<Value> {
    let consented = consents::list(&mut *conn, id).await?;
    let consent = |consent: &consents::Consent| {
        json!({
            "client_id": consent.client_id.as_str(),
            "scope": consent.scope.to_string(),
            "resources": consent.resources.iter().map(Resource::as_str).collect::<Vec<_>>(),
            "granted_at": at(consent.granted_at),
        })
    };
    let held = grants::list(&mut *conn, id, cx.now).await?;
    let grant = |grant: &crate::protocol::grant::Grant| {
        let given = &grant.authorization;
        json!({
            "id": given.grant_id,
            "client_id": given.client_id.as_str(),
            "session_id": given.session_id,
            "scope": given.scope.to_string(),
            "granted_at": at(grant.created_at),
            "ends_at": at(grant.ends_at),
        })
    };
    let names = connected::list(&mut *conn, id, cx.now).await?;
    let name = |app: &connected::ConnectedApp| json!({ "client_id": app.client_id.as_str(), "name": app.name });
    Ok(json!({
        "names": names.iter().map(name).collect::<Vec<_>>(),
        "consents": consented.iter().map(consent).collect::<Vec<_>>(),
        "grants": held.iter().map(grant).collect::<Vec<_>>(),
    }))
}

/// The newest events, and whether these are all.
async fn activity(conn: &mut Conn, id: Uuid) -> Result<(Vec<AuditEvent>, bool)> {
    let (mut events, mut after) = (Vec::new(), None);
    loop {
        let page = audit::list_of(&mut *conn, id, after, PAGE_LIMIT).await?;
        events.extend(page.items);
        after = page.next;
        if after.is_none() || events.len() >= MOST_EVENTS {
            return Ok((events, after.is_none()));
        }
    }
}

fn factor(factor: &Factor) -> Value {
    json!({
        "id": factor.id,
        "kind": factor.kind,
        "label": factor.label,
        "added_at": at(factor.created_at),
        "used_at": factor.used_at.map(at),
    })
}

fn key(key: &Key) -> Value {
    json!({
        "id": key.id,
        "kind": key.kind,
        "label": key.label,
        "aaguid": key.aaguid,
        "synced": key.backup_eligible,
        "added_at": at(key.created_at),
        "used_at": key.used_at.map(at),
    })
}

/// An event without what belongs to others: from where an administrator acted is theirs.
fn event(event: &AuditEvent, owner: Uuid) -> Value {
    let shown = match &event.actor {
        Actor::User(id) => *id == owner,
        Actor::Anonymous => true,
        Actor::Client(_) | Actor::Cli | Actor::System => false,
    };
    json!({
        "at": at(event.at),
        "action": event.action,
        "outcome": event.outcome.as_str(),
        "client_id": event.client_id,
        "session_id": event.session_id,
        "address": event.address.filter(|_| shown),
        "user_agent": event.user_agent.as_ref().filter(|_| shown),
        "details": event.details,
    })
}

fn at(instant: OffsetDateTime) -> String {
    instant.format(&Rfc3339).unwrap_or_default()
}
