//! A folder belongs to one command, and holds one whole result of one command; what is not ours is left alone.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cutover::folder::{Files, Kind, Lock, MANIFEST, Manifest, State};
use serde_json::Value;

use super::support::{cutover, scenario};

/// Runs a command that must end with `code`; what it says on standard error.
fn complaint(folder: &Path, arguments: &[&str], code: i32) -> String {
    let assertion = cutover(folder).args(arguments).assert().code(code);
    String::from_utf8_lossy(&assertion.get_output().stderr).into_owned()
}

fn run(folder: &Path, more: &[&str]) {
    let tiny = scenario("tiny");
    cutover(folder).args([&["run", &tiny, "--out", "out"], more].concat()).assert().success();
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("read")).expect("JSON")
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_cutover"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("start")
}

/// The arguments of a load test that is soon over.
fn load_of_a_second<'a>(tiny: &'a str, out: &'a str) -> [&'a str; 11] {
    [
        "load",
        tiny,
        "--out",
        out,
        "--no-report",
        "--rate",
        "100/s",
        "--duration",
        "1s",
        "--warm-up",
        "0s",
    ]
}

/// A folder with a result of `kind` that consists of these files.
fn result(folder: &Path, kind: Kind, names: &[&str]) {
    let mut files = Files::new(folder, kind, "1").expect("files");
    files.begin(false).expect("begun");
    names.iter().for_each(|name| files.add(name, b"whole").expect("added"));
    files.commit().expect("in place");
}

#[test]
fn of_two_commands_in_one_folder_one_is_refused_and_the_other_is_whole() {
    let dir = tempfile::tempdir().expect("a folder");
    let quick = scenario("quickstart");
    let (mut whole, mut refused) = (0, 0);
    for round in 0..4 {
        let arguments = |seed: &'static str| {
            [
                "run",
                &quick,
                "--out",
                "out",
                "--accounts",
                "20000",
                "--replications",
                "1",
                "--seed",
                seed,
            ]
            .map(str::to_owned)
        };
        let both = [arguments("1"), arguments("2")];
        let children = both.each_ref().map(|of| start(dir.path(), &of.each_ref().map(String::as_str)));
        let ended = children.map(|child| child.wait_with_output().expect("ended"));
        for output in &ended {
            let said = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => whole += 1,
                Some(3) => {
                    refused += 1;
                    assert!(said.contains("is using this folder") && said.contains("process"), "{said}");
                }
                other => panic!("round {round}: {other:?} {said}"),
            }
        }
        // Whichever it was that ran, all that is there is of that one.
        cutover(dir.path()).args(["verify", "out"]).assert().success();
        let page = std::fs::read_to_string(dir.path().join("out/index.html")).expect("a page");
        let summary = json(&dir.path().join("out/summary.json"));
        assert!(page.contains(summary["run"].as_str().expect("a run")), "page and summary are of one run");
    }
    assert!(whole >= 4 && refused >= 1, "{whole} whole, {refused} refused");
}

#[test]
fn every_command_that_writes_is_refused_with_the_one_who_is_at_work() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &["--no-report"]);
    let held = Lock::exclusive(&dir.path().join("out"), "run").expect("the lock");
    let tiny = scenario("tiny");
    let pid = format!("process {}", std::process::id());
    for arguments in [
        &["run", &tiny, "--out", "out"][..],
        &["size", &tiny, "--out", "out"],
        &["load", &tiny, "--out", "out"],
        &["validation", "--out", "out"],
        &["verify", "out"],
        &["explain", "out", "1"],
    ] {
        let said = complaint(dir.path(), arguments, 3);
        assert!(
            said.contains("a run is using this folder") && said.contains(&pid) && said.contains("for "),
            "{said}"
        );
    }
    drop(held);
    // Readers do not keep each other out, but those who write.
    let reading = Lock::shared(&dir.path().join("out")).expect("the lock").expect("a lock");
    cutover(dir.path()).args(["verify", "out"]).assert().success();
    let said = complaint(dir.path(), &["run", &tiny, "--out", "out"], 3);
    assert!(said.contains("is reading this folder"), "{said}");
    drop(reading);
    run(dir.path(), &["--no-report"]);
}

