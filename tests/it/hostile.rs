//! Text that comes from outside must not act: not on a terminal, not in a browser, not in a drawing, not in a spreadsheet.

use std::path::Path;

use cutover::report::charts::{self, Findings};
use cutover::report::series;
use cutover::report::summary::Summary;
use cutover::report::verdict::Verdict;
use cutover::scenario_file::Loaded;
use cutover::size;
use cutover::size::plan::{Planned, StaffingPlan};
use cutover::size::study::study;
use cutover::text::hidden;
use cutover::watch::Unwatched;

use super::rejects::says;
use super::support::{cutover, load, read, replications};

/// The complaint about a scenario in which `NAME` is written where a text stands.
fn complaint(text: &str, name: &str) -> String {
    let name = toml::Value::String(name.to_owned()).to_string();
    match Loaded::parse("bad.toml", &text.replace("NAME", &name), &[], &[]) {
        Ok(_) => panic!("this should have been refused: {text} with {name:?}"),
        Err(error) => error.to_string(),
    }
}

/// Every place of a scenario that holds a text, and its key.
const PLACES: [(&str, &str); 12] = [
    ("name = NAME", "name"),
    ("strategies = [{ preset = \"lazy\", name = NAME }]", "strategies[0].name"),
    ("strategies = [{ preset = \"lazy\", summary = NAME }]", "strategies[0].summary"),
    (
        "strategies = [{ preset = \"lazy\", policy = [{ name = NAME, treat = \"defer\" }] }]",
        "strategies[0].policy[0].name",
    ),
    (
        "strategies = [{ preset = \"lazy\", policy = [{ name = \"x\", when = { segment = [NAME] }, treat = \"defer\" }, { name = \"y\", treat = \"defer\" }] }]",
        "strategies[0].policy[0].when.segment[0]",
    ),
    ("population.segments = [{ name = NAME, share = 1.0 }]", "population.segments[0].name"),
    ("desk.shifts.patterns = [{ name = NAME, length_h = 8 }]", "desk.shifts.patterns[0].name"),
    ("population.directory = { file = NAME, columns = { email = \"e\" } }", "population.directory.file"),
    (
        "population.directory = { file = \"x\", columns = { email = NAME } }",
        "population.directory.columns.email",
    ),
    ("question = NAME", "question"),
    ("expected = NAME", "expected"),
    ("analysis = NAME", "analysis"),
];

#[test]
fn what_cannot_be_seen_is_refused_wherever_a_text_stands() {
    let unseen = [
        '\u{1b}',
        '\0',
        '\u{7}',
        '\u{8}',
        '\u{7f}',
        '\u{9b}',
        '\u{202e}',
        '\u{2066}',
        '\u{200e}',
        '\u{61c}',
        '\u{200b}',
        '\u{feff}',
        '\u{2028}',
        '\u{e0041}',
    ];
    for (text, key) in PLACES {
        for c in unseen {
            let complaint = complaint(text, &format!("a{c}b"));
            let code = format!("U+{:04X}", u32::from(c));
            says(
                &complaint,
                &[
                    "bad.toml",
                    &format!("{key}: "),
                    &code,
                    "not allowed",
                    "expected letters",
                ],
            );
        }
        let is_prose = ["question", "expected", "analysis", "strategies[0].summary"].contains(&key);
        if !is_prose {
            for c in ['\n', '\t', '\r', '\u{200d}'] {
                says(&complaint(text, &format!("a{c}b")), &[&format!("{key}: "), "character 2 is U+"]);
            }
        }
    }
    let prose = "question = \"\"\"two\nlines,\ta tab, می\u{200c}خواهم, 👩\u{200d}💻\"\"\"";
    assert!(
        Loaded::parse("good.toml", prose, &[], &[]).is_ok(),
        "prose may have lines and the joiners of its language"
    );
}

