//! Mails that tell people what happened to their account: short, why it came, what to do.

use crate::endpoints::cx::Cx;
use crate::store::mails::Mail;

/// Tells the owner that guessing their second factor was stopped.
pub fn second_factor_paused(cx: &Cx, recipient: &str) -> Mail {
    let host = cx.issuer_name();
    let text = format!(
        "Somebody who knows your password typed many wrong codes at {host}.\n\n\
         We have paused your authenticator, so that the guessing cannot go on.\n\
         Ask your administrator to set a new password and to let you in again.\n"
    );
    mail(cx, recipient, &format!("Your second step at {host} is paused"), text)
}

fn mail(cx: &Cx, recipient: &str, subject: &str, text_body: String) -> Mail {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let escaped = escape(&text_body);
    let paragraphs = escaped.split("\n\n").map(str::trim).collect::<Vec<_>>().join("</p><p>");
    let title = escape(subject);
    Mail {
        id: cx.id(),
        recipient: recipient.to_owned(),
        subject: subject.to_owned(),
        text_body,
        html_body: format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
             <body><main><h1>{title}</h1><p>{paragraphs}</p></main></body></html>"
        ),
        created_at: cx.now,
        tries: 0,
        sent_at: None,
        last_error: None,
    }
}
