//! What commands print, and the one place that prints.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use serde::Serialize;

/// Prints data as text for people, or as JSON for programs.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Output {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Whether JSON was asked for.
    pub(super) const fn is_json(self) -> bool {
        self.json
    }

    /// Prints `value`: as JSON where that was asked for, else the text.
    pub(super) fn show(
        self,
        value: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        if self.json { say(&serde_json::to_string_pretty(value)?) } else { say(&text()) }
    }
}

/// Prints `text` and a line end to standard output.
pub(super) fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.trim_end_matches('\n').as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Prints `text` to standard error, as it is.
pub(super) fn complain(text: &str) {
    let mut err = io::stderr().lock();
    // Where even this fails there is nobody left to tell.
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Rows under their headings, in columns as wide as they must be.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = headings.map(|heading| heading.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = line(&headings.map(str::to_owned), &widths);
    for row in rows {
        text.push_str(&line(row, &widths));
    }
    text
}

/// One line for each field that has a value.
pub(super) fn fields(fields: &[(&str, String)]) -> String {
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(text, "{name:<width$}  {}", printable(value));
    }
    text
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let _ = write!(text, "{:<width$}  ", printable(cell));
    }
    format!("{}\n", text.trim_end())
}

/// `text` without what a terminal would take for a command: names come from outside.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A point in time to the second, in UTC.
pub(super) fn instant(at: time::OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    format!("{} {:02}:{:02}:{:02}Z", at.date(), at.hour(), at.minute(), at.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a".to_owned(), "1".to_owned()], ["long".to_owned(), "2".to_owned()]];
        assert_eq!(table(["NAME", "N"], &rows), "NAME  N\na     1\nlong  2\n");
    }

    #[test]
    fn what_would_move_the_cursor_is_not_printed() {
        let text = fields(&[("name", "a\u{1b}[2Jb".to_owned()), ("none", String::new())]);
        assert_eq!(text, "name  a\u{fffd}[2Jb\n");
    }
}
