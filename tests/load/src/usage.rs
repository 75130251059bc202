//! CPU seconds and resident memory of processes, from /proc.

use std::fs;

use anyhow::Context;

/// The kernel counts CPU time in hundredths of a second in /proc, on every architecture.
const TICKS_A_SECOND: f64 = 100.0;

/// Fields of /proc/PID/stat after the name: parent, own CPU time, that of children waited for.
const PARENT: usize = 1;
const OWN: [usize; 2] = [11, 12];
const WAITED_FOR: [usize; 2] = [13, 14];

/// CPU seconds used so far, or between two readings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// The hotline process.
    pub hotline: f64,
    /// PostgreSQL: the postmaster, its living children, and those that have ended.
    pub postgres: f64,
    /// nats-server.
    pub nats: f64,
    /// This program.
    own: f64,
    /// Everything on the machine.
    machine: f64,
}

impl Usage {
    /// What has been used so far by processes; a process that is absent has used nothing.
    ///
    /// # Errors
    /// A process that is gone.
    pub fn read(hotline: Option<u32>, postgres: u32, nats: u32) -> anyhow::Result<Self> {
        Ok(Self {
            hotline: hotline.map_or(Ok(0.0), alone)?,
            postgres: family(postgres)?,
            nats: alone(nats)?,
            own: alone(std::process::id())?,
            machine: machine()?,
        })
    }

    /// What was used since `before`.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            hotline: self.hotline - before.hotline,
            postgres: self.postgres - before.postgres,
            nats: self.nats - before.nats,
            own: self.own - before.own,
            machine: self.machine - before.machine,
        }
    }

    /// Hotline, PostgreSQL and nats-server.
    pub fn in_all(&self) -> f64 {
        self.hotline + self.postgres + self.nats
    }

    /// Share of the machine's busy time that belongs to none of us, 0 to 1: with neighbours, wall times say little.
    pub fn neighbours(&self) -> f64 {
        let ours = self.in_all() + self.own;
        if self.machine > 0.0 {
            ((self.machine - ours) / self.machine).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// The same where the product's process was another at the end than at the beginning.
    #[must_use]
    pub fn with_hotline(self, seconds: f64) -> Self {
        Self {
            hotline: seconds,
            ..self
        }
    }

    /// What the product did inside this program, counted as the product's.
    #[must_use]
    pub fn with_own_as_product(self) -> Self {
        Self {
            hotline: self.own,
            own: 0.0,
            ..self
        }
    }

    /// CPU of this program.
    pub fn own(&self) -> f64 {
        self.own
    }
}

/// Resident memory of a process, MiB.
///
/// # Errors
/// The process is gone.
pub fn resident_mib(pid: u32) -> anyhow::Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).with_context(|| format!("process {pid}"))?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("a process has VmRSS")?;
    let kib: f64 = line
        .trim()
        .trim_end_matches("kB")
        .trim()
        .parse()
        .context("VmRSS in kB")?;
    Ok(kib / 1024.0)
}

fn alone(pid: u32) -> anyhow::Result<f64> {
    let fields = stat(pid).with_context(|| format!("process {pid}"))?;
    Ok(seconds(&fields, &OWN))
}

/// A process, its living children, and the children that it has waited for. PostgreSQL's have no children themselves
/// and one thread each, so that the scheduler's own count applies, in nanoseconds: a backend works too little at a time
/// for hundredths of a second.
fn family(pid: u32) -> anyhow::Result<f64> {
    let parent = stat(pid).with_context(|| format!("process {pid}"))?;
    let mut sum = scheduled(pid).unwrap_or(0.0) + seconds(&parent, &WAITED_FOR);
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(child) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if stat(child).is_some_and(|fields| fields.get(PARENT) == Some(&pid.to_string())) {
            sum += scheduled(child).unwrap_or(0.0);
        }
    }
    Ok(sum)
}

/// CPU seconds of a process with one thread.
fn scheduled(pid: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// The fields of a process's stat file from its state on; nothing when it is gone.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn seconds(fields: &[String], which: &[usize]) -> f64 {
    let ticks = which
        .iter()
        .filter_map(|index| fields.get(*index)?.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_A_SECOND
}

/// Busy seconds of the whole machine, waiting for disks left out.
fn machine() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().context("/proc/stat has a first line")?;
    let fields: Vec<f64> = line
        .split_whitespace()
        .skip(1)
        .filter_map(|field| field.parse().ok())
        .collect();
    // user nice system idle iowait irq softirq steal
    let busy = [0, 1, 2, 5, 6, 7].iter().filter_map(|index| fields.get(*index));
    Ok(busy.sum::<f64>() / TICKS_A_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_read() {
        let own = std::process::id();
        assert!(family(own).expect("reads") >= 0.0);
        assert!(resident_mib(own).expect("reads") > 1.0);
        assert!(machine().expect("reads") > 0.0);
        assert_eq!(
            stat(own).expect("reads").get(PARENT).map(String::is_empty),
            Some(false)
        );
    }
}
