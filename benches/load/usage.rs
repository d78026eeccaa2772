//! What processes used, from `/proc`.

use std::fs;

/// The processes watched.
#[derive(Debug, Clone, Copy)]
pub struct Processes {
    pub server: u32,
    /// The postmaster; its children count with it.
    pub postmaster: u32,
}

/// CPU seconds so far.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    pub server: f64,
    pub database: f64,
}

impl Usage {
    pub fn of(processes: Processes) -> Self {
        let postmaster = processes.postmaster;
        let path = format!("/proc/{postmaster}/task/{postmaster}/children");
        let children = fs::read_to_string(path).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        Self {
            server: cpu_seconds(processes.server),
            database: cpu_seconds(postmaster) + children.map(cpu_seconds).sum::<f64>(),
        }
    }
}

impl Processes {
    pub fn server_rss_mib(self) -> f64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.server)).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 =
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default();
        kib / 1024.0
    }
}

/// The parent of the process `pid`.
pub fn parent(pid: u32) -> u32 {
    u32::try_from(stat(pid).get(1).copied().unwrap_or_default()).unwrap_or_default()
}

/// User and system time of `pid` and of its children that have ended.
fn cpu_seconds(pid: u32) -> f64 {
    // Fields 14 to 17 of proc_pid_stat(5), in hundredths of a second.
    stat(pid).iter().skip(11).take(4).sum::<i64>() as f64 / 100.0
}

/// The fields of `/proc/<pid>/stat` after the name, the state as 0.
fn stat(pid: u32) -> Vec<i64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    fields.split_whitespace().map(|field| field.parse().unwrap_or_default()).collect()
}
