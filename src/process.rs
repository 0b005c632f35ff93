//! What the system says about this process, and the time. 0 where it does not tell (it does on Linux).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime};

/// A stopwatch.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[allow(clippy::disallowed_methods, reason = "this is the place where real time is taken")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start, to the millisecond.
    pub fn seconds(&self) -> f64 {
        (self.0.elapsed().as_secs_f64() * 1000.0).round() / 1000.0
    }

    /// Microseconds since the start.
    pub fn micros(&self) -> u64 {
        self.0.elapsed().as_micros() as u64
    }
}

/// Most memory that this process has held, in bytes.
pub fn peak_rss_bytes() -> u64 {
    1024 * field("/proc/self/status", "VmHWM:")
}

/// Bytes that this process has caused to be written to the storage: what it made dirty in the page cache, once for each
/// time that it went out.
pub fn device_bytes() -> u64 {
    field("/proc/self/io", "write_bytes:")
}

/// A number that no other call has had, here or in another process: for names that must be new.
#[allow(clippy::disallowed_methods, reason = "a name that must be new is no result")]
pub fn once() -> u64 {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let words = [now as u64, u64::from(std::process::id()), call].map(u64::to_le_bytes).concat();
    xxhash_rust::xxh3::xxh3_64(&words)
}

/// Memory that could be had, in bytes: what the system has now, or the limit of the group of this process if that is less;
/// `None` where the system does not tell.
pub fn available_bytes() -> Option<u64> {
    let of_system = Some(1024 * field("/proc/meminfo", "MemAvailable:")).filter(|&bytes| bytes > 0);
    [of_system, of_group()].into_iter().flatten().min()
}

/// What the control group of this process may take. What it takes now is not counted: most of that are files that give
/// way.
fn of_group() -> Option<u64> {
    let limits = [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ];
    limits.into_iter().find_map(|limit| std::fs::read_to_string(limit).ok()?.trim().parse().ok())
}

/// The process that started this one; 0 where the system does not tell.
pub fn parent() -> u32 {
    #[cfg(unix)]
    return std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    0
}

fn field(path: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let rest = text.lines().find_map(|line| line.strip_prefix(name));
    rest.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_system_tells() {
        assert!(peak_rss_bytes() > 1 << 20);
        assert!(parent() > 0);
        assert!(available_bytes().is_some_and(|bytes| bytes > 1 << 20));
    }
}
