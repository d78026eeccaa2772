//! The mail inbox of development: what would have been sent.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use url::{Host, Url};
use uuid::Uuid;

use crate::endpoints::cx::Cx;
use crate::endpoints::dev::{has_inbox, nothing};
use crate::endpoints::pages;
use crate::endpoints::refusal::Failure;
use crate::store::mails::{self, Mail};
use crate::web::headers::PagePolicy;
use crate::web::pages::dev::{MailInboxPage, MailPage, MailView};
use crate::web::respond;

/// How many letters the list shows.
const LISTED: i64 = 200;
/// A letter's own HTML: it may look as it likes, and can do nothing.
const LETTER_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-popups",
);

/// `GET /dev/mail`.
pub async fn list(cx: Cx) -> Response {
    if !has_inbox(&cx) {
        return nothing();
    }
    let shown = async {
        let mails = mails::latest(cx.app.store.pool(), LISTED).await?;
        let page = MailInboxPage { mails: mails.iter().map(view).collect() };
        Ok(respond::page(StatusCode::OK, &page, &PagePolicy::own()))
    };
    pages::or_error(&cx, "dev/mail", shown.await).await
}

/// `GET /dev/mail/{id}`.
pub async fn one(cx: Cx, Path(id): Path<String>) -> Response {
    let shown = async {
        let Some(mail) = find(&cx, &id).await? else { return Ok(nothing()) };
        let page = MailPage {
            links: links(&mail.text_body),
            has_html: !mail.html_body.is_empty(),
            mail: view(&mail),
            text: mail.text_body,
        };
        Ok(respond::page(StatusCode::OK, &page, &PagePolicy::own()))
    };
    pages::or_error(&cx, "dev/mail", shown.await).await
}

/// `GET /dev/mail/{id}/html`: the letter as a mail program shows it, in a sandbox.
pub async fn html(cx: Cx, Path(id): Path<String>) -> Response {
    let shown = async {
        let Some(mail) = find(&cx, &id).await? else { return Ok(nothing()) };
        let mut response = mail.html_body.into_response();
        let headers = response.headers_mut();
        let media_type = HeaderValue::from_static("text/html; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, media_type);
        headers.insert(header::CONTENT_SECURITY_POLICY, LETTER_CSP);
        Ok(response)
    };
    pages::or_error(&cx, "dev/mail", shown.await).await
}

async fn find(cx: &Cx, id: &str) -> Result<Option<Mail>, Failure> {
    let id = Uuid::parse_str(id).ok().filter(|_| has_inbox(cx));
    let Some(id) = id else { return Ok(None) };
    Ok(mails::find(cx.app.store.pool(), id).await?)
}

fn view(mail: &Mail) -> MailView {
    MailView {
        id: mail.id.to_string(),
        to: mail.recipient.clone(),
        subject: mail.subject.clone(),
        sent: in_words(mail.created_at),
        sent_exact: mail.created_at.format(&Rfc3339).unwrap_or_default(),
    }
}

fn in_words(at: OffsetDateTime) -> String {
    let format =
        format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC");
    at.format(format).unwrap_or_default()
}

/// The links in a text that can be followed here: https, and http on this machine.
fn links(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'));
    let urls = words.filter_map(|word| Url::parse(word.trim_end_matches(['.', ',', ')'])).ok());
    urls.filter(is_followed).map(String::from).collect()
}

fn is_followed(url: &Url) -> bool {
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_that_lead_nowhere_bad_can_be_followed() {
        let text = "Go to <https://id.example/a?b=c>. Or http://localhost:8080/x, \
            never javascript:alert(1), data:text/html,x or http://evil.example/";
        assert_eq!(links(text), ["https://id.example/a?b=c", "http://localhost:8080/x"]);
    }
}
