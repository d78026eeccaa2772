//! New people: who signs up, who is invited, and what both are asked.
//!
//! **Invariant: an account is made by whoever reads its address.** Before the link in the mail is
//! opened there is no account, so nobody can prepare one for somebody else (SECURITY.md T-22), and the
//! page that asks for an address answers everybody alike.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::post::{self, For, Post};
use super::users::{NewUser, form};
use super::{
    Cx, Done, Invalid, ManageError, PRODUCT, Result, Told, letters, requests, users as accounts,
};
use crate::crypto::secret::Secret;
use crate::identity::link::Purpose;
use crate::identity::password::{self, Protection, Weakness};
use crate::identity::user::User;
use crate::policy::permission::{Actor, AdminPermission};
use crate::policy::settings::{PolicySettings, SignUp};
use crate::store::links::{self, Link};
use crate::store::mail_requests::MailRequest;
use crate::store::{Conn, StoreError, terms, users};

/// Whom to invite.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteForm {
    /// Where the invitation goes; it becomes the account's address.
    pub email: String,
    /// What they sign in with; they choose it where this is absent.
    pub username: Option<String>,
    /// Their roles.
    pub roles: Option<Vec<String>>,
    /// Their claims (OIDC Core §5.1).
    #[schema(value_type = Option<Object>)]
    pub claims: Option<Map<String, Value>>,
}

/// What an invitation carries.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Details {
    username: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    claims: Map<String, Value>,
}

impl Details {
    fn of(link: &Link) -> Result<Self> {
        let read = serde_json::from_value(link.details.clone());
        Ok(read.map_err(|_| StoreError::Corrupt("an invitation".into()))?)
    }
}

/// An invitation that nobody has taken up.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Invitation {
    /// The row.
    pub id: Uuid,
    /// Who is invited.
    pub email: String,
    /// What they will sign in with, where that is given.
    pub username: Option<String>,
    /// The roles that they will have.
    pub roles: Vec<String>,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When its link stops to be good.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

impl TryFrom<&Link> for Invitation {
    type Error = ManageError;

    fn try_from(link: &Link) -> Result<Self> {
        let Details { username, roles, .. } = Details::of(link)?;
        let (id, email) = (link.id, link.address.clone());
        let (created_at, expires_at) = (link.created_at, link.expires_at);
        Ok(Self { id, email, username, roles, created_at, expires_at })
    }
}

/// Invites somebody by mail; also the address of the link, for whoever has the machine anyway. An
/// invitation of before to the same address is good no more.
pub async fn invite(
    cx: &Cx<'_>,
    post: &Post<'_>,
    form: &InviteForm,
) -> Result<(Invitation, String)> {
    cx.check(AdminPermission::UsersWrite)?;
    let mend = "write it as name@domain";
    let email =
        form::email(&form.email)?.ok_or_else(|| Invalid::new("email", "it is missing", mend))?;
    let username = form.username.as_deref().filter(|name| !name.trim().is_empty());
    let username = username.map(form::username).transpose()?;
    let roles = form::roles(form.roles.as_deref().unwrap_or_default())?;
    accounts::check_roles(cx, &roles)?;
    let details = Details {
        username: username.as_ref().map(|name| name.as_str().to_owned()),
        roles: roles.iter().map(ToString::to_string).collect(),
        claims: form::claims(form.claims.clone().unwrap_or_default())?,
    };
    let details =
        serde_json::to_value(&details).map_err(|_| StoreError::Corrupt("claims".into()))?;
    let mut tx = cx.begin().await?;
    if users::find_by_login(&mut *tx, &email.to_lowercase()).await?.is_some() {
        return Err(ManageError::Conflict("the e-mail address is another account's"));
    }
    if let Some(name) = &username
        && users::find_by_login(&mut *tx, name.as_str()).await?.is_some()
    {
        return Err(ManageError::Conflict("the user name is taken"));
    }
    let what = For::stranger(Purpose::Invite, &email, details);
    let url = send_invitation(&mut tx, cx, post, &what).await?;
    let link = links::invitation_of(&mut *tx, &email, cx.now).await?;
    let invitation = Invitation::try_from(&link.ok_or(ManageError::NotFound("invitation"))?)?;
    let told = json!({
        "to": masked(&email), "username": invitation.username, "roles": invitation.roles,
    });
    let id = invitation.id.to_string();
    cx.tell(&mut tx, Told::new("invitation.send", "invitation", id, told)).await?;
    tx.commit().await?;
    Ok((invitation, url))
}

/// An address as the audit log has it: it outlives an account that its owner has erased, and must not
/// lead back to them.
fn masked(address: &str) -> String {
    let (name, domain) = address.split_once('@').unwrap_or((address, ""));
    let first = name.chars().next().map(String::from).unwrap_or_default();
    format!("{first}…@{domain}")
}

async fn send_invitation(
    conn: &mut Conn,
    cx: &Cx<'_>,
    post: &Post<'_>,
    what: &For<'_>,
) -> Result<String> {
    let secret = post::issue(conn, cx, what).await?;
    let url = post.url(Purpose::Invite, &secret);
    post.send(conn, cx, what.address, &letters::invitation(url.clone())).await?;
    Ok(url)
}

/// The invitations that nobody has taken up.
pub async fn invitations(cx: &Cx<'_>) -> Result<Vec<Invitation>> {
    cx.check(AdminPermission::UsersRead)?;
    let live = links::invitations(cx.store.pool(), cx.now).await?;
    live.iter().map(Invitation::try_from).collect()
}

