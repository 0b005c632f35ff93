//! Floors: a module imports only what stands before it in `src/lib.rs`, and no two files beside each other import each
//! other, in whatever roundabout way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order of `lib.rs`.
fn order() -> Vec<String> {
    let lib = fs::read_to_string("src/lib.rs").expect("lib.rs");
    let modules = lib.lines().filter_map(|line| {
        let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    });
    modules.collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The module that a file is: `src/desk/floor.rs` is `desk`, `floor`. Empty for the roots.
fn module(file: &Path) -> Vec<String> {
    let inside = file.strip_prefix("src").expect("a file of src").with_extension("");
    let names: Vec<String> = inside.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names == ["lib"] || names == ["main"] {
        Vec::new()
    } else {
        names
    }
}

/// The code of a file: no comments, no strings that look like paths, nothing from its own tests on.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a source file");
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path that a `use` line names, as a list of words.
fn uses(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for line in code.split(';') {
        let Some(start) = line.rfind("use ") else { continue };
        let before = line[..start].trim_end();
        if before.is_empty() || before.ends_with(['}', ')', ']', '{']) || before.ends_with("pub") {
            spread(&[], &line[start + 4..], &mut found);
        }
    }
    found
}

/// Spreads `a::{b, c::d}` into `a::b` and `a::c::d`.
fn spread(prefix: &[String], tree: &str, found: &mut Vec<Vec<String>>) {
    let mut depth = 0;
    let mut start = 0;
    let mut parts = Vec::new();
    for (place, c) in tree.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&tree[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(&tree[start..]);
    for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let (head, inner) = match part.split_once('{') {
            Some((head, inner)) => (head, inner.rfind('}').map(|end| &inner[..end])),
            None => (part.split(" as ").next().unwrap_or(part), None),
        };
        let words = head.split("::").map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned);
        let path: Vec<String> = prefix.iter().cloned().chain(words).collect();
        match inner {
            Some(inner) => spread(&path, inner, found),
            None => found.push(path),
        }
    }
}

#[test]
fn no_module_imports_one_above_it() {
    let order = order();
    assert!(order.len() > 20, "the modules of lib.rs: {order:?}");
    let floor = |name: &str| order.iter().position(|module| module == name);
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let (mut wrong, mut arrows) = (Vec::new(), BTreeSet::new());
    for file in files {
        let Some(own) = module(&file).first().and_then(|name| floor(name)) else {
            continue;
        };
        let code = code(&file);
        let inline = code
            .split("crate::")
            .skip(1)
            .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
        let imported =
            uses(&code).into_iter().filter(|path| path[0] == "crate").filter_map(|path| path.get(1).cloned());
        for name in inline.map(str::to_owned).chain(imported) {
            let Some(other) = floor(&name) else { continue };
            arrows.insert((own, other));
            if other > own {
                wrong.push(format!(
                    "{}: imports `{name}`, which stands above `{}` in src/lib.rs. Move what it needs down to the floor \
                     where both can see it, or move the file up.",
                    file.display(),
                    order[own]
                ));
            }
        }
    }
    assert!(arrows.len() > 60, "few imports were found: the test does not read the files well");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A file and the folder of its name are one here: a folder's files may use what their own `mod` file says.
#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let modules: BTreeSet<Vec<String>> = files.iter().map(|file| module(file)).collect();
    let mut arrows: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for file in &files {
        let own = module(file);
        for path in uses(&code(file)) {
            let supers = path.iter().take_while(|word| *word == "super").count();
            let mut target: Vec<String> = match path[0].as_str() {
                "crate" => path[1..].to_vec(),
                "super" => [&own[..own.len().saturating_sub(supers)], &path[supers..]].concat(),
                _ => [&own[..], &path[..]].concat(),
            };
            while !target.is_empty() && !modules.contains(&target) {
                target.pop();
            }
            if !target.is_empty() && !target.starts_with(&own) && !own.starts_with(&target) {
                arrows.entry(own.clone()).or_default().insert(target);
            }
        }
    }
    assert!(arrows.len() > 200, "few imports were found: the test does not read the files well");
    let reaches_itself = |own: &Vec<String>| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Vec<String>> = arrows[own].iter().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file) {
                next.extend(arrows.get(file).into_iter().flatten());
            }
        }
        seen.contains(own)
    };
    let circles: BTreeSet<Vec<String>> = arrows.keys().filter(|own| reaches_itself(own)).cloned().collect();
    arrows.retain(|own, targets| {
        targets.retain(|target| circles.contains(target));
        circles.contains(own)
    });
    let told: Vec<String> = arrows
        .iter()
        .map(|(own, targets)| {
            let names: Vec<String> = targets.iter().map(|target| target.join("/")).collect();
            format!("{} -> {}", own.join("/"), names.join(", "))
        })
        .collect();
    assert!(
        told.is_empty(),
        "these files import each other in circles; move what they share down:\n{}",
        told.join("\n")
    );
}
