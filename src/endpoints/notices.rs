//! Mails that tell people what happened to their account: short, why it came, what to do.

use crate::endpoints::cx::Cx;
use crate::identity::user::User;
use crate::store::mails::Mail;
use crate::web::text::Text;

/// Tells the owner that guessing their second factor was stopped.
pub fn second_factor_paused(cx: &Cx, user: &User, recipient: &str) -> Mail {
    let text = cx.text_for(user);
    let host = cx.issuer_name();
    let paragraphs = [
        text.with("host", host).say("mail-paused-why"),
        text.say("mail-paused-done"),
        text.say("mail-paused-do"),
    ];
    letter(cx, &text, recipient, text.with("host", host).say("mail-paused-subject"), &paragraphs)
}

fn letter(cx: &Cx, text: &Text, recipient: &str, subject: String, paragraphs: &[String]) -> Mail {
    let escaped: String = paragraphs
        .iter()
        .map(|words| format!("<p>{}</p>", words.replace('&', "&amp;").replace('<', "&lt;")))
        .collect();
    Mail {
        id: cx.id(),
        recipient: recipient.to_owned(),
        subject,
        text_body: format!("{}\n", paragraphs.join("\n\n")),
        html_body: format!(
            "<!doctype html><html lang=\"{}\"><body>{escaped}</body></html>",
            text.lang()
        ),
        created_at: cx.now,
        tries: 0,
        sent_at: None,
        last_error: None,
    }
}
