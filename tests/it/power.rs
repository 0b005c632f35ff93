//! The power goes: nothing that was acknowledged under `group` and `each` is lost, whatever else the disk has kept of
//! what nobody had asked it to keep.

mod disk;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cutover::identity::trees::backend::Backend;
use cutover::identity::trees::verify::verify_trees;
use cutover::load::proof::prove;
use cutover::load::sequence::Sequence;
use tempfile::TempDir;

use self::disk::{Cut, Kept, Luck, shim};
use super::support::load;

const SCENARIO: &str = "
    name = 'power'
    start = '2026-03-02'
    strategies = ['reset-only']
    horizon_days = 30
    population.accounts = 3000
";

/// As many cuts as `POWER_CUTS` says, or a few.
fn cuts() -> u64 {
    std::env::var("POWER_CUTS").ok().map_or(2, |text| text.parse().expect("a number"))
}

/// Where a store is played on until the power goes.
struct Bench {
    folder: TempDir,
    shim: PathBuf,
    backend: Backend,
}

/// What was found on a disk.
#[derive(Debug, Default)]
struct Found {
    acknowledged: u64,
    lost: u64,
    broken: u64,
    /// Bytes that the disk has kept of its own accord.
    extra: u64,
    /// Why the store could not be opened or read.
    unreadable: Option<String>,
}

impl Found {
    fn is_sound(&self) -> bool {
        self.lost == 0 && self.broken == 0 && self.unreadable.is_none()
    }
}

impl Bench {
    fn new(backend: Backend) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("power.toml"), SCENARIO).expect("written");
        let shim = shim(folder.path())?;
        Some(Self { folder, shim, backend })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("a path").join(name)
    }

    /// Where the shim watches.
    fn watched(&self) -> PathBuf {
        self.path("out/store").join(self.backend.key())
    }

    /// Plays under the shim until the power goes at a random moment.
    fn cut(&self, more: &[&str], environment: &[(&str, &str)], luck: &mut Luck) {
        let _ = fs::remove_dir_all(self.path("shadow"));
        let _ = fs::remove_file(self.watched().join("acknowledged.log"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_cutover"));
        command.current_dir(self.folder.path()).args(["load", "power.toml", "--out", "out", "--no-report"]);
        command.args(["--backend", self.backend.key(), "--duration", "10s", "--warm-up", "0s"]).args(more);
        command.env("LD_PRELOAD", &self.shim).env("POWER_ROOT", self.watched()).env("POWER_SHADOW", self.path("shadow"));
        command.envs(environment.iter().copied());
        let said = fs::File::create(self.path("said.txt")).expect("a file");
        command.stdout(Stdio::null()).stderr(said);
        let mut cutover = command.spawn().expect("started");
        let began = Instant::now();
        while fs::metadata(self.watched().join("acknowledged.log")).map_or(0, |data| data.len()) < 2_000 {
            let ended = cutover.try_wait().expect("asked");
            let said = || fs::read_to_string(self.path("said.txt")).unwrap_or_default();
            assert!(ended.is_none() && began.elapsed() < Duration::from_secs(300), "{ended:?}: {}", said());
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(luck.below(1_500)));
        kill(&mut cutover);
    }

    /// Holds what was acknowledged against what the disk holds.
    fn look(&self, kept: Kept, luck: &mut Luck) -> Found {
        let image = self.path("image");
        let _ = fs::remove_dir_all(&image);
        let watched = self.watched();
        let cut = Cut { real: &watched, shadow: &self.path("shadow") };
        let extra = cut.image("played", &image, kept, luck);
        let found = catch_unwind(AssertUnwindSafe(|| self.prove(&image)));
        let found = found.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            Err(format!("panic: {}", text.or_else(|| panic.downcast_ref::<&str>().map(|t| (*t).to_owned())).unwrap_or_default()))
        });
        match found {
            Ok(found) => Found { extra, ..found },
            Err(why) => Found { extra, unreadable: Some(why), ..Found::default() },
        }
    }

    fn prove(&self, image: &Path) -> Result<Found, String> {
        let sequence = Sequence::read(&self.path("out/store/sequence")).expect("a sequence");
        let strategy = load(SCENARIO, &[]).scenario.strategies.swap_remove(0);
        let store = self.backend.open(image).map_err(|error| error.to_string())?;
        let found = verify_trees(&*store, &strategy).map_err(|error| error.to_string())?;
        let proof = prove(&*store, &sequence, &self.watched().join("acknowledged.log"));
        let proof = proof.map_err(|error| error.to_string())?;
        Ok(Found {
            acknowledged: proof.acknowledged,
            lost: proof.lost,
            broken: found.broken.iter().sum(),
            ..Found::default()
        })
    }
}

/// SIGKILL for a command and the process that plays for it, at once.
fn kill(cutover: &mut Child) {
    let player = fs::read_dir("/proc").expect("a list of processes").flatten().find_map(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let (_, rest) = stat.rsplit_once(") ")?;
        let parent: u32 = rest.split(' ').nth(1)?.parse().ok()?;
        (parent == cutover.id()).then(|| entry.file_name().into_string().ok())?
    });
    let player = player.expect("a process that plays");
    let _ = cutover.kill();
    let _ = Command::new("kill").args(["-9", &player]).status().expect("a program called kill");
    let _ = cutover.wait();
    while fs::read_to_string(format!("/proc/{player}/stat")).is_ok_and(|stat| !stat.contains(") Z ")) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn explore() {
    let backend = Backend::named(&std::env::var("POWER_BACKEND").unwrap_or("sled".into())).unwrap();
    let Some(bench) = Bench::new(backend) else { return };
    let arguments = std::env::var("POWER_ARGS").unwrap_or("--rate 1500/s --durability group:10ms".into());
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let mut luck = Luck(std::env::var("POWER_SEED").map_or(1, |s| s.parse().unwrap()));
    for cut in 0..cuts() {
        bench.cut(&arguments, &[], &mut luck);
        println!("cut {cut}: {:?}", bench.look(Kept::Nothing, &mut luck));
        for percent in [5, 50, 95, 50, 50, 50] {
            let sector = if luck.below(2) == 0 { 512 } else { 4096 };
            println!("   {percent} % of {sector}: {:?}", bench.look(Kept::Some { percent, sector }, &mut luck));
        }
    }
}
