//! The watchdog of a store: on a disk that is full, sled may wait for ever for a write that has failed. The command then
//! says so and leaves; what is on disk survives that as it survives a kill.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::folder::CORNER;
use crate::identity::store::Pulse;
use crate::process;

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks at which no call has come back before it tries whether the disk takes anything.
const SUSPICIOUS: u32 = 5;
/// Looks after which a store that still has not come back never will, whatever the disk says: a slow flush takes a minute.
const HOPELESS: u32 = 300;

/// Watches the calls of the store in `out`, until the process ends.
pub(super) fn watch(out: &Path, pulse: &Arc<Pulse>) {
    let (out, pulse) = (out.to_owned(), Arc::clone(pulse));
    std::thread::spawn(move || {
        let (mut before, mut looks) = (None, 0);
        loop {
            std::thread::sleep(LOOK_EVERY);
            let waits = pulse.waits();
            looks = if waits.is_some() && waits == before {
                looks + 1
            } else {
                0
            };
            before = waits;
            let failure = match looks {
                HOPELESS.. => Some("it has not answered for five minutes".to_owned()),
                SUSPICIOUS.. => try_disk(&out).err().map(|error| error.to_string()),
                _ => None,
            };
            if let Some(why) = failure {
                leave(&out, &why);
            }
        }
    });
}

/// Writes a little to the disk that the store is on.
fn try_disk(out: &Path) -> std::io::Result<()> {
    let probe: PathBuf = out.join(CORNER).join(format!("probe-{:016x}", process::once()));
    let mut file = File::options().write(true).create_new(true).open(&probe)?;
    let done = file.write_all(&[1; 1 << 16]).and_then(|()| file.sync_data());
    std::fs::remove_file(&probe)?;
    done
}

fn leave(out: &Path, why: &str) -> ! {
    let error = Error::Store(format!(
        "{}: the store has stopped: {why}. What is done is kept: make room, and the same command with --resume goes on from \
         there",
        out.display()
    ));
    super::say(&format!("{error}\n"));
    std::process::exit(i32::from(error.exit_code()));
}
