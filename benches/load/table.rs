//! The table that is printed.

use crate::drive::Measured;

/// What one row tells.
pub struct Row {
    pub name: &'static str,
    pub measured: Measured,
    /// What it is compared with, and how much of that it should reach.
    pub against: Option<(&'static str, Measured)>,
    /// The figure to reach, in words.
    pub goal: &'static str,
}

/// Prints the heading.
pub fn heading() {
    println!(
        "\n| work | req/s | p50 ms | p99 ms | server CPU s / 1,000 | database CPU s / 1,000 | \
         RSS MiB | errors | of the limit, by req/s | by server CPU | to reach |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
}

impl Row {
    /// Prints the row.
    pub fn print(&self) {
        let Measured { per_second, p50_ms, p99_ms, server_cpu, database_cpu, rss_mib, .. } =
            self.measured;
        let errors: Vec<_> =
            self.measured.errors.iter().map(|(name, count)| format!("{name}: {count}")).collect();
        let ratios = self.against.as_ref().map_or_else(
            || " | ".to_owned(),
            |(name, limit)| {
                let (speed, cpu) = (per_second / limit.per_second, limit.server_cpu / server_cpu);
                format!("{speed:.2} ({name}) | {cpu:.2}")
            },
        );
        println!(
            "| {} | {per_second:.0} | {p50_ms:.2} | {p99_ms:.2} | {server_cpu:.4} | \
             {database_cpu:.4} | {rss_mib:.0} | {} | {ratios} | {} |",
            self.name,
            errors.join(", "),
            self.goal,
        );
    }
}
