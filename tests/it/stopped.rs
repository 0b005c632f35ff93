//! Whatever runs can be stopped at any moment: within the loops, and, if these do not get there, by the process's end. No
//! part of a result is taken for the whole.

use std::sync::atomic::{AtomicU64, Ordering};

use cutover::desk::staffing::Staffing;
use cutover::desk::{Floor, NoCallers};
use cutover::engine;
use cutover::error::{Error, Result};
use cutover::measure::desk::DeskMeasure;
use cutover::random::Seed;
use cutover::scenario_file::Loaded;
use cutover::size::curve::curve;
use cutover::size::study::study;
use cutover::validation;
use cutover::validation::steady::Effort;
use cutover::watch::Watch;

use super::support::load;

/// Stops at the look of this number; `u64::MAX` never.
struct Stops {
    at: u64,
    looks: AtomicU64,
}

impl Stops {
    fn at(at: u64) -> Self {
        Self { at, looks: AtomicU64::new(0) }
    }

    fn looks(&self) -> u64 {
        self.looks.load(Ordering::Relaxed)
    }
}

impl Watch for Stops {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
    fn stopped(&self) -> bool {
        self.looks.fetch_add(1, Ordering::Relaxed) + 1 >= self.at
    }
}

/// Stopped at any look, the work ends as interrupted and looks no more than a few times again: each thread once for what
/// it has begun. `least` is how often it must look if nobody stops it.
fn stops<T>(least: u64, work: impl Fn(&dyn Watch) -> Result<T>) {
    let whole = Stops::at(u64::MAX);
    assert!(work(&whole).is_ok());
    let looks = whole.looks();
    assert!(looks >= least, "{looks} looks are too few to be stopped at any moment");
    for part in 0..12 {
        let watch = Stops::at(1 + looks * part / 12);
        match work(&watch) {
            Err(Error::Interrupted(_)) => {}
            Err(other) => panic!("stopped at look {} of {looks}: {other}", watch.at),
            Ok(_) => panic!("stopped at look {} of {looks}, and still came to a result", watch.at),
        }
        let after = watch.looks() - watch.at;
        assert!(after < 100, "{after} looks after the one that said stop, number {} of {looks}", watch.at);
    }
}

fn small(sets: &[&str]) -> Loaded {
    load(
        "strategies = [\"reset-only\", \"lazy\"]\nhorizon_days = 30\nreplications = 2\npopulation.accounts = 4000\n",
        sets,
    )
}

#[test]
fn a_run_stops_within_its_chunks_and_its_desks() {
    let loaded = small(&[]);
    // 4,000 accounts are one chunk of about 60 looks, and 720 hours of three desks.
    stops(2 * (60 + 3 * 720), |watch| engine::run(&loaded.scenario, None, None, watch));
}

#[test]
fn a_desk_stops_within_an_hour() {
    let loaded = small(&[
        "strategies=[]",
        "horizon_days=1",
        "desk.baseline.phone_per_hour=2_000_000",
        "desk.tier1.agents=100",
    ]);
    let scenario = &loaded.scenario;
    let desk = |watch: &dyn Watch| {
        let staffing = Staffing::new(scenario);
        let measure = DeskMeasure::new(scenario, &staffing);
        Floor::new(scenario, &staffing, Seed::new(1, 0), measure).run(1, &mut NoCallers, watch)
    };
    stops(5, desk);
    // The fast path, which is left for nothing else, is left to look.
    let unhurried = &small(&[
        "strategies=[]",
        "horizon_days=1",
        "desk.baseline.phone_per_hour=4_000_000",
        "desk.tier1.agents=100_000",
        "desk.baseline.phone_handle_time={constant={mean_s=1}}",
        "desk.baseline.email_per_hour=0",
    ])
    .scenario;
    let desk = |watch: &dyn Watch| {
        let staffing = Staffing::new(unhurried);
        let measure = DeskMeasure::new(unhurried, &staffing);
        Floor::new(unhurried, &staffing, Seed::new(1, 0), measure).run(1, &mut NoCallers, watch)
    };
    stops(5, desk);
}

#[test]
fn sizing_stops_in_every_step() {
    let loaded = small(&["horizon_days=9", "replications=1", "desk.target.sample_contacts=2_000"]);
    let scenario = &loaded.scenario;
    stops(1000, |watch| study(scenario, None, watch));
    let (target, needs) = study(scenario, None, &Stops::at(u64::MAX)).expect("a study");
    stops(1000, |watch| curve(scenario, &target, &needs[0], watch));
}

#[test]
fn the_validation_stops() {
    let effort = Effort { replications: 2, length: 0.002 };
    stops(1000, |watch| validation::exactly(effort, watch));
}

#[cfg(unix)]
mod signalled {
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use crate::support::{cutover, root, scenario};

    /// Generous, for a busy machine; what is stopped here takes minutes if it is not.
    const SOON: Duration = Duration::from_secs(5);

    fn start(dir: &Path, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_cutover"))
            .current_dir(dir)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("start")
    }

