//! The learnt scenario: the text of the scenario with the learnt ranges in it, and everything else as it was written.

use std::ops::Range;
use std::path::{Component, Path};

use toml::de::{DeTable, DeValue};

use super::found::Calibration;
use crate::error::{Error, Result};
use crate::scenario_file::Loaded;

/// What is put in place of a part of the text.
type Edit = (Range<usize>, String);

/// The text of the scenario with the learnt ranges. `folder` is where it will lie: a file that the scenario names by a path
/// from its own folder is named from there.
///
/// # Errors
///
/// If the text cannot be changed so that it is a scenario again.
pub fn learnt_scenario(loaded: &Loaded, found: &Calibration, folder: &Path) -> Result<String> {
    let failed = |why: &str| Error::Check(format!("learnt.toml cannot be written: {why}"));
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
    for moved in &found.moved {
        let Some([low, high]) = moved.range else { continue };
        let [low, high] = [low, high].map(number);
        match stated.and_then(|stated| entry(stated.get_ref().as_table()?, &moved.key)) {
            Some(range) => {
                let ends = range.get_ref().as_table().map(|ends| [entry(ends, "low"), entry(ends, "high")]);
                let Some([Some(at_low), Some(at_high)]) = ends else {
                    return Err(failed("a range has no ends"));
                };
                edits.push((at_low.span(), low));
                edits.push((at_high.span(), high));
            }
            None => added.push((moved.key.clone(), format!("{{ low = {low}, high = {high} }}"))),
        }
    }
    let mut end = String::new();
    add_ranges(text, &table, &added, &mut edits, &mut end);
    for pair in found.together.iter().filter(|pair| pair.kept) {
        end += &format!(
            "\n[[correlated]]\nname = \"learnt: {} and {}\"\nkeys = [\"{}\", \"{}\"]\ncorrelation = {:.2}\n",
            pair.keys[0], pair.keys[1], pair.keys[0], pair.keys[1], pair.correlation
        );
    }
    edits.extend(files(loaded, &table, folder));
    edits.sort_by_key(|(place, _)| std::cmp::Reverse((place.start, place.end)));
    let mut written = text.to_owned();
    for (place, new) in edits {
        written.replace_range(place, &new);
    }
    if !written.ends_with('\n') {
        written.push('\n');
    }
    let written = format!("{}{written}{end}", origin(found));
    // It lies elsewhere, but what it names was read from where the scenario lies.
    Loaded::parse(&folder.join("learnt.toml").display().to_string(), &written, &[], &[])
        .map_err(|error| failed(&format!("it would not be a scenario: {error}")))?;
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

/// The directory export, named from the folder of the learnt scenario.
fn files(loaded: &Loaded, table: &toml::Spanned<DeTable<'_>>, folder: &Path) -> Vec<Edit> {
    let Some(directory) = &loaded.scenario.population.directory else {
        return Vec::new();
    };
    let at = ["population", "directory", "file"].into_iter().try_fold(None, |place, key| {
        let within = match place {
            None => table.get_ref(),
            Some(value) => {
                let value: &toml::Spanned<DeValue<'_>> = value;
                value.get_ref().as_table()?
            }
        };
        entry(within, key).map(Some)
    });
    let Some(Some(at)) = at else { return Vec::new() };
    let file = loaded.scenario.folder.join(&directory.file);
    vec![(at.span(), toml::Value::String(from(folder, &file).display().to_string()).to_string())]
}

/// A path as it is written from a folder.
fn from(folder: &Path, file: &Path) -> std::path::PathBuf {
    let goes_up = |path: &Path| path.components().any(|part| part == Component::ParentDir);
    if file.is_absolute() || folder.is_absolute() || goes_up(folder) {
        return std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    }
    let depth = folder.components().filter(|part| matches!(part, Component::Normal(_))).count();
    std::iter::repeat_n("..", depth).collect::<std::path::PathBuf>().join(file)
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