#[test]
fn names_are_seen_and_not_endless() {
    let places = PLACES.iter().filter(|(_, key)| key.ends_with("name"));
    for (text, key) in places {
        for blank in [" ", "\u{a0}\u{2003}"] {
            says(&complaint(text, blank), &[&format!("{key}: a name is needed here")]);
        }
        let long = complaint(text, &"x".repeat(201));
        says(
            &long,
            &[
                &format!("{key}: "),
                if *key == "name" {
                    "up to 100"
                } else {
                    "a name of 201 characters"
                },
            ],
        );
    }
    says(&complaint("question = NAME", &"x".repeat(100_001)), &["question: a text of 100001 characters"]);
    for (name, why) in [
        ("..", "neither begins nor ends with a dot"),
        ("a/b", "cannot name a folder"),
        ("a\\b", "cannot name a folder"),
        (".hidden", "neither begins nor ends with a dot"),
        ("trailing.", "neither begins nor ends with a dot"),
        (" leading", "neither begins nor ends"),
        ("NUL", "Windows keeps it for a device"),
        ("com1.x", "Windows keeps it for a device"),
        ("naïve", "A to Z"),
    ] {
        says(&complaint("name = NAME", name), &["name: ", why]);
    }
    let error = Loaded::parse("nul.toml", "", &[], &[]).expect_err("a device").to_string();
    says(&error, &["named after its file", "state another `name`"]);
}

/// Names that are legal, and that would act if they were not escaped.
const HOSTILE: [&str; 8] = [
    "=HYPERLINK(\"http://x\",\"y\")",
    "<script>alert(1)</script>",
    "&amp;<b>\"'",
    "]]><!--",
    "👩🏽 🏳️",
    "שלום עולם",
    "-2+3",
    "{{7*7}}${x}%s",
];

fn hostile_scenario() -> String {
    let quoted = |name: &str| toml::Value::String(name.to_owned()).to_string();
    let long = "W".repeat(200);
    let names: Vec<String> = HOSTILE.iter().copied().chain([long.as_str()]).map(quoted).collect();
    let strategies: Vec<String> = (0..names.len())
        .map(|place| {
            let preset = ["reset-only", "risk-based", "lazy"][place % 3];
            format!("{{ preset = \"{preset}\", name = {}, summary = {} }}", names[place], names[place])
        })
        .collect();
    let share = 1.0 / names.len() as f64;
    let segments: Vec<String> = names.iter().map(|name| format!("{{ name = {name}, share = {share} }}")).collect();
    let pattern = &names[0];
    format!(
        "name = \"hostile\"\nhorizon_days = 140\nreplications = 2\nquestion = {question}\nstrategies = [\n{}\n]\n\
         population.accounts = 900\npopulation.segments = [{}]\ndesk.for_accounts = 20000\n\
         desk.target.sample_contacts = 1000\n\
         desk.shifts.patterns = [{{ name = {pattern}, length_h = 8, starts = \"7-13\" }}]\n",
        strategies.join(",\n"),
        segments.join(", "),
        question = names[1],
    )
}

/// Every SVG in a folder, parsed as XML; how many there were.
fn svgs_are_xml(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).expect("charts").map(|entry| entry.expect("an entry").path());
    let svgs: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "svg")).collect();
    for path in &svgs {
        let text = std::fs::read_to_string(path).expect("text");
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let known = [
            "svg", "metadata", "rect", "line", "polyline", "polygon", "text", "circle",
        ];
        let strange = document.descendants().find(|n| n.is_element() && !known.contains(&n.tag_name().name()));
        assert!(strange.is_none(), "{}: {strange:?}", path.display());
    }
    svgs.len()
}

fn page_is_safe(page: &str) {
    let lower = page.to_lowercase();
    assert!(lower.contains("content-security-policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\""));
    assert!(lower.contains("<meta name=\"referrer\" content=\"no-referrer\">"));
    for acting in [
        "<script",
        "<iframe",
        "<img",
        "<link",
        " src=",
        "javascript:",
        "@import",
        "url(",
        "onload",
        "alert(1)</s",
    ] {
        assert!(!lower.contains(acting), "{acting}");
    }
    let links = page.split("href=\"").skip(1);
    assert!(
        links.clone().count() > 0 && links.into_iter().all(|link| link.starts_with('#')),
        "a link leads elsewhere"
    );
}

