//! The learnt scenario: the text of the scenario with the learnt ranges in it, and everything else as it was written.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::found::Calibration;
use crate::error::{Error, Result};
use crate::scenario_file::Loaded;
use crate::uncertain::{Uncertain, Z90};

/// What is put in place of a part of the text.
type Edit = (Range<usize>, String);
/// A key with the ends of its range.
type Ends = (String, [f64; 2]);

/// The text of the scenario with the learnt ranges. `folder` is where it will lie: files that the scenario names by a path
/// from its own folder are named from there.
///
/// # Errors
///
/// If the text cannot be changed so that it is a scenario again; [`must_be_writable`] tells beforehand.
pub fn learnt_scenario(loaded: &Loaded, found: &Calibration, folder: &Path) -> Result<String> {
    let ranges: Vec<Ends> = found.moved.iter().filter_map(|moved| Some((moved.key.clone(), moved.range?))).collect();
    let pairs: String = found
        .together
        .iter()
        .filter(|pair| pair.kept)
        .map(|pair| {
            format!(
                "\n[[correlated]]\nname = \"learnt: {} and {}\"\nkeys = [\"{}\", \"{}\"]\ncorrelation = {:.2}\n",
                pair.keys[0], pair.keys[1], pair.keys[0], pair.keys[1], pair.correlation
            )
        })
        .collect();
    let head = origin(found);
    let written = |digits: fn(f64) -> String| written(loaded, &ranges, digits, (&head, &pairs), folder);
    // Where four digits do not keep two ends apart, all of them are written.
    written(number).or_else(|_| written(exact))
}

/// Before anything is simulated: that the scenario can be written with ranges for all that may be learnt.
///
/// # Errors
///
/// If its text cannot be changed so that it is a scenario again, as when a value that it rests on was given on the command
/// line.
pub fn must_be_writable(loaded: &Loaded, folder: &Path) -> Result<()> {
    let uncertain = Uncertain::new(&loaded.scenario)?;
    let ranges = uncertain.keys().iter().filter_map(|key| {
        let ends = [-Z90, Z90].map(|score| key.unrounded(score));
        key.may_range(ends[0], ends[1]).is_ok().then(|| (key.key.clone(), ends))
    });
    let ranges: Vec<Ends> = ranges.collect();
    written(loaded, &ranges, exact, ("", ""), folder).map(drop)
}

/// The text with these ranges, a comment before it and lines behind it.
fn written(
    loaded: &Loaded,
    ranges: &[Ends],
    digits: fn(f64) -> String,
    (head, tail): (&str, &str),
    folder: &Path,
) -> Result<String> {
    let failed = |why: &str| Error::Input(format!("learnt.toml cannot be written: {why}"));
    let text = loaded
        .source
        .texts
        .first()
        .map(|text| text.text.as_str())
        .ok_or_else(|| failed("there is no file"))?;
    let table = DeTable::parse(text).map_err(|error| failed(error.message()))?;
    let mut edits: Vec<Edit> = Vec::new();
    let mut added = Vec::new();
    let stated = entry(table.get_ref(), "uncertain");
    for (key, ends) in ranges {
        let [low, high] = ends.map(digits);
        match stated.and_then(|stated| entry(stated.get_ref().as_table()?, key)) {
            Some(range) => {
                let ends = range.get_ref().as_table().map(|ends| [entry(ends, "low"), entry(ends, "high")]);
                let Some([Some(at_low), Some(at_high)]) = ends else {
                    return Err(failed("a range has no ends"));
                };
                edits.push((at_low.span(), low));
                edits.push((at_high.span(), high));
            }
            None => added.push((key.clone(), format!("{{ low = {low}, high = {high} }}"))),
        }
    }
    let mut end = String::new();
    add_ranges(text, &table, &added, &mut edits, &mut end);
    edits.extend(named_anew(table.get_ref(), &loaded.scenario.folder, folder));
    edits.sort_by_key(|(place, _)| std::cmp::Reverse((place.start, place.end)));
    let mut written = text.to_owned();
    for (place, new) in edits {
        written.replace_range(place, &new);
    }
    if !written.ends_with('\n') {
        written.push('\n');
    }
    let written = format!("{head}{written}{end}{tail}");
    Loaded::parse(&folder.join("learnt.toml").display().to_string(), &written, &[], &[]).map_err(|error| {
        failed(&format!("without what the command line changes it would not be a scenario: {error}"))
    })?;
    Ok(written)
}

/// Where it comes from.
fn origin(found: &Calibration) -> String {
    let moved = found.moved.iter().filter(|moved| moved.range.is_some()).count();
    format!(
        "# Learnt by `cutover calibrate` from a pilot of {} up to {}: {moved} ranges in `[uncertain]` are what it left\n\
         # of them, nine times in ten. All else is as it was written in {}, scenario hash {}.\n\n",
        found.strategy, found.pilot_ends, found.scenario, found.scenario_hash
    )
}