#[test]
fn a_summary_of_another_run_is_noticed() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    run(dir.path(), &["--seed", "1"]);
    let keep = |name: &str| std::fs::read(out.join(name)).expect("read");
    let names = [
        "summary.json",
        "index.html",
        "timeseries.csv",
        "charts/cost.svg",
        "charts/cost.png",
        MANIFEST,
    ];
    let before: Vec<Vec<u8>> = names.iter().map(|name| keep(name)).collect();
    run(dir.path(), &["--seed", "2"]);
    cutover(dir.path()).args(["verify", "out"]).assert().success();
    // What people read and look at says of which run it is.
    let id = json(&out.join("summary.json"))["run"].as_str().expect("a run").to_owned();
    for name in names.iter().filter(|name| !name.ends_with(".csv")) {
        let said = keep(name).windows(id.len()).any(|bytes| bytes == id.as_bytes());
        assert!(said, "{name} does not say that it is of run {id}");
    }
    for (name, old) in names.iter().zip(before) {
        let new = keep(name);
        std::fs::write(out.join(name), old).expect("written");
        let said = complaint(dir.path(), &["verify", "out"], 1);
        assert!(said.contains("another run"), "{name}: {said}");
        std::fs::remove_file(out.join(name)).expect("removed");
        let said = complaint(dir.path(), &["verify", "out"], 1);
        assert!(said.contains(name.trim_start_matches("charts/")), "{name}: {said}");
        std::fs::write(out.join(name), new).expect("written");
    }
    cutover(dir.path()).args(["verify", "out"]).assert().success();
}

#[test]
fn an_earlier_result_goes_before_the_work_begins_and_the_figures_come_last() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    result(&out, Kind::Load, &["load.json", "index.html", "charts/heat.svg", "sled-latency.hgrm"]);
    std::fs::write(out.join("diary.txt"), "mine").expect("written");
    let state = || Manifest::read(&out).expect("read").map(|manifest| (manifest.state, manifest.files.len()));
    assert_eq!(state(), Some((State::Complete, 4)));
    // Before the work begins nothing is touched.
    drop(Files::new(&out, Kind::Load, "2").expect("files"));
    assert_eq!(state(), Some((State::Complete, 4)));
    let mut files = Files::new(&out, Kind::Load, "2").expect("files");
    files.begin(false).expect("begun");
    assert_eq!(state(), Some((State::UnderWay, 0)));
    for name in ["load.json", "index.html", "charts/heat.svg", "sled-latency.hgrm"] {
        assert!(!out.join(name).exists(), "{name}");
    }
    files.add("load.json", b"{}").expect("added");
    assert!(!out.join("load.json").exists(), "it is in place when all are");
    files.commit().expect("in place");
    drop(files);
    assert_eq!(state(), Some((State::Complete, 1)));
    assert!(out.join("diary.txt").exists() && !out.join("charts").exists());
}

#[test]
fn files_that_are_not_put_in_place_leave_no_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("reports/new/size");
    for begins in [false, true] {
        let mut files = Files::new(&out, Kind::Plan, "1").expect("files");
        if begins {
            files.begin(false).expect("begun");
        }
        files.add("charts/a.svg", b"half").expect("added");
        drop(files);
        assert!(!dir.path().join("reports").exists(), "empty folders are taken away again");
    }
    result(&out, Kind::Plan, &["charts/a.svg", "size.json", "index.html"]);
    // A later attempt that fails before it begins takes nothing of it.
    drop(Files::new(&out, Kind::Plan, "2").expect("files"));
    assert!(out.join("charts/a.svg").is_file());
}

#[test]
fn a_folder_holds_one_of_a_run_a_plan_and_a_load_test() {
    let dir = tempfile::tempdir().expect("a folder");
    let kinds = [Kind::Run, Kind::Plan, Kind::Load];
    for theirs in kinds {
        let out = dir.path().join(theirs.result());
        result(&out, theirs, &[theirs.result(), "index.html"]);
        for ours in kinds.into_iter().filter(|kind| *kind != theirs) {
            let error = Files::new(&out, ours, "2").expect_err("a folder of another kind").to_string();
            assert!(error.contains(theirs.result()) && error.contains("--out"), "{error}");
        }
        assert_eq!(std::fs::read_to_string(out.join("index.html")).expect("a page"), "whole");
    }
    let tiny = scenario("tiny");
    let said = complaint(dir.path(), &["size", &tiny, "--out", "summary.json"], 2);
    assert!(said.contains("the report of a `cutover run`"), "{said}");
}