/// Takes an invitation back.
pub async fn withdraw(cx: &Cx<'_>, id: Uuid) -> Result<()> {
    cx.check(AdminPermission::UsersWrite)?;
    let mut tx = cx.begin().await?;
    let email = links::withdraw(&mut *tx, id).await?.ok_or(ManageError::NotFound("invitation"))?;
    let told = json!({ "to": masked(&email) });
    cx.tell(&mut tx, Told::new("invitation.withdraw", "invitation", id.to_string(), told)).await?;
    Ok(tx.commit().await?)
}

/// Answers somebody who typed an address on the page for signing up.
pub(super) async fn answer(
    conn: &mut Conn,
    cx: &Cx<'_>,
    post: &Post<'_>,
    (request, sign_up): (&MailRequest, SignUp),
) -> Result<()> {
    let Ok(Some(email)) = form::email(&request.login) else { return Ok(()) };
    // An address is counted like a name: strangers are not to be flooded either.
    let Ok(name) = form::username(&email) else { return Ok(()) };
    if !requests::admit(conn, cx, &name, Purpose::SignUp).await? {
        return Ok(());
    }
    if users::find_by_login(&mut *conn, &email.to_lowercase()).await?.is_some() {
        return post.send(conn, cx, &email, &letters::has_account(post.at("/login"))).await;
    }
    // An invitation says more than a sign-up, so it is what is sent again.
    if let Some(link) = links::invitation_of(&mut *conn, &email, cx.now).await? {
        let what = For::stranger(Purpose::Invite, &link.address, link.details);
        return send_invitation(conn, cx, post, &what).await.map(drop);
    }
    if sign_up == SignUp::Open {
        let what = For::stranger(Purpose::SignUp, &email, json!({}));
        let secret = post::issue(conn, cx, &what).await?;
        let letter = letters::sign_up(post.url(Purpose::SignUp, &secret));
        post.send(conn, cx, &email, &letter).await?;
    }
    Ok(())
}

/// A door that a link opens: whose it is, and what is decided already.
#[derive(Debug, Clone)]
pub struct Door {
    /// The address, which is the account's.
    pub email: String,
    /// The user name, where an administrator gave it.
    pub username: Option<String>,
}

/// What the link behind `token` opens; nothing where it is dead, or nobody may sign up any more.
pub async fn door(
    cx: &Cx<'_>,
    (purpose, token): (Purpose, &Secret),
    sign_up: SignUp,
) -> Result<Option<Door>> {
    if purpose == Purpose::SignUp && sign_up != SignUp::Open {
        return Ok(None);
    }
    let Some(link) = post::look(cx, purpose, token).await? else { return Ok(None) };
    let Details { username, .. } = Details::of(&link)?;
    Ok(Some(Door { email: link.address, username }))
}

/// What somebody who came through a door typed.
#[derive(Debug, Clone)]
pub struct Joining<'a> {
    /// The user name that they chose; it counts for nothing where one was given.
    pub username: &'a str,
    /// The password that they chose.
    pub password: &'a Secret,
    /// Whether they accepted the terms.
    pub accepted: Accepted,
}

/// Whether somebody accepted the terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// They did.
    Yes,
    /// They did not.
    No,
}

/// What must be changed about what they typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amiss {
    /// The name can be nobody's.
    Name,
    /// The name is the address of somebody else.
    OtherAddress,
    /// Another account has the name or the address.
    Taken,
    /// The password is weak.
    Password(Weakness),
    /// The terms are not accepted.
    Terms,
}

impl Joining<'_> {
    /// The account that this would be, and its password, still to be hashed.
    ///
    /// # Errors
    /// What must be changed.
    pub fn check(
        &self,
        door: &Door,
        policy: &PolicySettings,
    ) -> std::result::Result<(NewUser, Secret), Amiss> {
        let name = door.username.as_deref().unwrap_or(self.username);
        let username = form::username(name).map_err(|_| Amiss::Name)?;
        let other_address =
            username.as_str().contains('@') && !username.as_str().eq_ignore_ascii_case(&door.email);
        if other_address && door.username.is_none() {
            return Err(Amiss::OtherAddress);
        }
        let email = Some(door.email.as_str());
        let context = password::Context { product: PRODUCT, username: &username, email };
        let chosen = password::choose(self.password.expose(), Protection::Alone, &context);
        let chosen = chosen.map_err(Amiss::Password)?;
        if policy.terms_version.is_some() && self.accepted == Accepted::No {
            return Err(Amiss::Terms);
        }
        let new = NewUser {
            username,
            email: Some(door.email.clone()),
            email_verified: Some(true),
            password: None,
            imported: None,
            totp: None,
            roles: None,
            claims: None,
        };
        Ok((new, chosen))
    }
}

/// Spends the link and makes the account, whose password is behind `hash`. A name that is taken
/// leaves the link as it was.
pub async fn join(
    cx: &Cx<'_>,
    (purpose, token): (Purpose, &Secret),
    (new, hash): (&NewUser, &Secret),
    policy: &PolicySettings,
) -> Result<Done<User>> {
    let mut tx = cx.begin().await?;
    let link = post::spend(&mut tx, cx, purpose, token).await?;
    let details = Details::of(&link)?;
    let new = NewUser {
        email: Some(link.address.clone()),
        roles: Some(form::roles(&details.roles)?),
        claims: Some(details.claims),
        ..new.clone()
    };
    // The link is the permission: an administrator or the policy gave it.
    let server = Cx { actor: &Actor::System, ..*cx };
    let user = accounts::create_in(&mut tx, &server, &new, Some(hash)).await?;
    if let Some(version) = &policy.terms_version {
        terms::accept(&mut *tx, user.id, version, cx.now).await?;
    }
    let told = json!({ "by": purpose.as_str(), "terms": policy.terms_version });
    cx.tell_of_owner(&mut tx, Told::user("account.join", user.id, told)).await?;
    tx.commit().await?;
    Ok(Done::new(user, []))
}
