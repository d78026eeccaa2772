//! Signing in, allowing an application, signing out.

use askama::Template;

use crate::web::pages::{ClientView, Form};
use crate::web::text::Text;

/// User name and password, in one form.
#[derive(Debug, Clone, Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// The application that asked, if one did.
    pub client: Option<ClientView>,
    /// Signs in with a passkey; none where this server has no passkeys.
    pub passkey: Option<Form>,
    /// What was typed before, or the `login_hint`.
    pub username: String,
    /// Why sign-in is asked again; empty where there is nothing to say.
    pub notice: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
    /// The field that the error is about; empty where it is about none.
    pub field: &'static str,
    /// Whether people may sign up.
    pub sign_up: bool,
    /// Whether a link that lets this browser in is offered.
    pub unlock: bool,
}

impl LoginPage {
    /// Whether the name is asked first and the password after it, where the browser runs scripts.
    pub fn begins_with_name(&self) -> bool {
        self.username.is_empty() && self.field.is_empty()
    }
}

/// A one-time or recovery code.
#[derive(Debug, Clone, Template)]
#[template(path = "code.html")]
pub struct CodePage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// Whose code.
    pub account: String,
    /// Why more is asked of somebody who is signed in; empty where they are not.
    pub why: String,
    /// Whether a recovery code is asked for.
    pub is_recovery: bool,
    /// How many recovery codes are left.
    pub codes_left: Option<u32>,
    /// Where a code by mail is asked for.
    pub mail: Option<MailView>,
    /// For how many days the browser may be trusted; 0 where it may not.
    pub trust_days: u32,
    /// The other ways to take this step.
    pub others: Vec<Way>,
    /// The page that begins again; empty where there is none.
    pub start_over: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

impl CodePage {
    /// Whether there is a code to type: one by mail must be sent first.
    pub fn takes_code(&self) -> bool {
        self.mail.as_ref().is_none_or(|mail| mail.is_sent)
    }
}

/// A code by mail: where it goes, and whether it is on its way.
#[derive(Debug, Clone)]
pub struct MailView {
    /// Sends one.
    pub send: Form,
    /// The address, without most of its name.
    pub to: String,
    /// Whether a live one was sent.
    pub is_sent: bool,
}

/// A way to give the second factor.
#[derive(Debug, Clone)]
pub struct Way {
    /// Its page.
    pub href: String,
    /// Its picture in the sprite.
    pub icon: &'static str,
    /// What it is called.
    pub label: String,
    /// What it takes, in short.
    pub hint: String,
}

/// Enrolling an authenticator app.
#[derive(Clone, Template)]
#[template(path = "enrol.html")]
pub struct EnrolPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// Whether it is step two of setup.
    pub in_setup: bool,
    /// Makes a passkey instead; none where this server has none, and in setup.
    pub passkey: Option<Form>,
    /// Why it is asked, as a sentence.
    pub why: String,
    /// Whose.
    pub account: String,
    /// The picture, made by [`qr_svg`]: it goes into the page as it is.
    pub qr_svg: String,
    /// The key to type.
    pub key: String,
    /// Until when it may be put off, as a date; empty where it may not.
    pub later: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

impl EnrolPage {
    /// The key in groups of four, which are easier to type.
    pub fn key_in_groups(&self) -> String {
        let letters: Vec<char> = self.key.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join(" ")
    }
}

/// The QR code of `text` as an SVG element.
pub fn qr_svg(text: &str) -> Result<String, qrcode::types::QrError> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M)?;
    let svg = code.render::<qrcode::render::svg::Color<'_>>().quiet_zone(true).build();
    Ok(svg.find("<svg").and_then(|start| svg.get(start..)).unwrap_or_default().to_owned())
}

/// The recovery codes, shown once.
#[derive(Clone, Template)]
#[template(path = "recovery_codes.html")]
pub struct RecoveryCodesPage {
    /// Its voice.
    pub text: Text,
    /// Where "I have stored them" goes.
    pub form: Form,
    /// Whether it is step three of setup.
    pub in_setup: bool,
    /// The codes, in groups of four.
    pub codes: Vec<String>,
}

impl RecoveryCodesPage {
    /// One code per line.
    pub fn codes_text(&self) -> String {
        self.codes.join("\n")
    }
}

/// One thing an application asks for.
#[derive(Debug, Clone)]
pub struct Permission {
    /// In the person's words.
    pub text: String,
    /// Whether it stands out.
    pub is_sensitive: bool,
}

/// What an application asks for, and the two answers.
#[derive(Debug, Clone, Template)]
#[template(path = "consent.html")]
pub struct ConsentPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes: `decision=allow|deny`.
    pub form: Form,
    /// Who asks.
    pub client: ClientView,
    /// Who is asked.
    pub account: String,
    /// For what.
    pub permissions: Vec<Permission>,
    /// For how long, as a sentence.
    pub how_long: String,
}

/// Whether to sign out, asked when it is not sure that the person wants it.
#[derive(Debug, Clone, Template)]
#[template(path = "logout.html")]
pub struct LogoutPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes: `decision=allow|deny`.
    pub form: Form,
    /// The application that asks; empty where none does.
    pub client_name: String,
    /// Who is signed in.
    pub account: String,
}

/// It is done.
#[derive(Debug, Clone, Template)]
#[template(path = "signed_out.html")]
pub struct SignedOutPage {
    /// Its voice.
    pub text: Text,
    /// The application that asked; empty where none did.
    pub client_name: String,
}

/// It was not done.
#[derive(Debug, Clone, Template)]
#[template(path = "still_signed_in.html")]
pub struct StillSignedInPage {
    /// Its voice.
    pub text: Text,
}

/// Asks for an address again, from here.
#[derive(Debug, Clone, Template)]
#[template(path = "continue.html")]
pub struct ContinuePage {
    /// Its voice.
    pub text: Text,
    /// The address.
    pub address: String,
    /// After how many seconds.
    pub after_s: u32,
}

/// Waits until the session of an administrator is bound to a key, or says that it is not.
#[derive(Debug, Clone, Template)]
#[template(path = "unbound.html")]
pub struct UnboundPage {
    /// Its voice.
    pub text: Text,
    /// Who is signed in.
    pub account: String,
    /// Where to look again.
    pub again: String,
    /// Whether it was waited for already.
    pub has_waited: bool,
}

/// Sends the authorization response by a form (`response_mode=form_post`). The page's policy must let
/// its form go to `action`.
#[derive(Clone, Template)]
#[template(path = "form_post.html")]
pub struct FormPostPage {
    /// Its voice.
    pub text: Text,
    /// The registered redirect URI.
    pub action: String,
    /// The application's name.
    pub client_name: String,
    /// Name and value of each parameter.
    pub fields: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_whatever_they_hold() {
        let name = "\"><img src=x onerror=alert(1)>{{7*7}}";
        let client = ClientView { name: name.to_owned(), ..ClientView::default() };
        let page = ConsentPage {
            text: Text::default(),
            form: Form::default(),
            client,
            account: "alice".to_owned(),
            permissions: vec![],
            how_long: String::new(),
        };
        let html = page.render().unwrap();
        assert!(!html.contains("<img src=x") && !html.contains("\"><img"), "{html}");
        assert!(html.contains("{{7*7}}"));
    }

    #[test]
    fn a_qr_code_is_an_svg_element_without_style() {
        let svg = qr_svg("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP").unwrap();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        assert!(!svg.contains("style="));
    }
}