/// Whatever was there before and is not listed in a manifest stays.
#[test]
fn what_others_have_in_the_way_is_kept() {
    let dir = tempfile::tempdir().expect("a folder");
    for (kind, name) in [
        (Kind::Run, "summary.json"),
        (Kind::Run, "index.html"),
        (Kind::Run, "charts/cost.svg"),
        (Kind::Plan, "arrivals.csv"),
        (Kind::Load, "sled-latency.hgrm"),
        (Kind::Load, MANIFEST),
    ] {
        let out = dir.path().join(format!("{kind:?}-{}", name.replace('/', "-")));
        std::fs::create_dir_all(out.join("charts")).expect("a folder");
        std::fs::write(out.join(name), "{}").expect("written");
        let done = Files::new(&out, kind, "1").and_then(|mut files| {
            files.begin(false)?;
            files.add(kind.result(), b"ours")?;
            files.add(name, b"ours")?;
            files.commit()
        });
        let error = done.expect_err("theirs is in the way").to_string();
        assert!(error.contains(name), "{error}");
        assert_eq!(std::fs::read_to_string(out.join(name)).expect("read"), "{}");
    }
}

#[test]
fn what_a_killed_command_left_on_its_way_goes_and_nothing_else() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    result(&out, Kind::Run, &["summary.json"]);
    let corner = out.join(".cutover");
    std::fs::create_dir_all(corner.join("staged-00/charts")).expect("made");
    std::fs::write(corner.join("staged-00/charts/a.svg"), "half").expect("written");
    std::fs::write(corner.join("notes.txt"), "mine").expect("written");
    drop(Files::new(&out, Kind::Run, "1").expect("files"));
    let mut left: Vec<_> = std::fs::read_dir(&corner).expect("a folder").flatten().map(|e| e.file_name()).collect();
    left.sort();
    assert_eq!(left, ["lock", "notes.txt"]);
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().expect("a folder");
    let theirs = dir.path().join("theirs");
    let listing = || {
        let mut names: Vec<_> =
            std::fs::read_dir(&theirs).expect("a folder").flatten().map(|e| e.file_name()).collect();
        names.sort();
        names
    };
    std::fs::create_dir(&theirs).expect("made");
    for name in ["db", "conf", "cost.svg"] {
        std::fs::write(theirs.join(name), "theirs").expect("written");
    }
    let before = listing();
    let tiny = scenario("tiny");
    for name in [".cutover", "charts", "store"] {
        let out = dir.path().join(format!("out-{name}"));
        std::fs::create_dir(&out).expect("made");
        symlink(&theirs, out.join(name)).expect("linked");
        let said = complaint(dir.path(), &["run", &tiny, "--out", &out.display().to_string()], 2);
        assert!(said.contains(name) && said.contains("--out"), "{said}");
        assert!(out.join(name).is_symlink());
        assert_eq!(listing(), before, "{name}");
    }
    // The stores of a load test: the folder, what is in it, and what is in that.
    for name in [
        "store",
        "store/sled",
        "store/sequence",
        "store/cutover-load",
        "store/sled/played",
        "store/sled/order.json",
    ] {
        let out = dir.path().join("load");
        let link = out.join(name);
        std::fs::create_dir_all(link.parent().expect("a folder")).expect("made");
        if name != "store" {
            std::fs::write(out.join("store/cutover-load"), "").expect("written");
        }
        let _ = std::fs::remove_file(&link);
        symlink(&theirs, &link).expect("linked");
        let said = complaint(dir.path(), &["load", &tiny, "--out", "load", "--duration", "1s"], 2);
        assert!(said.contains("load/store") && said.contains("--out"), "{name}: {said}");
        assert!(link.is_symlink() && listing() == before, "{name}");
        std::fs::remove_dir_all(&out).expect("removed");
    }
    // Names that were followed once: a link to somebody's file under a name that we use for a moment, or for good.
    let diary = dir.path().join("diary.txt");
    std::fs::write(&diary, "mine").expect("written");
    let out = dir.path().join("out");
    std::fs::create_dir(&out).expect("made");
    for name in [".cutover-probe", "summary.json.part", "index.html.part"] {
        symlink(&diary, out.join(name)).expect("linked");
    }
    run(dir.path(), &[]);
    // A chart that has become a link is replaced, and what it leads to stays.
    std::fs::remove_file(out.join("charts/cost.svg")).expect("removed");
    symlink(&diary, out.join("charts/cost.svg")).expect("linked");
    run(dir.path(), &["--resume"]);
    assert!(!out.join("charts/cost.svg").is_symlink());
    assert_eq!(std::fs::read_to_string(&diary).expect("read"), "mine");
    assert!(out.join(".cutover-probe").is_symlink() && out.join("index.html.part").is_symlink());
}