/// Adds ranges to `[uncertain]`, however it is written.
fn add_ranges(
    text: &str,
    table: &toml::Spanned<DeTable<'_>>,
    added: &[(String, String)],
    edits: &mut Vec<Edit>,
    end: &mut String,
) {
    if added.is_empty() {
        return;
    }
    let lines: String = added.iter().map(|(key, range)| format!("\"{key}\" = {range}\n")).collect();
    let header = line_of(text, "[uncertain]");
    let stated = entry(table.get_ref(), "uncertain");
    match (header, stated) {
        (Some(at), _) => edits.push((at..at, lines)),
        (None, None) => *end += &format!("\n[uncertain]\n{lines}"),
        (None, Some(inline)) if text[inline.span()].starts_with('{') => {
            let at = inline.span().start + 1;
            let is_empty = inline.get_ref().as_table().is_some_and(|table| table.is_empty());
            let ranges: Vec<String> = added.iter().map(|(key, range)| format!(" \"{key}\" = {range}")).collect();
            edits.push((at..at, ranges.join(",") + if is_empty { " " } else { "," }));
        }
        // It is written key by key, each with a header of its own.
        (None, Some(_)) => {
            for (key, range) in added {
                let ends = range.trim_start_matches("{ ").trim_end_matches(" }").replace(", ", "\n");
                *end += &format!("\n[uncertain.\"{key}\"]\n{ends}\n");
            }
        }
    }
}

/// Where the line behind this header begins, if the header is there.
fn line_of(text: &str, header: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let plain = line.split('#').next().unwrap_or("").trim();
        if plain == header {
            // A last line without an end has none to put anything behind.
            return line.ends_with('\n').then_some(at);
        }
    }
    None
}

/// The files that the scenario names by a path from its own folder, named from another one.
fn named_anew(table: &DeTable<'_>, own: &Path, folder: &Path) -> Vec<Edit> {
    let mut named = Vec::new();
    for (key, value) in table {
        let key: &str = key.get_ref();
        match (key, value.get_ref()) {
            ("strategies", DeValue::Array(list)) => named.extend(list.iter().filter_map(strategy_file)),
            (_, value) => files(value, &mut named),
        }
    }
    let is_relative = |(_, file): &(Range<usize>, String)| Path::new(file).is_relative();
    let anew = |(at, file): (Range<usize>, String)| {
        (at, toml::Value::String(from(folder, &own.join(file)).display().to_string()).to_string())
    };
    named.into_iter().filter(is_relative).map(anew).collect()
}

/// The file that an entry of the list of strategies names, and where, if it names one.
fn strategy_file(entry_of_list: &toml::Spanned<DeValue<'_>>) -> Option<(Range<usize>, String)> {
    let named = match entry_of_list.get_ref() {
        DeValue::Table(table) => entry(table, "preset")?,
        _ => entry_of_list,
    };
    let file = named.get_ref().as_str().filter(|name| name.ends_with(".toml"))?;
    Some((named.span(), file.to_owned()))
}

/// The files of values and accounts below a value, and where they are named: each is the `file` of a table.
fn files(value: &DeValue<'_>, named: &mut Vec<(Range<usize>, String)>) {
    match value {
        DeValue::Table(table) => {
            for (key, inner) in table {
                match inner.get_ref().as_str() {
                    Some(file) if key.get_ref() == "file" => named.push((inner.span(), file.to_owned())),
                    _ => files(inner.get_ref(), named),
                }
            }
        }
        DeValue::Array(list) => list.iter().for_each(|inner| files(inner.get_ref(), named)),
        _ => {}
    }
}

/// A path as it is written from a folder.
fn from(folder: &Path, file: &Path) -> PathBuf {
    let goes_up = |path: &Path| path.components().any(|part| part == Component::ParentDir);
    let absolute = || std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    if file.is_absolute() || folder.is_absolute() || goes_up(folder) {
        return absolute();
    }
    let depth = folder.components().filter(|part| matches!(part, Component::Normal(_))).count();
    let near = std::iter::repeat_n("..", depth).collect::<PathBuf>().join(file);
    // Above a folder that is a link lies another one than its name says.
    if folder.exists() && !folder.join(&near).exists() {
        absolute()
    } else {
        near
    }
}

fn entry<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a toml::Spanned<DeValue<'i>>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

/// A number to four digits, as TOML writes it.
fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value:?}");
    }
    let decimals = (3 - value.abs().log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A number with all its digits, as TOML writes it.
fn exact(value: f64) -> String {
    format!("{value:?}")
}
