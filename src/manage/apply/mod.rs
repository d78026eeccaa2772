//! The apply file: brings a server to a described state, and changes nothing where it is there
//! already (DESIGN.md §11).
//!
//! **Invariant: all of a file, or nothing of it.** Everything is read, parsed and hashed first;
//! then one transaction checks and writes.

mod document;
mod secrets;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

use super::users::UserChanges;
use super::{
    Applied, Change, Cx, Invalid, ManageError, Result, branding, clients, settings, users,
};
use crate::crypto::password::PasswordMatch;
use crate::crypto::secret::Secret;
use crate::identity::user::PasswordState;
use crate::live::passwords::Passwords;
use crate::policy::permission::AdminPermission;
use crate::protocol::client::ClientAuth;
use crate::store::{Conn, clients as client_rows, users as user_rows};

pub use document::{Document, Syntax};
pub use secrets::Sources;

use clients::{ClientForm, Registered};
use users::{NewUser, UserForm};

/// Something in the file that cannot be applied, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where: `client[0].redirect_uris`.
    pub path: String,
    /// What is wrong and what to change.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The file is at fault: every problem that was found.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// The actor, the database or this server is at fault.
    #[error(transparent)]
    Failed(#[from] ManageError),
}

/// What became of each thing in the file.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// In the order of the file's sections.
    pub objects: Vec<Line>,
    /// For `Live::changed`.
    #[serde(skip)]
    pub changes: Vec<Change>,
}

/// What became of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `policy`, `branding`, `api`, `client` or `user`.
    pub kind: &'static str,
    /// Which one.
    pub id: String,
    /// Whether it was made, changed, or was so already.
    pub outcome: Applied,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Line { kind, id, outcome } in &self.objects {
            writeln!(f, "{:<9} {kind} {id}", outcome.as_str())?;
        }
        Ok(())
    }
}

impl Report {
    /// Whether the server was in the described state already.
    pub fn is_unchanged(&self) -> bool {
        self.objects.iter().all(|line| line.outcome == Applied::Unchanged)
    }
}

/// Brings the server to the state that `document` describes.
pub async fn apply(
    cx: &Cx<'_>,
    document: &Document,
    passwords: &Passwords,
) -> std::result::Result<Report, ApplyError> {
    for permission in AdminPermission::ALL {
        cx.check(permission)?;
    }
    let mut run = Run::default();
    let people = people(cx, &document.users, passwords, &mut run).await?;
    let mut tx = cx.begin().await?;
    run.policy(&mut tx, cx, document).await?;
    run.branding(&mut tx, cx, document).await?;
    run.apis(&mut tx, cx, document).await?;
    run.clients(&mut tx, cx, document).await?;
    for (place, person) in &people {
        let done = apply_user(&mut tx, cx, person).await;
        run.note(place, ("user", person.form.username.clone()), done)?;
    }
    if !run.problems.is_empty() {
        return Err(ApplyError::Problems(run.problems));
    }
    tx.commit().await.map_err(ManageError::from)?;
    Ok(run.report)
}

/// What was found and done so far.
#[derive(Default)]
struct Run {
    report: Report,
    problems: Vec<Problem>,
}

impl Run {
    async fn policy(&mut self, conn: &mut Conn, cx: &Cx<'_>, document: &Document) -> Outcome {
        let Some(form) = &document.policy else { return Ok(()) };
        let done = settings::change_in(conn, cx, form).await;
        let done = done.map(|done| (done.value, done.changes));
        self.note("policy", ("policy", "policy".to_owned()), done)
    }

    async fn branding(&mut self, conn: &mut Conn, cx: &Cx<'_>, document: &Document) -> Outcome {
        let Some(form) = &document.branding else { return Ok(()) };
        let done = branding::change_in(conn, cx, form).await;
        let done = done.map(|done| (done.value.1, done.changes));
        self.note("branding", ("branding", "branding".to_owned()), done)
    }

    async fn apis(&mut self, conn: &mut Conn, cx: &Cx<'_>, document: &Document) -> Outcome {
        for (index, form) in document.apis.iter().enumerate() {
            let done = super::apis::put_in(conn, cx, form).await;
            let done = done.map(|done| (done.value.1, done.changes));
            self.note(&format!("api[{index}]"), ("api", form.resource.clone()), done)?;
        }
        Ok(())
    }

    async fn clients(&mut self, conn: &mut Conn, cx: &Cx<'_>, document: &Document) -> Outcome {
        for (index, form) in document.clients.iter().enumerate() {
            let done = apply_client(conn, cx, form).await;
            let id = form.client_id.clone().unwrap_or_default();
            self.note(&format!("client[{index}]"), ("client", id), done)?;
        }
        Ok(())
    }

