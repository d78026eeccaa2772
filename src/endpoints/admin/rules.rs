//! Rules on second factors as the settings page has them: one a line, in words that are easy to copy.

use crate::manage::settings::{RuleForm, RuleView};

/// A rule as a line: `role=finance factors=passkey,security_key grace=7d`.
pub fn line(rule: &RuleView) -> String {
    let pair =
        |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name}={value}"));
    let words = [
        pair("role", &rule.role),
        pair("client", &rule.client),
        pair("api", &rule.api),
        pair("scope", &rule.scope),
        (!rule.factors.is_empty()).then(|| format!("factors={}", rule.factors.join(","))),
        (rule.grace != "0").then(|| format!("grace={}", rule.grace)),
        rule.trusted_device.then(|| "trusted_device=yes".to_owned()),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The rules in `text`; the word that cannot be read, where there is one.
pub fn parse(text: &str) -> Result<Vec<RuleForm>, String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(parse_line).collect()
}

fn parse_line(line: &str) -> Result<RuleForm, String> {
    let mut rule = RuleForm::default();
    for word in line.split_whitespace() {
        let refused = || format!("{word:?} cannot be read; write name=value, as in the hint");
        let (name, value) = word.split_once('=').ok_or_else(refused)?;
        let text = Some(value.to_owned()).filter(|value| !value.is_empty());
        match name {
            "role" => rule.role = text,
            "client" => rule.client = text,
            "api" => rule.api = text,
            "scope" => rule.scope = text,
            "grace" => rule.grace = text,
            "factors" => rule.factors = Some(value.split(',').map(str::to_owned).collect()),
            "trusted_device" if value == "yes" => rule.trusted_device = Some(true),
            "trusted_device" if value == "no" => rule.trusted_device = Some(false),
            _ => return Err(refused()),
        }
    }
    Ok(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_as_it_is_read() {
        let line_of = "role=finance scope=orders.write factors=passkey,security_key grace=7d \
            trusted_device=yes";
        let rule = parse(&format!("\n  {line_of}\n")).unwrap().remove(0);
        let view = RuleView {
            role: rule.role,
            client: rule.client,
            api: rule.api,
            scope: rule.scope,
            factors: vec!["passkey", "security_key"],
            grace: rule.grace.unwrap(),
            trusted_device: rule.trusted_device.unwrap(),
        };
        assert_eq!(line(&view), line_of);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (text, word) in [("role=a hello", "hello"), ("x=y", "x=y"), ("trusted_device=1", "1")] {
            assert!(parse(text).unwrap_err().contains(word), "{text}");
        }
    }
}
