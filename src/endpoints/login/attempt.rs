//! A try with a password.

use serde_json::json;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use crate::crypto::password::{DUMMY, PasswordMatch};
use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::endpoints::login::browser_device;
use crate::endpoints::login::throttle::{self, Admitted};
use crate::endpoints::recover;
use crate::endpoints::refusal::Failure;
use crate::identity::link::Purpose;
use crate::identity::password;
use crate::identity::user::{User, Username};
use crate::store::audit::{Actor, Outcome};
use crate::store::sessions::PasswordOf;
use crate::store::users;
use crate::web::browser::Browser;

/// What a try comes to.
pub enum Attempt {
    /// It is theirs.
    Right(Box<User>, PasswordOf),
    /// It is not, or nobody is called so, or the account is disabled: never told apart.
    Wrong,
    /// It was not looked at: there were too many.
    Wait(i32),
    /// It was not looked at: the account takes passwords from known browsers only.
    Paused,
}

impl Attempt {
    /// Tries `typed` for whoever `name` names. An unknown name, a disabled account and a wrong
    /// password cost and look the same (SECURITY.md PW-08).
    ///
    /// # Errors
    /// Where Postgres does not answer or the argon2 pool is full.
    pub async fn make(
        cx: &Cx,
        browser: &Browser,
        name: &str,
        typed: &str,
    ) -> Result<Self, Failure> {
        let store = cx.app.store.pool();
        let login = canonical_login(name);
        let user = users::find_by_login(store, &login).await?;
        let known = browser_device::known_device(cx, browser, user.as_ref()).await?;
        let account = match &user {
            Some(user) => Some(user.username.clone()),
            None => Username::parse(&login),
        };
        // What can be nobody's name is not looked at further, but looks the same.
        let Some(account) = account else {
            let nobody = Secret::new(String::new());
            cx.app.passwords.verify(nobody, DUMMY.to_owned()).await?;
            failed(cx, &login, None).await;
            return Ok(Self::Wrong);
        };
        let counted = match throttle::password(cx, &account, known).await? {
            Admitted::Yes(counted) => counted,
            Admitted::Wait(seconds) => return Ok(Self::Wait(seconds)),
            Admitted::Paused => return Ok(Self::Paused),
        };
        let phc = match &user {
            Some(user) => users::password_hash(store, user.id).await?,
            None => None,
        };
        let secret = password::normalise(typed).unwrap_or_else(|_| Secret::new(String::new()));
        let against =
            phc.as_ref().map_or_else(|| DUMMY.to_owned(), |(phc, _)| phc.expose().to_owned());
        let verdict = cx.app.passwords.verify(secret.clone(), against).await?;
        let matched = phc.filter(|_| verdict != PasswordMatch::No);
        let owner = user.as_ref().map(|user| user.id);
        let user = user.filter(|user| user.disabled_at.is_none());
        let (Some(user), Some((phc, password_of))) = (user, matched) else {
            failed(cx, &login, owner).await;
            if counted.closes {
                // Known or not: what is done for it now takes as long.
                recover::request(cx, Purpose::Unlock, account.as_str().to_owned()).await?;
            }
            return Ok(Self::Wrong);
        };
        counted.forgive(cx).await?;
        if verdict == PasswordMatch::YesButRehash {
            let new = Secret::new(cx.app.passwords.rehash(secret).await?);
            users::rehash_password(store, user.id, &phc, &new).await?;
        }
        Ok(Self::Right(Box::new(user), password_of))
    }
}

/// What was typed as a user name or address, in the form that accounts are looked up by.
pub fn canonical_login(typed: &str) -> String {
    typed.trim().nfkc().flat_map(char::to_lowercase).take(256).collect()
}

/// Records a failed try, with whose account it was on; what was typed as a name is kept short, and
/// never the password.
async fn failed(cx: &Cx, name: &str, owner: Option<Uuid>) {
    let mut event = cx.event("login.failed", Outcome::Failure, Actor::Anonymous);
    event.user_id = owner;
    let name: String = name.chars().take(128).collect();
    event.details = json!({ "username": name, "factor": "password" });
    cx.app.journal.refused(event).await;
}
