//! What the letters say.

use time::OffsetDateTime;
use time::macros::format_description;

use super::post::{Button, Letter, Post};

fn letter(subject: String, paragraphs: &[&str], why: String) -> Letter {
    Letter {
        subject,
        paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        button: None,
        disown: String::new(),
        why,
    }
}

fn with_button(letter: Letter, label: &'static str, href: String) -> Letter {
    Letter { button: Some(Button { label, href }), ..letter }
}

/// Sets a new password.
pub fn reset_password(post: &Post<'_>, href: String) -> Letter {
    let host = post.host();
    let letter = letter(
        format!("Set a new password for {host}"),
        &[
            "Open the page below and choose a new password. It works once, within 15 minutes.",
            "Your second step stays as it is: you are asked for it when you sign in.",
        ],
        format!(
            "You get this mail because somebody asked for it at {host}. If it was not you, leave it: \
             nothing has changed."
        ),
    );
    with_button(letter, "Set a new password", href)
}

/// Lets the owner in while strangers guess.
pub fn unlock(post: &Post<'_>, href: String) -> Letter {
    let host = post.host();
    let letter = letter(
        format!("Sign in to {host} all the same"),
        &[
            "Somebody tried many wrong passwords for your account, so browsers that we do not know \
             have to wait. Browsers in which you signed in before are not affected.",
            "To sign in from a new one, open the page below in it. It works once, within 15 minutes.",
        ],
        format!("You get this mail because of your account at {host}."),
    );
    with_button(letter, "Let this browser in", href)
}

/// Tells that guessing codes was stopped.
pub fn second_factor_paused(post: &Post<'_>, href: String) -> Letter {
    let host = post.host();
    let letter = letter(
        format!("Your second step at {host} is paused"),
        &[
            "Somebody who knows your password typed many wrong codes. We have paused the codes, so \
             that the guessing cannot go on.",
            "Set a new password to go on. The page works once, within 15 minutes; later you can ask \
             for another one where you sign in.",
        ],
        format!("You get this mail because of your account at {host}."),
    );
    with_button(letter, "Set a new password", href)
}

/// Proves an address.
pub fn verify_email(post: &Post<'_>, href: String) -> Letter {
    let host = post.host();
    let letter = letter(
        format!("Confirm your e-mail address for {host}"),
        &["Open the page below to confirm that this address is yours. It works for 24 hours."],
        format!(
            "You get this mail because an account at {host} has this address. If it is not yours, \
             leave it."
        ),
    );
    with_button(letter, "Confirm the address", href)
}

/// Proves an address that is to become the account's.
pub fn change_email(post: &Post<'_>, href: String) -> Letter {
    let host = post.host();
    let letter = letter(
        format!("Confirm your new e-mail address for {host}"),
        &["Open the page below to use this address from now on. It works for 24 hours."],
        format!(
            "You get this mail because somebody gave this address as their new one at {host}. If it \
             was not you, leave it."
        ),
    );
    with_button(letter, "Use this address", href)
}

/// Makes an account.
pub fn sign_up(post: &Post<'_>, href: String) -> Letter {
    let host = post.host();
    let letter = letter(
        format!("Finish signing up at {host}"),
        &["Open the page below to choose a user name and a password. It works for 24 hours."],
        format!(
            "You get this mail because somebody signed up with this address at {host}. If it was not \
             you, leave it: no account is made."
        ),
    );
    with_button(letter, "Finish signing up", href)
}

/// There is an account already.
pub fn has_account(post: &Post<'_>) -> Letter {
    let host = post.host();
    let letter = letter(
        format!("You have an account at {host} already"),
        &[
            "Somebody signed up with this address, but it has an account already. Sign in with your \
             user name or this address.",
            "If you do not know your password any more, you can set a new one on that page.",
        ],
        format!("You get this mail because somebody signed up with this address at {host}."),
    );
    with_button(letter, "Sign in", post.at("/login"))
}

/// Invites somebody.
pub fn invitation(post: &Post<'_>, href: String) -> Letter {
    let host = post.host();
    let letter = letter(
        format!("You are invited to {host}"),
        &["An administrator made a place for you. Open the page below to set up your account. It \
           works for 7 days."],
        format!("You get this mail because an administrator of {host} gave your address."),
    );
    with_button(letter, "Set up your account", href)
}

/// A new password holds.
pub fn password_changed(post: &Post<'_>, at: OffsetDateTime) -> Letter {
    happened(post, "Your password was changed", at)
}

/// The account has another address; this one goes to the old.
pub fn address_changed(post: &Post<'_>, at: OffsetDateTime) -> Letter {
    happened(post, "Your e-mail address was changed", at)
}

/// Somebody signed in from a browser that was not known.
pub fn new_device(post: &Post<'_>, device: &str, from: &str, at: OffsetDateTime) -> Letter {
    let host = post.host();
    let mut letter = happened(post, "Your account was used in a new browser", at);
    letter
        .paragraphs
        .push(format!("{device}, from {from}. If it was you, there is nothing to do."));
    letter.why =
        format!("You get this mail because this browser had not been seen at {host} before.");
    letter
}

fn happened(post: &Post<'_>, what: &str, at: OffsetDateTime) -> Letter {
    let host = post.host();
    let format =
        format_description!("[day padding:none] [month repr:long] [year] at [hour]:[minute] UTC");
    let when = at.format(format).unwrap_or_default();
    letter(format!("{what} at {host}"), &[&format!("{what} on {when}.")], because_of_safety(post))
}

/// Why a notice came.
pub fn because_of_safety(post: &Post<'_>) -> String {
    format!("You get this mail because it is about the safety of your account at {}.", post.host())
}

#[cfg(test)]
mod tests {
    use askama::Template as _;

    use super::*;

    #[test]
    fn a_letter_says_why_it_came_and_gives_its_link_in_full() {
        let post = Post::of("https://id.example");
        let href = "https://id.example/login/reset?token=pc_ml_x".to_owned();
        let letters = [
            reset_password(&post, href.clone()),
            unlock(&post, href.clone()),
            second_factor_paused(&post, href.clone()),
            verify_email(&post, href.clone()),
            change_email(&post, href.clone()),
            sign_up(&post, href.clone()),
            invitation(&post, href.clone()),
        ];
        for letter in letters {
            let (text, html) = (letter.text(), letter.render().unwrap());
            assert!(text.contains("You get this mail because"), "{text}");
            assert!(text.contains(&format!("\n{href}\n")) && html.contains(&href), "{html}");
            assert!(text.lines().all(|line| line.chars().count() < 300), "{text}");
            assert!(letter.subject.chars().count() < 78 && !letter.subject.contains('\n'));
            assert_eq!(html.matches("class=\"button\"").count(), 1);
        }
    }

    #[test]
    fn what_a_browser_says_is_text_in_a_letter() {
        let post = Post::of("https://id.example");
        let letter = new_device(&post, "<b>x</b>", "192.0.2.1", OffsetDateTime::UNIX_EPOCH);
        assert!(!letter.render().unwrap().contains("<b>x"));
    }
}