fn first_cells(folder: &Path, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(folder.join(name)).expect("a CSV file");
    reader.records().map(|row| row.expect("a row")[0].to_owned()).collect()
}

#[test]
fn reports_with_hostile_names_are_text_and_nothing_else() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("s.toml"), hostile_scenario()).expect("written");
    cutover(dir.path()).args(["run", "s.toml", "--store", "memory", "--out", "out"]).assert().success();
    let out = dir.path().join("out");
    assert!(svgs_are_xml(&out.join("charts")) >= 8);
    let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
    page_is_safe(&page);
    let cells = first_cells(&out, "timeseries.csv");
    for name in HOSTILE {
        let expected = if name.starts_with(['=', '-']) {
            format!("'{name}")
        } else {
            name.to_owned()
        };
        assert!(cells.contains(&expected), "{expected}");
    }

    let sized = [
        "size",
        "s.toml",
        "--out",
        "plan",
        "--strategy",
        HOSTILE[0],
        "--strategy",
        HOSTILE[1],
    ];
    cutover(dir.path()).args(sized).args(["--arrivals", "1"]).assert().success();
    let plan = dir.path().join("plan");
    assert!(svgs_are_xml(&plan.join("charts")) >= 4);
    page_is_safe(&std::fs::read_to_string(plan.join("index.html")).expect("a page"));
    for name in ["requirements.csv", "arrivals.csv"] {
        let cells = first_cells(&plan, name);
        assert!(cells.contains(&format!("'{}", HOSTILE[0])) && cells.contains(&HOSTILE[1].to_owned()), "{name}");
    }
    let shifts = std::fs::read_to_string(plan.join("shifts.csv")).expect("shifts");
    assert!(!shifts.contains(",=HYPERLINK") && !shifts.contains(",\"=HYPERLINK"), "a pattern is a formula");
}

#[test]
fn charts_with_long_and_strange_names_can_be_read() {
    let loaded = load(&hostile_scenario(), &[]);
    let (scenario, replications) = (&loaded.scenario, replications(&loaded));
    let summary = Summary::new(scenario, &replications);
    let series = series::hourly(scenario, &replications);
    let verdict = Verdict::new(scenario, &summary, &series, &replications);
    let mut drawn = charts::all(&Findings {
        scenario,
        summary: &summary,
        series: &series,
        verdict: &verdict,
    });
    // A plan of three of them, the longest name among them.
    let chosen = ["W".repeat(200), HOSTILE[0].to_owned(), HOSTILE[5].to_owned()];
    let loaded = Loaded::parse("test.toml", &hostile_scenario(), &chosen, &[]).expect("a scenario");
    let scenario = &loaded.scenario;
    let (target, needs) = study(scenario, None, &Unwatched).expect("a study");
    let planned: Vec<Planned> = needs.into_iter().map(|needs| Planned::new(scenario, needs, Vec::new())).collect();
    let plan = StaffingPlan::new(scenario, &target, &planned);
    drawn.extend(size::charts::all(&size::charts::SizeFindings { scenario, plan: &plan, planned: &planned }));
    assert!(drawn.len() >= 14, "{} charts", drawn.len());
    let marks: Vec<_> = drawn
        .iter()
        .flat_map(|chart| chart.drawing.misplaced().into_iter().map(|mark| format!("{}: {mark}", chart.id)))
        .collect();
    assert!(marks.is_empty(), "{marks:#?}");
}

#[test]
fn every_page_has_the_policy() {
    for page in ["report", "size", "load"] {
        let text = read(&format!("templates/{page}.html"));
        let head = text.split("</head>").next().unwrap_or("");
        assert!(head.contains("<meta charset=\"utf-8\">\n{% include \"policy.html\" %}"), "{page}");
        assert!(!text.contains("<script") && !text.contains("style=\""), "{page}");
    }
}