#[test]
fn a_store_that_is_not_ours_is_never_deleted() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = dir.path().join("out/store");
    std::fs::create_dir_all(&store).expect("made");
    {
        let db = sled::open(&store).expect("another program's");
        db.insert("their", "data").expect("written");
        db.flush().expect("flushed");
    }
    let tiny = scenario("tiny");
    for more in [&[][..], &["--resume"]] {
        let said = complaint(dir.path(), &[&["run", &tiny, "--out", "out"], more].concat(), 2);
        assert!(said.contains("not made by cutover") && said.contains("--out"), "{said}");
    }
    let value = sled::open(&store).expect("as before").get("their").expect("read");
    assert_eq!(value.as_deref(), Some(&b"data"[..]));
    std::fs::remove_dir_all(dir.path().join("out")).expect("removed");
    // And a photo in ours keeps it, and the report beside it.
    run(dir.path(), &[]);
    std::fs::write(store.join("holiday.jpg"), "sun").expect("written");
    let said = complaint(dir.path(), &["run", &tiny, "--out", "out", "--seed", "3"], 2);
    assert!(said.contains("holiday.jpg"), "{said}");
    assert_eq!(std::fs::read_to_string(store.join("holiday.jpg")).expect("read"), "sun");
    cutover(dir.path()).args(["verify", "out"]).assert().success();
}

/// All files below a folder, with what is in them.
fn everything(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), std::fs::read(&path).expect("read")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn verify_and_explain_write_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let out = dir.path().join("out");
    // What a kill has left half-done is mended in the copy.
    std::fs::write(out.join("store/snap.00000000FFFFFFFF.generating"), "").expect("written");
    let before = everything(&out);
    let modified = || std::fs::metadata(out.join("store")).and_then(|data| data.modified()).expect("a time");
    let then = modified();
    cutover(dir.path()).args(["verify", "out"]).assert().success();
    cutover(dir.path()).args(["explain", "out", "5"]).assert().success();
    assert!(everything(&out) == before && modified() == then, "nothing has changed");
    // The unfinished snapshot does not keep a run from going on either.
    run(dir.path(), &["--resume"]);
}

#[test]
fn what_another_version_wrote_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &["--no-report"]);
    for name in ["summary.json", MANIFEST] {
        let path = dir.path().join("out").join(name);
        let bytes = std::fs::read(&path).expect("read");
        let mut value = json(&path);
        value["schema_version"] = 99.into();
        std::fs::write(&path, value.to_string()).expect("written");
        let said = complaint(dir.path(), &["verify", "out"], 2);
        assert!(said.contains("schema_version") && said.contains("99"), "{name}: {said}");
        std::fs::write(&path, bytes).expect("written");
    }
}

/// A folder that somebody else has sent may say anything.
#[test]
fn a_manifest_leads_nowhere_else() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let victim = dir.path().join("victim");
    std::fs::write(&victim, "theirs").expect("written");
    for name in [
        "../victim",
        "charts/../../victim",
        &victim.display().to_string(),
        "",
        ".",
        "a/b/c",
        "store/../x",
        MANIFEST,
    ] {
        result(&out, Kind::Run, &["summary.json"]);
        let path = out.join(MANIFEST);
        let mut manifest = json(&path);
        manifest["files"][name] = Value::Null;
        std::fs::write(&path, manifest.to_string()).expect("written");
        let error = Files::new(&out, Kind::Run, "2").expect_err("refused").to_string();
        assert!(error.contains("no file of a result"), "{name}: {error}");
        assert_eq!(std::fs::read_to_string(&victim).expect("read"), "theirs");
        std::fs::remove_dir_all(&out).expect("removed");
    }
}

#[test]
fn verify_writes_nothing_into_the_folder_of_a_load_test() {
    let dir = tempfile::tempdir().expect("a folder");
    let tiny = scenario("tiny");
    let arguments = load_of_a_second(&tiny, "out");
    cutover(dir.path()).args(arguments).assert().success();
    let out = dir.path().join("out");
    let before = everything(&out);
    cutover(dir.path()).args(["verify", "out"]).assert().success();
    assert!(everything(&out) == before, "nothing has changed");
    // The histograms are held against the manifest, too.
    let name = before.iter().map(|(path, _)| path).find(|path| path.extension().is_some_and(|end| end == "hgrm"));
    std::fs::write(name.expect("a histogram"), "changed").expect("written");
    let said = complaint(dir.path(), &["verify", "out"], 1);
    assert!(said.contains(".hgrm: it is not what run"), "{said}");
}

