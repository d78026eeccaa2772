//! Ways back in and in: links in mails, forgotten passwords, signing up, invitations.

mod enumeration;
mod forgot;
mod guessing;
mod import;
mod invited;
mod links;
mod notices;
mod published;
pub mod renewal;
mod signup;
mod stranger;

use std::time::Duration;

use portcullis::manage::post::Post;
use portcullis::store::mails::{self, Mail};
use portcullis::web::letters;

use crate::support::browser::{Browser, Page};
use crate::support::server::Server;

/// A password that nobody had before.
pub const NEW: &str = "seven quiet rivers at noon";

impl Server {
    /// Its mail.
    pub fn post(&self) -> Post<'_> {
        Post::new(&self.app.settings.issuer, letters::write)
    }

    /// The newest letters to `to` once there are `count`, newest first.
    pub async fn letters(&self, to: &str, count: usize) -> Vec<Mail> {
        for _ in 0..600 {
            let found = self.letters_now(to).await;
            if found.len() >= count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{to} did not get {count} letters: {:?}", self.letters_now(to).await);
    }

    /// The letters to `to` that there are, newest first.
    pub async fn letters_now(&self, to: &str) -> Vec<Mail> {
        let all = mails::latest(self.app.store.pool(), 500).await.unwrap();
        all.into_iter().filter(|mail| mail.recipient == to).collect()
    }

    /// Waits until every request for a mail was looked at.
    pub async fn until_answered(&self) {
        for _ in 0..600 {
            if self.number("select count(*) from mail_requests").await == 0 {
                return;
            }
            self.app.bell.notify_one();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("requests for mails are left");
    }

    /// Asks for a mail at `path` in the name of `login`.
    pub async fn ask_mail(&self, path: &str, login: &str) -> Page {
        let mut browser = self.browser();
        let page = browser.get(path).await;
        browser.submit(&page, &[("username", login)]).await
    }

    /// The path of a new reset link of bob's.
    pub async fn reset_link(&self) -> String {
        let before = self.letters_now("bob@example.com").await.len();
        assert_eq!(self.ask_mail("/login/forgot", "bob").await.status, 303);
        let letters = self.letters("bob@example.com", before + 1).await;
        path_in(&letters[0].text_body, "/login/reset")
    }
}

/// The path and query of the link to `path` in a letter.
pub fn path_in(text: &str, path: &str) -> String {
    let start = text.find(&format!("{path}?token=")).unwrap_or_else(|| panic!("no {path}: {text}"));
    text[start..].split_whitespace().next().unwrap().to_owned()
}

/// The link's secret.
pub fn token_of(link: &str) -> &str {
    link.split_once("token=").unwrap().1
}

/// Opens `link` and presses its button with these fields.
pub async fn press(browser: &mut Browser, link: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let token = page.hidden("token").expect("a token");
    let mut all = fields.to_vec();
    all.push(("token", &token));
    browser.submit(&page, &all).await
}