#[test]
fn json_on_the_terminal_stays_json() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "strategies = [{ preset = \"lazy\", summary = \"می\u{200c}خواهم\\n\\t\\\\\" }]\npopulation.accounts = 100\nreplications = 1\n";
    std::fs::write(dir.path().join("s.toml"), text).expect("written");
    for arguments in [
        &["run", "s.toml", "--store", "memory", "--json", "--no-report"][..],
        &["validate", "s.toml", "--json"],
    ] {
        let output = cutover(dir.path()).args(arguments).assert().success();
        let json: serde_json::Value = serde_json::from_slice(&output.get_output().stdout).expect("JSON");
        assert!(json.to_string().contains("می\u{200c}خواهم"), "{json}");
    }
}

/// What a command prints, on both channels, and its exit code.
fn printed(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = cutover(folder).args(arguments).output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).expect("UTF-8"), output.status.code())
}

#[test]
fn a_terminal_is_given_only_what_can_be_seen() {
    const EVIL: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}\u{9b}31m\u{200b}\r";
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).expect("written");
    write("ok.toml", "strategies = [\"lazy\"]\npopulation.accounts = 100\n");
    write("comment.toml", &format!("horizon_days = 0 # {}\n", EVIL.replace('\r', "")));
    write("key.toml", &format!("\"{}\" = 1\n", "a\\u001b[2J\\u202e\\u0085"));
    write("name.toml", "strategies = [{ preset = \"lazy\", name = \"a\\u001b[2J\\u202e\" }]\n");
    write("import.csv", &format!("mail{EVIL}x,since\na@x.de,{EVIL}\n\"b@x.de\",2020-01-01\n"));
    write(
        "import.toml",
        "strategies = [\"lazy\"]\npopulation.directory = { file = \"import.csv\", columns = { email = \"mail\", created = \"since\" } }\n",
    );
    write("cells.csv", &format!("mail,since\na@x.de,\"{EVIL}\"\nb@x.de,2020-01-01\n"));
    write(
        "cells.toml",
        "strategies = [\"lazy\"]\nhorizon_days = 60\npopulation.directory = { file = \"cells.csv\", columns = { email = \"mail\", created = \"since\" } }\n",
    );
    write("times.csv", &format!("s\n{EVIL}1\n"));
    write("titles.csv", &format!("t{EVIL}t\n1\n"));
    let file = format!("nowhere{EVIL}.toml");
    let set = format!("name={EVIL}");
    let key = format!("population.{EVIL}=1");
    let empirical =
        |file: &str| format!("desk.handle_time.access={{ empirical = {{ file = \"{file}\", column = \"s\" }} }}");
    let (times, titles) = (empirical("times.csv"), empirical("titles.csv"));
    let flag = format!("--{EVIL}");
    let commands: [&[&str]; 15] = [
        &["validate", &file],
        &["run", &file],
        &["validate", "comment.toml"],
        &["validate", "key.toml"],
        &["validate", "name.toml"],
        &["validate", "import.toml"],
        &["validate", "ok.toml", "--set", &set],
        &["validate", "ok.toml", "--set", &key],
        &["validate", "ok.toml", "--set", EVIL],
        &["validate", "ok.toml", "--set", &times],
        &["validate", "ok.toml", "--set", &titles],
        &["validate", "ok.toml", "--strategy", EVIL],
        &["validate", "ok.toml", &flag],
        &["validate", "ok.toml", "--seed", EVIL],
        &["explain", EVIL, "1"],
    ];
    for arguments in commands {
        let (text, code) = printed(dir.path(), arguments);
        let acts = text.chars().find(|c| hidden(*c) && *c != '\n');
        assert!(acts.is_none(), "{acts:?} is printed by {arguments:?}:\n{text:?}");
        assert_eq!(code, Some(2), "{arguments:?}:\n{text}");
    }
    let (text, _) = printed(dir.path(), &["run", "cells.toml", "--store", "memory", "--out", "out"]);
    let acts = text.chars().find(|c| hidden(*c) && *c != '\n');
    assert!(acts.is_none(), "{acts:?} is printed of an export:\n{text:?}");
    // Letters of any language stay as they are.
    let (text, _) = printed(dir.path(), &["validate", "größe-Ж-中.toml"]);
    assert!(text.contains("größe-Ж-中.toml"), "{text}");
}

