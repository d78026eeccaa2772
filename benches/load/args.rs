//! What the command line says.

use std::time::Duration;

const HELP: &str = "\
Measures portcullis over loopback and prints a table.

  cargo bench -- [--seconds N] [--warm-up N] [--connections N] [--rows N]
                 [--only WORD] [--binary PATH]

  --seconds N       how long each flow is measured (10)
  --warm-up N       how long it runs before that (2)
  --connections N   how many connections (32)
  --rows N          how many clients, people, sessions and grants there are besides (0)
  --only WORD       only the flows whose name contains WORD; may be given several times
  --binary PATH     the binary to measure (the one of this build)";

/// How to measure.
pub struct Args {
    pub measured: Duration,
    pub warm_up: Duration,
    pub connections: usize,
    pub rows: usize,
    pub only: Vec<String>,
    pub binary: String,
    /// The address for a server of bare limits, which this process then is.
    pub bare: Option<String>,
    pub database: Option<String>,
}

impl Args {
    pub fn parse(mut words: impl Iterator<Item = String>) -> Self {
        let mut args = Self {
            measured: Duration::from_secs(10),
            warm_up: Duration::from_secs(2),
            connections: 32,
            rows: 0,
            only: Vec::new(),
            binary: env!("CARGO_BIN_EXE_portcullis").to_owned(),
            bare: None,
            database: None,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
            match word.as_str() {
                "--seconds" => args.measured = seconds(&value()),
                "--warm-up" => args.warm_up = seconds(&value()),
                "--connections" => args.connections = value().parse().unwrap(),
                "--rows" => args.rows = value().parse().unwrap(),
                "--only" => args.only.push(value()),
                "--binary" => args.binary = value(),
                "--bare" => args.bare = Some(value()),
                "--database" => args.database = Some(value()),
                // Cargo says it to every bench.
                "--bench" => {}
                _ => {
                    println!("{HELP}");
                    std::process::exit(2);
                }
            }
        }
        args
    }

    /// Whether the flow called `name` is wanted.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word.as_str()))
    }

    /// How long a flow runs in all, in seconds, rounded up.
    pub fn seconds(&self) -> usize {
        (self.measured + self.warm_up).as_secs_f64().ceil() as usize
    }
}

fn seconds(text: &str) -> Duration {
    Duration::from_secs_f64(text.parse().unwrap())
}