    /// Sends a signal after so many milliseconds; what the command then said, having ended soon.
    #[allow(clippy::disallowed_methods, reason = "a deadline in real time is what is tested")]
    fn interrupted(mut child: Child, after_ms: u64, signal: &str) -> Option<String> {
        std::thread::sleep(Duration::from_millis(after_ms));
        if child.try_wait().expect("wait").is_some() {
            return None;
        }
        let sent = Instant::now();
        Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
        while child.try_wait().expect("wait").is_none() {
            let waited = sent.elapsed();
            if waited > SOON {
                let _ = child.kill();
                panic!("it goes on {waited:?} after {signal}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let output = child.wait_with_output().expect("wait");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => None,
            // Before the signal is caught it is the system that ends the process.
            None if after_ms < 100 => None,
            code => {
                assert_eq!(code, Some(130), "{after_ms} ms: {said}");
                Some(said)
            }
        }
    }

    #[test]
    fn every_command_ends_soon() {
        let dir = tempfile::tempdir().expect("a folder");
        let (retail, desk) = (scenario("retail"), scenario("desk-only"));
        let bank = root().join("scenarios/call-centre").display().to_string();
        let commands: [(&[&str], &[u64], &str); 7] = [
            (&["run", &retail, "--accounts", "20000000", "--out", "a"], &[0, 300, 2000], "--resume goes on"),
            (
                &[
                    "run",
                    &retail,
                    "--accounts",
                    "20000000",
                    "--store",
                    "memory",
                    "--out",
                    "b",
                ],
                &[300, 2000],
                "nothing was",
            ),
            (
                &[
                    "run",
                    &desk,
                    "--set",
                    "desk.baseline.phone_per_hour=50_000_000",
                    "--store",
                    "memory",
                    "--out",
                    "c",
                ],
                &[300, 2000],
                "nothing was kept",
            ),
            (&["size", &retail, "--accounts", "200000", "--out", "d"], &[300, 1500, 4000], "nothing was written"),
            (
                &["validation", "--out", "e", "--length", "100", "--call-centre", &bank],
                &[300, 2000],
                "nothing was written",
            ),
            (
                &["validate", &retail, "--accounts", "500000000", "--composition"],
                &[300, 1500],
                "nothing was written",
            ),
            (&["load", &retail, "--accounts", "3000000", "--out", "f"], &[300, 2000], "interrupted"),
        ];
        let mut stopped = 0;
        for (arguments, moments, wanted) in commands {
            for (number, &after_ms) in moments.iter().enumerate() {
                let signal = ["-INT", "-TERM"][number % 2];
                if let Some(said) = interrupted(start(dir.path(), arguments), after_ms, signal) {
                    assert!(said.contains("interrupted"), "{arguments:?}: {said}");
                    assert!(after_ms < 1000 || said.contains(wanted), "{arguments:?}: {said}");
                    stopped += 1;
                }
            }
        }
        assert!(stopped >= 12, "{stopped} commands were under way");
        for folder in ["d", "e"] {
            let files = std::fs::read_dir(dir.path().join(folder)).map_or(0, Iterator::count);
            assert_eq!(files, 0, "{folder}: nothing was to be written");
        }
    }

    /// In whatever phase a run is hit, it goes on to the same bytes; what checks and tells it is hit as well.
    #[test]
    fn a_run_that_is_hit_in_any_phase_goes_on_to_the_same_bytes() {
        let dir = tempfile::tempdir().expect("a folder");
        let quickstart = scenario("quickstart");
        let run = |out: &'static str| {
            [
                "run",
                &*quickstart,
                "--accounts",
                "40000",
                "--replications",
                "2",
                "--out",
                out,
            ]
            .map(str::to_owned)
        };
        cutover(dir.path()).args(run("whole")).assert().success();
        let read = |folder: &str, file: &str| std::fs::read(dir.path().join(folder).join(file)).expect(file);
        let mut stopped = 0;
        // A run that goes on is hit again, a little later each time.
        for attempt in 0..40 {
            let mut arguments = run("hit").to_vec();
            if dir.path().join("hit/store").is_dir() {
                arguments.push("--resume".to_owned());
            }
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            match interrupted(start(dir.path(), &arguments), 30 + 60 * attempt, "-INT") {
                Some(_) => stopped += 1,
                None if dir.path().join("hit/index.html").exists() => break,
                None => {}
            }
        }
        assert!(stopped >= 2, "hit {stopped} times");
        let mut arguments = run("hit").to_vec();
        arguments.push("--resume".to_owned());
        cutover(dir.path()).args(arguments).assert().success();
        for file in ["summary.json", "timeseries.csv", "index.html"] {
            assert!(read("hit", file) == read("whole", file), "{file}");
        }
        for after_ms in [1, 50, 150] {
            interrupted(start(dir.path(), &["verify", "hit"]), after_ms, "-TERM");
            interrupted(start(dir.path(), &["explain", "hit", "12"]), after_ms, "-TERM");
        }
        cutover(dir.path()).args(["verify", "hit"]).assert().success();
    }

    #[test]
    fn a_second_signal_ends_it_at_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let retail = scenario("retail");
        let mut child = start(dir.path(), &["run", &retail, "--accounts", "20000000", "--out", "a"]);
        std::thread::sleep(Duration::from_millis(1000));
        for _ in 0..2 {
            Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(child.wait().expect("wait").code(), Some(130));
    }
}