    /// Keeps what became of the thing at `place`. After a value that cannot be accepted the others
    /// are still looked at; after anything else the transaction may be broken, and it ends.
    fn note(
        &mut self,
        place: &str,
        (kind, id): (&'static str, String),
        done: Result<(Applied, Vec<Change>)>,
    ) -> Outcome {
        match done {
            Ok((outcome, changes)) => {
                self.report.objects.push(Line { kind, id, outcome });
                self.report.changes.extend(changes);
                Ok(())
            }
            Err(ManageError::Invalid(invalid)) => {
                self.problem(place, &invalid);
                Ok(())
            }
            Err(error) if error.is_refusal() => {
                self.problems.push(Problem { path: place.to_owned(), message: error.to_string() });
                Err(ApplyError::Problems(std::mem::take(&mut self.problems)))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn problem(&mut self, place: &str, invalid: &Invalid) {
        let path = format!("{place}.{}", invalid.field);
        self.problems.push(Problem { path, message: invalid.sentence() });
    }
}

type Outcome = std::result::Result<(), ApplyError>;

async fn apply_client(
    conn: &mut Conn,
    cx: &Cx<'_>,
    form: &ClientForm,
) -> Result<(Applied, Vec<Change>)> {
    let missing = || Invalid::new("client_id", "it is missing", "give every client an id");
    let id = clients::form::client_id(form.client_id.as_deref().ok_or_else(missing)?)?;
    if client_rows::find(&mut *conn, &id).await?.is_none() {
        let done = clients::create_in(conn, cx, form).await?;
        refuse_minted(&done.value, form)?;
        return Ok((Applied::Created, done.changes));
    }
    let done = clients::update_in(conn, cx, &id, form).await?;
    let (registered, applied) = done.value;
    refuse_minted(&registered, form)?;
    let Some(given) = &form.client_secret else { return Ok((applied, done.changes)) };
    if !matches!(registered.client.auth, ClientAuth::SecretBasic(_) | ClientAuth::SecretPost(_)) {
        let mend = "leave it out, or use client_secret_basic";
        let reason = "the client's method has no secret";
        return Err(Invalid::new("client_secret", reason, mend).into());
    }
    let secret = clients::set_secret_in(conn, cx, &registered.client, given.secret()).await?;
    Ok((applied.and(secret), [done.changes, vec![clients::change(&id)]].concat()))
}

/// A secret that we would mint here is one that nobody would ever see.
fn refuse_minted(registered: &Registered, form: &ClientForm) -> Result<()> {
    if registered.minted.is_some() && form.client_secret.is_none() {
        let mend = "give client_secret, client_secret_env or client_secret_file";
        return Err(Invalid::new("client_secret", "it is missing", mend).into());
    }
    Ok(())
}

/// A person in the file, ready to be written.
struct Person<'a> {
    form: &'a UserForm,
    new: NewUser,
    /// The hash of a password that is not theirs yet.
    hash: Option<Secret>,
}

/// Parses the people and does the slow work on their passwords, before the transaction begins.
async fn people<'a>(
    cx: &Cx<'_>,
    forms: &'a [UserForm],
    passwords: &Passwords,
    run: &mut Run,
) -> Result<Vec<(String, Person<'a>)>> {
    let mut people = Vec::with_capacity(forms.len());
    for (index, form) in forms.iter().enumerate() {
        let place = format!("user[{index}]");
        match NewUser::parse(form) {
            Err(invalid) => run.problem(&place, &invalid),
            Ok(new) => {
                let hash = hash(cx, &new, passwords).await?;
                people.push((place, Person { form, new, hash }));
            }
        }
    }
    Ok(people)
}

async fn hash(cx: &Cx<'_>, new: &NewUser, passwords: &Passwords) -> Result<Option<Secret>> {
    let Some(password) = &new.password else { return Ok(None) };
    let pool = cx.store.pool();
    let held = match user_rows::find_by_login(pool, new.username.as_str()).await? {
        Some(user) => user_rows::password_hash(pool, user.id).await?,
        None => None,
    };
    if let Some((held, _)) = held {
        match passwords.verify(password.clone(), held.expose().to_owned()).await? {
            PasswordMatch::Yes | PasswordMatch::YesButRehash => return Ok(None),
            PasswordMatch::No => {}
        }
    }
    Ok(Some(Secret::new(passwords.hash(password.clone()).await?)))
}

async fn apply_user(
    conn: &mut Conn,
    cx: &Cx<'_>,
    person: &Person<'_>,
) -> Result<(Applied, Vec<Change>)> {
    let Person { form, new, hash } = person;
    let found = user_rows::find_by_login(&mut *conn, new.username.as_str()).await?;
    let Some(user) = found.filter(|user| user.username == new.username) else {
        users::create_in(conn, cx, new, hash.as_ref()).await?;
        return Ok((Applied::Created, Vec::new()));
    };
    let changes = UserChanges {
        email: form.email.clone(),
        email_verified: form.email_verified,
        roles: form.roles.clone(),
        claims: form.claims.clone(),
    };
    let (_, mut applied) = users::update_in(conn, cx, user.id, &changes).await?;
    // A hash of before must not undo what its owner changed since they came here.
    let imported = new.imported.as_ref().filter(|_| user.password == PasswordState::Unset);
    if let Some(hash) = hash.as_ref().or(imported) {
        users::set_password_in(conn, cx, user.id, hash).await?;
        applied = applied.and(Applied::Updated);
    }
    if let Some(seed) = &new.totp {
        applied = applied.and(users::set_totp_in(conn, cx, user.id, seed).await?);
    }
    let revoked = if applied == Applied::Unchanged { None } else { Some(Change::revocations()) };
    Ok((applied, revoked.into_iter().collect()))
}
