//! The start page, and the mail inbox of development.

use askama::Template;

use crate::web::text::Text;

/// One way to go on from the start page.
#[derive(Debug, Clone, Copy)]
pub struct Tile {
    /// Where it leads.
    pub href: &'static str,
    /// Its icon in the sprite.
    pub icon: &'static str,
    /// The message with its name.
    pub title: &'static str,
    /// The message that says what is there.
    pub text: &'static str,
}

/// `/`.
#[derive(Debug, Clone, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// Its voice.
    pub text: Text,
    /// Whether this is `portcullis dev`.
    pub is_dev: bool,
    /// The issuer.
    pub issuer: String,
    /// Where to go.
    pub tiles: Vec<Tile>,
}

const ADMIN: Tile =
    Tile { href: "/admin", icon: "layout-dashboard", title: "home-admin", text: "home-admin-text" };

impl HomePage {
    /// The start page of `portcullis dev`.
    pub fn dev(text: Text, issuer: String) -> Self {
        let playground = Tile {
            href: "/playground",
            icon: "key-round",
            title: "home-playground",
            text: "home-playground-text",
        };
        let mail =
            Tile { href: "/dev/mail", icon: "mail", title: "home-mail", text: "home-mail-text" };
        let discovery = Tile {
            href: "/.well-known/openid-configuration",
            icon: "globe",
            title: "home-discovery",
            text: "home-discovery-text",
        };
        Self { text, is_dev: true, issuer, tiles: vec![playground, ADMIN, mail, discovery] }
    }

    /// The start page of `portcullis dev --no-demo`: there is no playground.
    pub fn dev_without_demo(text: Text, issuer: String) -> Self {
        let mut page = Self::dev(text, issuer);
        page.tiles.retain(|tile| tile.href != "/playground");
        page
    }

    /// The start page in production: it tells nobody anything.
    pub fn production(text: Text, issuer: String) -> Self {
        Self { text, is_dev: false, issuer, tiles: Vec::new() }
    }
}

/// A letter in the list.
#[derive(Debug, Clone)]
pub struct MailView {
    /// Its id, as in its address.
    pub id: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When, in words.
    pub sent: String,
    /// When, to the second (RFC 3339).
    pub sent_exact: String,
}

/// All letters, newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "mail_inbox.html")]
pub struct MailInboxPage {
    /// The letters.
    pub mails: Vec<MailView>,
}

/// One letter.
#[derive(Debug, Clone, Template)]
#[template(path = "mail.html")]
pub struct MailPage {
    /// Its head.
    pub mail: MailView,
    /// Its text.
    pub text: String,
    /// The links in it; https and loopback only.
    pub links: Vec<String>,
    /// Whether it also has a body in HTML.
    pub has_html: bool,
}
