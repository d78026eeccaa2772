//! Why a new password is refused, in words for whoever chose it.

use super::Text;
use crate::identity::password::Weakness;

impl Text {
    /// What to change about a password.
    pub fn weakness(&self, weakness: Weakness) -> String {
        match weakness {
            Weakness::TooShort(least) => self.with("count", least).say("weakness-short"),
            Weakness::TooLong => self.say("weakness-long"),
            Weakness::Control => self.say("weakness-control"),
            Weakness::Common => self.say("weakness-common"),
            Weakness::Published => self.say("weakness-published"),
            Weakness::Same => self.say("weakness-same"),
            Weakness::Product => self.say("weakness-product"),
            Weakness::Person => self.say("weakness-person"),
        }
    }
}
