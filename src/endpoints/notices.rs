//! Mails that tell people what happened to their account: short, why it came, what to do.

use crate::endpoints::cx::Cx;
use crate::identity::user::User;
use crate::store::mails::Mail;
use crate::web::text::Text;

/// What a mail says: messages of the catalogue, each of which may name the `host` that sends it
/// and the `label` of what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Notice {
    subject: &'static str,
    paragraphs: &'static [&'static str],
}

/// The code that completes a sign-in: its `label`.
pub const MAIL_CODE: Notice = Notice {
    subject: "mail-code-subject",
    paragraphs: &["mail-code-why", "mail-code-digits", "mail-code-how", "mail-code-not-you"],
};
/// Guessing the second factor was stopped.
pub const SECOND_FACTOR_PAUSED: Notice = Notice {
    subject: "mail-paused-subject",
    paragraphs: &["mail-paused-why", "mail-paused-done", "mail-paused-do"],
};
/// A key was added: its `label` is told.
pub const KEY_ADDED: Notice = Notice {
    subject: "mail-key-added-subject",
    paragraphs: &["mail-key-added-why", "mail-key-added-do"],
};
/// A key was removed.
pub const KEY_REMOVED: Notice = Notice {
    subject: "mail-key-removed-subject",
    paragraphs: &["mail-key-removed-why", "mail-key-removed-do"],
};
/// A key may have been copied.
pub const KEY_COPIED: Notice = Notice {
    subject: "mail-key-copied-subject",
    paragraphs: &["mail-key-copied-why", "mail-key-copied-do"],
};
/// A new authenticator can open the account.
pub const FACTOR_ADDED: Notice = Notice {
    subject: "mail-factor-added-subject",
    paragraphs: &["mail-factor-added-why", "mail-not-you"],
};
/// An authenticator opens the account no more.
pub const FACTOR_REMOVED: Notice = Notice {
    subject: "mail-factor-removed-subject",
    paragraphs: &["mail-factor-removed-why", "mail-not-you"],
};
/// The recovery codes are others now.
pub const CODES_RENEWED: Notice = Notice {
    subject: "mail-codes-renewed-subject",
    paragraphs: &["mail-codes-renewed-why", "mail-not-you"],
};
/// A stranger was thrown out.
pub const SESSION_DISOWNED: Notice = Notice {
    subject: "mail-disowned-subject",
    paragraphs: &["mail-disowned-why", "mail-disowned-done", "mail-disowned-do"],
};
/// The account is on its way out.
pub const ACCOUNT_CLOSING: Notice = Notice {
    subject: "mail-closing-subject",
    paragraphs: &["mail-closing-why", "mail-closing-do"],
};

impl Notice {
    /// Subject and paragraphs in the voice of `text`.
    fn said(self, text: &Text, host: &str, label: &str) -> (String, Vec<String>) {
        let say = |id: &&str| text.with("host", host).with("label", label).say(id);
        (say(&self.subject), self.paragraphs.iter().map(say).collect())
    }
}

/// The mail with this notice, where the person has an address.
pub fn for_person(cx: &Cx, user: &User, notice: Notice) -> Option<Mail> {
    about(cx, user, notice, "")
}

/// [`for_person`] about the thing that they call `label`.
pub fn about(cx: &Cx, user: &User, notice: Notice, label: &str) -> Option<Mail> {
    let recipient = user.email.clone()?;
    let text = cx.text_for(user);
    let (subject, paragraphs) = notice.said(&text, cx.issuer_name(), label);
    Some(Mail {
        id: cx.id(),
        recipient,
        text_body: format!("{}\n", paragraphs.join("\n\n")),
        html_body: html(&text, &subject, &paragraphs),
        subject,
        created_at: cx.now,
        tries: 0,
        sent_at: None,
        last_error: None,
    })
}

fn html(text: &Text, subject: &str, paragraphs: &[String]) -> String {
    let escaped = |words: &str| words.replace('&', "&amp;").replace('<', "&lt;");
    let body = paragraphs.iter().map(|words| escaped(words)).collect::<Vec<_>>().join("</p><p>");
    let (lang, title) = (text.lang(), escaped(subject));
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         </head><body><main><h1>{title}</h1><p>{body}</p></main></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::language::Language;

    #[test]
    fn every_notice_has_words_in_every_language() {
        let all = [
            SECOND_FACTOR_PAUSED,
            FACTOR_ADDED,
            FACTOR_REMOVED,
            CODES_RENEWED,
            SESSION_DISOWNED,
            ACCOUNT_CLOSING,
            KEY_ADDED,
            KEY_REMOVED,
            KEY_COPIED,
        ];
        for (notice, language) in all.iter().flat_map(|n| Language::ALL.map(|l| (n, l))) {
            let (subject, paragraphs) = notice.said(&Text::of(language), "sso.example", "Blue key");
            assert!(subject.contains("sso.example"), "{language:?}: {subject}");
            assert!(paragraphs.iter().all(|words| words.contains(' ') || words.contains('。')));
        }
    }

    #[test]
    fn a_letter_is_text_whatever_it_says() {
        let said = html(&Text::of(Language::German), "<i>", &["<b> & co".to_owned()]);
        assert!(said.contains("<html lang=\"de\">") && said.contains("<h1>&lt;i></h1>"), "{said}");
        assert!(said.contains("<p>&lt;b> &amp; co</p>"), "{said}");
    }
}
