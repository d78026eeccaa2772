//! Why `manage` does not make a change, in the language of whoever asked for it.
//!
//! `manage` gives its reasons in English, to programs and people alike. The English catalogue says
//! the same, letter by letter: that is how a reason is found in the others.

use crate::identity::language::Language;
use crate::web::pages::admin::Problem;
use crate::web::text::Text;

/// What an owner can be told.
const REASONS: [&str; 17] = [
    "account-problem-ten",
    "account-problem-needed",
    "account-problem-needed-device",
    "account-problem-codes",
    "account-problem-confirm",
    "account-problem-last",
    "account-problem-this-session",
    "account-problem-label",
    "account-problem-label-empty",
    "account-problem-long",
    "account-problem-invisible",
    "account-problem-language",
    "account-problem-zone",
    "account-problem-phone",
    "account-problem-address",
    "account-problem-no-address",
    "account-problem-mails",
];

/// `problem` in the voice of `text`; as it is where the catalogue does not know it.
pub fn said(text: &Text, problem: Problem) -> Problem {
    let english = Text::of(Language::English);
    match REASONS.into_iter().find(|id| english.say(id) == problem.text) {
        Some(id) => Problem { text: text.say(id), ..problem },
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::profile::Unfit;

    #[test]
    fn what_is_wrong_with_a_profile_is_said_in_every_language() {
        let all = [Unfit::TooLong, Unfit::Invisible, Unfit::Language, Unfit::Zone, Unfit::Phone];
        for unfit in all {
            let problem = Problem::new("name", &unfit.to_string());
            let told = said(&Text::of(Language::English), problem.clone());
            assert_eq!(told, problem);
            for language in Language::ALL.into_iter().filter(|one| *one != Language::English) {
                let told = said(&Text::of(language), problem.clone());
                assert_ne!(told.text, problem.text, "{language:?}");
                assert_eq!(told.field, "name");
            }
        }
    }

    #[test]
    fn what_nobody_translated_stays_as_it_is() {
        let problem = Problem::new("name", "it is none of ours");
        assert_eq!(said(&Text::of(Language::German), problem.clone()), problem);
    }
}
