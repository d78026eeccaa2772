//! Mail of this server: where its links lead, and how a letter gets into the outbox.

use askama::Template;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Cx, ManageError, Result};
use crate::crypto::secret::Secret;
use crate::identity::link::Purpose;
use crate::identity::user::User;
use crate::store::Conn;
use crate::store::links::{self, Link};
use crate::store::mails::{self, Mail};

/// The prefix of links in mails, for secret scanners.
const PREFIX: &str = "pc_ml_";

/// Whose mail it is. Every address in it begins with the configured issuer, whatever a request says
/// its host is (SECURITY.md T-16).
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    issuer: &'a str,
}

impl<'a> Post<'a> {
    /// The mail of the server with this issuer.
    pub const fn of(issuer: &'a str) -> Self {
        Self { issuer }
    }

    /// What people know the server by: its host.
    pub fn host(&self) -> &'a str {
        self.issuer.split_once("://").map_or(self.issuer, |(_, host)| host)
    }

    /// The address of `path`.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    /// The address of the link with this secret.
    pub fn url(&self, purpose: Purpose, secret: &Secret) -> String {
        format!("{}{}?token={}", self.issuer, purpose.path(), secret.expose())
    }
}

/// A button in a letter.
#[derive(Debug, Clone)]
pub struct Button {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
}

/// A letter: what happened, what to do, why it came.
#[derive(Debug, Clone, Template)]
#[template(path = "letter.html")]
pub struct Letter {
    /// Its subject, which is also its heading.
    pub subject: String,
    /// What there is to say.
    pub paragraphs: Vec<String>,
    /// The one thing to do; none where there is nothing.
    pub button: Option<Button>,
    /// Where "this was not me" leads; empty where it makes no sense.
    pub disown: String,
    /// Why it came.
    pub why: String,
}

impl Letter {
    /// The same with a way out for whoever did not do it.
    #[must_use]
    fn disowned_at(self, disown: String) -> Self {
        Self { disown, ..self }
    }

    /// The letter on its way to somebody.
    pub fn mail(&self, id: Uuid, to: &str, now: OffsetDateTime) -> Mail {
        Mail {
            id,
            recipient: to.to_owned(),
            subject: self.subject.clone(),
            text_body: self.text(),
            // A template over texts renders always; if it did not, the text says the same.
            html_body: self.render().unwrap_or_default(),
            created_at: now,
            tries: 0,
            sent_at: None,
            last_error: None,
        }
    }

    /// The letter as plain text, with its links in full.
    pub fn text(&self) -> String {
        let mut parts = vec![self.subject.clone()];
        parts.extend(self.paragraphs.iter().cloned());
        parts.extend(self.button.as_ref().map(|b| format!("{}:\n{}", b.label, b.href)));
        if !self.disown.is_empty() {
            parts.push(format!("Was this not you?\n{}", self.disown));
        }
        parts.push(self.why.clone());
        parts.join("\n\n") + "\n"
    }
}

/// Puts `letter` into the outbox.
pub async fn send(conn: &mut Conn, cx: &Cx<'_>, to: &str, letter: &Letter) -> Result<()> {
    Ok(mails::insert(conn, &letter.mail(cx.id(), to, cx.now)).await?)
}

/// Tells the owner what happened to their account, with a link to say "this was not me". Nobody is
/// told where there is no address.
pub async fn notify(
    conn: &mut Conn,
    cx: &Cx<'_>,
    post: &Post<'_>,
    user: &User,
    letter: Letter,
) -> Result<()> {
    let Some(email) = &user.email else { return Ok(()) };
    let secret = issue(conn, cx, &For::person(Purpose::Disown, user.id, email)).await?;
    let letter = letter.disowned_at(post.url(Purpose::Disown, &secret));
    send(conn, cx, email, &letter).await
}

/// What a link is for.
#[derive(Debug, Clone)]
pub struct For<'a> {
    /// What it opens.
    pub purpose: Purpose,
    /// Whose account it is about; none where it makes one.
    pub user_id: Option<Uuid>,
    /// Where it is sent.
    pub address: &'a str,
    /// What else it carries.
    pub details: Value,
}

impl<'a> For<'a> {
    /// A link about an account.
    pub fn person(purpose: Purpose, user_id: Uuid, address: &'a str) -> Self {
        Self { purpose, user_id: Some(user_id), address, details: json!({}) }
    }

    /// A link for somebody without an account.
    pub const fn stranger(purpose: Purpose, address: &'a str, details: Value) -> Self {
        Self { purpose, user_id: None, address, details }
    }
}

/// Makes a link; its secret is for the mail and nothing else.
pub async fn issue(conn: &mut Conn, cx: &Cx<'_>, what: &For<'_>) -> Result<Secret> {
    let secret = Secret::mint(PREFIX, cx.entropy);
    let link = Link {
        id: cx.id(),
        fingerprint: secret.fingerprint(),
        purpose: what.purpose,
        user_id: what.user_id,
        address: what.address.to_owned(),
        details: what.details.clone(),
        created_at: cx.now,
        expires_at: cx.now + what.purpose.lifetime(),
    };
    links::insert(conn, &link).await?;
    Ok(secret)
}

/// The link behind `token`, where it would open its door now. It is not spent by that: whatever reads
/// mail before its owner does may look (SECURITY.md T-20).
pub async fn look(cx: &Cx<'_>, purpose: Purpose, token: &Secret) -> Result<Option<Link>> {
    Ok(links::find(cx.store.pool(), &token.fingerprint(), purpose, cx.now).await?)
}

/// Spends the link behind `token`: of any number who try at once, one gets it.
pub(super) async fn spend(
    conn: &mut Conn,
    cx: &Cx<'_>,
    purpose: Purpose,
    token: &Secret,
) -> Result<Link> {
    let spent = links::spend(conn, &token.fingerprint(), purpose, cx.now).await?;
    spent.ok_or(GONE)
}

/// What a link comes to that was used, is over, or never was.
pub const GONE: ManageError = ManageError::NotFound("link, or it was used or is over");