#[test]
fn a_file_that_is_no_scenario_is_told_what_it_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).expect("written");
    std::fs::create_dir(dir.path().join("scenarios")).expect("a folder");
    write("scenarios/retail.toml", b"strategies = []\n");
    write("empty.toml", b" \n");
    write("latin.toml", b"# one\nquestion = \"Stra\xdfe\"\n");
    write("wide.toml", b"\xff\xfea\0=\0");
    write("deep.toml", format!("x = {}1{}\n", "[".repeat(200), "]".repeat(200)).as_bytes());
    write("long.toml", format!("horizon_days = 60\n{}x = 1\n", "a.".repeat(100)).as_bytes());
    let nested = format!("{} = {{ {} = 1 }}\n", vec!["a"; 30].join("."), vec!["b"; 30].join("."));
    write("nested.toml", nested.as_bytes());
    write("ok.toml", b"strategies = [\"lazy\"]\n");
    write("latin.csv", b"s,x\n1,ma\xe9l\n");
    write("ragged.csv", b"s,x\n1\n");
    let times =
        |file: &str| format!("desk.handle_time.access={{ empirical = {{ file = \"{file}\", column = \"s\" }} }}");
    let (latin, ragged, nowhere) = (times("latin.csv"), times("ragged.csv"), times("nowhere.csv"));
    let deep_key = format!("{}x=1", "a.".repeat(20_000));
    let cases: [(&[&str], &[&str]); 17] = [
        (&["retial.toml"], &["retial.toml: there is no such file", "did you mean", "retail.toml"]),
        (&["scenarios/retial.toml"], &["there is no such file; did you mean scenarios/retail.toml?"]),
        (&["nowhere/x.toml"], &["no folder nowhere", "scenarios/retail.toml"]),
        (&["zzzzzzzzzz.toml"], &["there is no such file; there are ", "scenarios/retail.toml"]),
        (&["scenarios"], &["scenarios: this is a folder", "it holds scenarios/retail.toml"]),
        (&["empty.toml"], &["empty.toml: this file is empty", "strategies = "]),
        (
            &["latin.toml"],
            &[
                "line 2, byte 17 of the line (byte 22 of the file) is 0xDF (in Latin-1: “ß”)",
                "save it as UTF-8",
            ],
        ),
        (&["wide.toml"], &["UTF-16", "save it as UTF-8"]),
        (&["deep.toml"], &["deep.toml:1", "nested too deeply: at most 32 levels"]),
        (&["long.toml"], &["long.toml:2", "nested too deeply: at most 32 levels"]),
        (&["nested.toml"], &["nested.toml:1", "nested too deeply: at most 32 levels"]),
        (&["ok.toml", "--set", "strategies=[\"lazy\""], &["command line", "the value is not valid TOML"]),
        (&["ok.toml", "--set", &deep_key], &["a key of 20001 parts is not allowed: expected at most 32"]),
        (
            &["ok.toml", "--set", &latin],
            &["latin.csv: line 2, column 2: this is not UTF-8 text; save the file as UTF-8"],
        ),
        (&["ok.toml", "--set", &ragged], &["ragged.csv: line 2 has 1 field instead of the 2"]),
        (&["ok.toml", "--set", &nowhere], &["nowhere.csv: cannot be read: No such file"]),
        (&["ok.toml", "--strategy", "lzay"], &["no strategy \"lzay\"", "lazy"]),
    ];
    for (arguments, parts) in cases {
        let (text, code) = printed(dir.path(), &[&["validate"], arguments].concat());
        assert_eq!(code, Some(2), "{text}");
        says(&text, parts);
    }
}
