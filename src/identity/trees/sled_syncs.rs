//! Makes sled sync its file before it builds on what it has written.
//!
//! On Linux sled writes each buffer of its log with `sync_file_range`, counts it as stable, and may from then on reuse
//! the segments that it replaces and note in later segments that it is there. But `sync_file_range` flushes neither the
//! device's cache nor the file's length. When the power goes, later segments may be on disk and earlier ones not: then
//! sled reads its log across the gap, and cannot be opened, or is wrong. To sync the file after each flush is not enough:
//! several segments can be written between two flushes.
//!
//! Where the system knows no `sync_file_range`, sled calls `fsync` in its place, at the right moment. So the process
//! that holds the store asks Linux to say that it knows none (a seccomp filter, which the process cannot take off again).
//! On other systems sled has always called `fsync`.

use std::sync::atomic::{AtomicBool, Ordering};

static REFUSED: AtomicBool = AtomicBool::new(!cfg!(target_os = "linux"));

/// Whether sled syncs its file before it builds on what it has written, in this process.
pub fn are_sound() -> bool {
    REFUSED.load(Ordering::Acquire)
}

/// Has Linux refuse `sync_file_range` to this process and all its threads, for good; elsewhere nothing is to be done.
///
/// # Errors
///
/// Why the system does not allow it.
pub fn make_sound() -> Result<(), String> {
    if !are_sound() {
        refuse()?;
        REFUSED.store(true, Ordering::Release);
    }
    Ok(())
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
))]
fn refuse() -> Result<(), String> {
    use std::collections::BTreeMap;

    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

    let of = |error: &dyn std::fmt::Display| error.to_string();
    let machine = TargetArch::try_from(std::env::consts::ARCH).map_err(|error| of(&error))?;
    let always = BTreeMap::from([(libc::SYS_sync_file_range, Vec::new())]);
    let unknown = SeccompAction::Errno(libc::ENOSYS as u32);
    let filter = SeccompFilter::new(always, SeccompAction::Allow, unknown, machine).map_err(|error| of(&error))?;
    let program = BpfProgram::try_from(filter).map_err(|error| of(&error))?;
    seccompiler::apply_filter_all_threads(&program).map_err(|error| of(&error))
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
)))]
fn refuse() -> Result<(), String> {
    Err(format!("on {} nobody has written the filter", std::env::consts::ARCH))
}
