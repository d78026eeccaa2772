//! Mail of this server: where its links lead, and how a letter gets into the outbox.

use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::letters::Letter;
use super::{Cx, ManageError, Result};
use crate::crypto::secret::Secret;
use crate::identity::language::Language;
use crate::identity::link::Purpose;
use crate::identity::user::User;
use crate::store::links::{self, Link};
use crate::store::mails::{self, Mail};
use crate::store::{Conn, StoreError};

/// The prefix of links in mails, for secret scanners.
const PREFIX: &str = "pc_ml_";

/// A letter in words.
#[derive(Debug, Clone)]
pub struct Written {
    /// The subject line.
    pub subject: String,
    /// The body as text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
}

impl Written {
    /// On its way to somebody.
    pub fn mail(self, id: Uuid, to: &str, now: OffsetDateTime) -> Mail {
        Mail {
            id,
            recipient: to.to_owned(),
            subject: self.subject,
            text_body: self.text,
            html_body: self.html,
            created_at: now,
            tries: 0,
            sent_at: None,
            last_error: None,
        }
    }
}

/// Writes a letter of the server with this host in a language: the layer above knows the words.
pub type Writer = fn(&Letter, Language, &str) -> Written;

/// Whose mail it is. Every address in it begins with the configured issuer, whatever a request says
/// its host is (SECURITY.md T-16).
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    issuer: &'a str,
    writer: Writer,
    language: Language,
}

impl<'a> Post<'a> {
    /// The mail of the server with this issuer, written by `writer`; in English to whom nothing is
    /// known of.
    pub const fn new(issuer: &'a str, writer: Writer) -> Self {
        Self { issuer, writer, language: Language::English }
    }

    /// The same, in `language` to whoever has set none.
    #[must_use]
    pub const fn speaking(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// The address of `path`.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    /// The address of the link with this secret.
    pub fn url(&self, purpose: Purpose, secret: &Secret) -> String {
        format!("{}{}?token={}", self.issuer, purpose.path(), secret.expose())
    }

    /// What people know the server by: its host.
    fn host(&self) -> &'a str {
        self.issuer.split_once("://").map_or(self.issuer, |(_, host)| host)
    }

    /// `letter` in the words of whoever gets it.
    fn write(&self, letter: &Letter, language: Option<Language>) -> Written {
        (self.writer)(letter, language.unwrap_or(self.language), self.host())
    }

    /// Puts `letter` to somebody without an account into the outbox.
    pub async fn send(
        &self,
        conn: &mut Conn,
        cx: &Cx<'_>,
        to: &str,
        letter: &Letter,
    ) -> Result<()> {
        let mail = self.write(letter, None).mail(cx.id(), to, cx.now);
        Ok(mails::insert(conn, &mail).await?)
    }

    /// Puts `letter` to the owner of an account into the outbox, in their language; `to` is theirs, or
    /// is to be.
    pub async fn send_to(
        &self,
        conn: &mut Conn,
        cx: &Cx<'_>,
        (user, to): (&User, &str),
        letter: &Letter,
    ) -> Result<()> {
        let mail = self.write(letter, user.language()).mail(cx.id(), to, cx.now);
        Ok(mails::insert(conn, &mail).await?)
    }

    /// Tells the owner what happened to their account, with a link to say "this was not me". Nobody
    /// is told where there is no address.
    pub async fn notify(
        &self,
        conn: &mut Conn,
        cx: &Cx<'_>,
        user: &User,
        letter: Letter,
    ) -> Result<()> {
        match Notice::new(cx, self, user, letter) {
            Some(notice) => Ok(notice.send(conn).await?),
            None => Ok(()),
        }
    }
}

/// A letter about the safety of an account, with the link by which its owner says that what it tells was
/// not they. The link knows the instant that the letter is about.
#[derive(Debug, Clone)]
pub struct Notice {
    mail: Mail,
    link: Link,
}

impl Notice {
    /// `letter` to `user`; nothing, where they have no address.
    pub fn new(cx: &Cx<'_>, post: &Post<'_>, user: &User, letter: Letter) -> Option<Self> {
        let email = user.email.as_deref()?;
        let secret = Secret::mint(PREFIX, cx.entropy);
        let link = link(cx, &For::person(Purpose::Disown, user.id, email), &secret);
        let letter = Letter { disown: post.url(Purpose::Disown, &secret), ..letter };
        let mail = post.write(&letter, user.language()).mail(cx.id(), email, cx.now);
        Some(Self { mail, link })
    }

    /// What is stored of it, where one statement tells and does.
    pub const fn rows(&self) -> (&Mail, &Link) {
        (&self.mail, &self.link)
    }

    /// Puts it into the outbox, in the transaction of what it tells.
    ///
    /// # Errors
    /// Where Postgres does not answer.
    pub async fn send(&self, conn: &mut Conn) -> std::result::Result<(), StoreError> {
        links::insert(&mut *conn, &self.link).await?;
        mails::insert(conn, &self.mail).await
    }
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
    links::insert(conn, &link(cx, what, &secret)).await?;
    Ok(secret)
}

fn link(cx: &Cx<'_>, what: &For<'_>, secret: &Secret) -> Link {
    Link {
        id: cx.id(),
        fingerprint: secret.fingerprint(),
        purpose: what.purpose,
        user_id: what.user_id,
        address: what.address.to_owned(),
        details: what.details.clone(),
        created_at: cx.now,
        expires_at: cx.now + what.purpose.lifetime(),
    }
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
