//! Letters in words: text and HTML that say the same, in the language of whoever gets them.

use askama::Template;

use crate::identity::language::Language;
use crate::manage::letters::Letter;
use crate::manage::post::Written;
use crate::web::text::Text;

/// A letter as HTML.
#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage<'a> {
    lang: &'static str,
    subject: &'a str,
    paragraphs: &'a [String],
    button: &'a str,
    href: &'a str,
    by_hand: String,
    disown: &'a str,
    not_you: &'a str,
    why: &'a str,
}

/// Writes `letter` of the server called `host` in `language`.
pub fn write(letter: &Letter, language: Language, host: &str) -> Written {
    let text = Text::of(language);
    let when = letter.at.map(|at| text.moment(at)).unwrap_or_default();
    let say = |id: &str| {
        let said = text.with("host", host).with("label", &letter.label);
        said.with("from", &letter.from).with("when", &when).say(id)
    };
    let subject = say(letter.subject);
    let paragraphs: Vec<String> = letter.paragraphs.iter().map(|id| say(id)).collect();
    let button = letter.button.as_ref().map(|button| say(button.label)).unwrap_or_default();
    let href = letter.button.as_ref().map(|button| button.href.as_str()).unwrap_or_default();
    let (not_you, why) = (text.say("mail-was-not-you"), say(letter.why));
    let page = LetterPage {
        lang: text.lang(),
        subject: &subject,
        paragraphs: &paragraphs,
        button: &button,
        href,
        by_hand: text.say("mail-by-hand"),
        disown: &letter.disown,
        not_you: &not_you,
        why: &why,
    };
    // A template over texts renders always; if it did not, the plain text says the same.
    let html = page.render().unwrap_or_default();
    let mut parts = paragraphs;
    if !href.is_empty() {
        parts.push(format!("{button}:\n{href}"));
    }
    if !letter.disown.is_empty() {
        parts.push(format!("{not_you}\n{}", letter.disown));
    }
    parts.push(why);
    Written { subject, text: parts.join("\n\n") + "\n", html }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::manage::letters;

    const HREF: &str = "https://id.example/login/reset?token=pc_ml_x";

    fn all() -> Vec<Letter> {
        let (href, at) = (HREF.to_owned(), OffsetDateTime::UNIX_EPOCH);
        vec![
            letters::reset_password(href.clone()),
            letters::unlock(href.clone()),
            letters::second_factor_paused(href.clone()),
            letters::verify_email(href.clone()),
            letters::change_email(href.clone()),
            letters::sign_up(href.clone()),
            letters::has_account(href.clone()),
            letters::invitation(href),
            letters::password_changed(at),
            letters::address_changed(at),
            letters::new_device("Firefox on Linux", "192.0.2.1", at),
        ]
    }

    #[test]
    fn every_letter_has_words_in_every_language() {
        for (letter, language) in all().iter().flat_map(|l| Language::ALL.map(|g| (l, g))) {
            let Written { subject, text, html } = write(letter, language, "id.example");
            assert!(subject.contains("id.example") && subject.chars().count() < 78, "{subject}");
            assert!(!subject.contains("mail-") && !text.contains("mail-"), "{text}");
            assert!(html.contains(&format!("<html lang=\"{}\">", language.tag())), "{html}");
        }
    }

    #[test]
    fn a_letter_gives_its_one_link_in_full() {
        for letter in all().iter().filter(|letter| letter.button.is_some()) {
            let Written { text, html, .. } = write(letter, Language::English, "id.example");
            assert!(text.contains(&format!("\n{HREF}\n")), "{text}");
            assert_eq!(html.matches("class=\"button\"").count(), 1);
            assert!(text.contains("You get this mail because"), "{text}");
        }
    }

    #[test]
    fn what_a_browser_says_is_text_in_a_letter() {
        let letter = letters::new_device("<b>x</b>", "192.0.2.1", OffsetDateTime::UNIX_EPOCH);
        let written = write(&letter, Language::English, "id.example");
        assert!(written.text.contains("<b>x</b>") && !written.html.contains("<b>x"));
    }
}