#[cfg(unix)]
#[test]
fn nobody_else_looks_into_the_store() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &["--no-report"]);
    let tiny = scenario("tiny");
    let arguments = load_of_a_second(&tiny, "load");
    cutover(dir.path()).args(arguments).assert().success();
    let load = std::fs::metadata(dir.path().join("load/store")).expect("a store").permissions().mode();
    assert_eq!(load & 0o777, 0o700);
    let mode = std::fs::metadata(dir.path().join("out/store")).expect("a store").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[cfg(unix)]
#[test]
fn strangers_and_links_inside_a_store_are_left_alone() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().expect("a folder");
    let tiny = scenario("tiny");
    let victim = dir.path().join("victim");
    std::fs::write(&victim, "theirs").expect("written");
    let store = dir.path().join("out/store");
    run(dir.path(), &["--no-report"]);
    for name in ["db", "conf", "cutover-run"] {
        let kept = store.join(name).with_extension("kept");
        std::fs::rename(store.join(name), dir.path().join("kept")).expect("moved");
        symlink(&victim, store.join(name)).expect("linked");
        for more in [&[][..], &["--resume"]] {
            let said = complaint(dir.path(), &[&["run", &tiny, "--out", "out", "--no-report"], more].concat(), 2);
            assert!(said.contains(name), "{kept:?}: {said}");
        }
        std::fs::remove_file(store.join(name)).expect("removed");
        std::fs::rename(dir.path().join("kept"), store.join(name)).expect("moved back");
    }
    assert_eq!(std::fs::read_to_string(&victim).expect("read"), "theirs");
    std::fs::write(store.join("blobs/photo.jpg"), "sun").expect("written");
    let said = complaint(dir.path(), &["run", &tiny, "--out", "out", "--seed", "3"], 2);
    assert!(said.contains("photo.jpg"), "{said}");
    std::fs::remove_file(store.join("blobs/photo.jpg")).expect("removed");
    cutover(dir.path()).args(["verify", "out"]).assert().success();

    let load = load_of_a_second(&tiny, "load");
    cutover(dir.path()).args(load).assert().success();
    let played = dir.path().join("load/store/sled/played");
    for photo in [played.join("photo.jpg"), played.join("blobs/photo.jpg")] {
        std::fs::write(&photo, "sun").expect("written");
        let said = complaint(dir.path(), &load, 2);
        assert!(said.contains("photo.jpg") && photo.is_file(), "{said}");
        std::fs::remove_file(&photo).expect("removed");
    }
    cutover(dir.path()).args(load).assert().success();
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_or_replaced_is_told_before_anything_goes() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let tiny = scenario("tiny");
    run(dir.path(), &[]);
    // A folder where a file is to go: the earlier result stays.
    std::fs::remove_file(out.join("index.html")).expect("removed");
    std::fs::create_dir(out.join("index.html")).expect("made");
    let said = complaint(dir.path(), &["run", &tiny, "--out", "out"], 2);
    assert!(said.contains("index.html") && out.join("summary.json").is_file(), "{said}");
    std::fs::remove_dir(out.join("index.html")).expect("removed");
    // Inside what is another result's.
    for inside in ["out/store", "out/store/blobs/mine", "out/charts", "out/.cutover/mine"] {
        let said = complaint(dir.path(), &["run", &tiny, "--out", inside], 2);
        assert!(said.contains("belongs to another result"), "{inside}: {said}");
    }
    // A pipe never answers.
    let fifo = |path: &Path| {
        let _ = std::fs::remove_file(path);
        assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
    };
    for (name, commands) in [
        ("summary.json", &[&["verify", "out"][..]][..]),
        ("store/conf", &[&["run", &tiny, "--out", "out", "--resume"]]),
        (MANIFEST, &[&["verify", "out"], &["run", &tiny, "--out", "out"]]),
        (".cutover/lock", &[&["verify", "out"], &["run", &tiny, "--out", "out"]]),
    ] {
        fifo(&out.join(name));
        for command in commands {
            let output = cutover(dir.path()).args(*command).timeout(std::time::Duration::from_secs(60)).output();
            let output = output.expect("ended");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.code().is_some_and(|code| (1..=3).contains(&code)), "{name}: {said}");
            assert!(said.contains("pipe"), "{name}: {said}");
        }
    }
}
