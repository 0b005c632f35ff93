//! Strategies in files of their own: `strategies = ["mine.toml"]`, `{ preset = "mine.toml", … }`, `--strategy mine.toml`.

use std::path::Path as File;

use toml::{Table, Value};

use super::control_sets::spell_out;
use super::{Path, Problem, Source, lay_over};
use crate::scenario_file::file;

/// How the name of such a file ends.
const ENDING: &str = ".toml";

impl Source {
    /// Lays in the strategies of the scenario that are files, named from its folder.
    pub(super) fn lay_in_files(&mut self, folder: &File, problems: &mut Vec<Problem>) {
        for place in 0..self.strategies() {
            let path = Path::keys("strategies").index(place);
            let slot = path.find_mut(&mut self.value);
            let (name, own) = match slot {
                Some(Value::String(name)) if name.ends_with(ENDING) => (name.clone(), Table::new()),
                Some(Value::Table(table)) => match table.get("preset") {
                    Some(Value::String(name)) if name.ends_with(ENDING) => {
                        let name = name.clone();
                        table.remove("preset");
                        (name, std::mem::take(table))
                    }
                    _ => continue,
                },
                _ => continue,
            };
            if let Err(problem) = self.lay_in_file(&folder.join(&name), &path, own) {
                let problem = problem.unwrap_or_else(|said| self.problem(&path, said));
                problems.push(problem);
            }
        }
    }

    /// Adds the strategies that were chosen as files, named from where the program runs, to those of the scenario; the names
    /// of all that were chosen.
    pub(super) fn add_chosen_files(&mut self, chosen: &[String], problems: &mut Vec<Problem>) -> Vec<String> {
        let mut names = Vec::new();
        for name in chosen {
            if !name.ends_with(ENDING) {
                names.push(name.clone());
                continue;
            }
            let place = self.strategies();
            let path = Path::keys("strategies").index(place);
            let Value::Table(root) = &mut self.value else { continue };
            let list = root.entry("strategies").or_insert_with(|| Value::Array(Vec::new()));
            let Value::Array(list) = list else { continue };
            list.push(Value::Table(Table::new()));
            match self.lay_in_file(File::new(name), &path, Table::new()) {
                Err(Ok(problem)) => problems.push(problem),
                Err(Err(said)) => problems.push(self.flag("--strategy", name, said)),
                Ok(own) => names.push(own),
            }
        }
        names
    }

    /// Puts the strategy of a file at a path, with what is stated beside it laid over it; its name. What is wrong has a place
    /// in the file, or is a sentence.
    fn lay_in_file(&mut self, file: &File, path: &Path, mut own: Table) -> Result<String, Result<Problem, String>> {
        let text = file::read(file).map_err(|error| Err(error.to_string()))?;
        let yours: Vec<_> = self.origins_within(path).map(|(at, origin)| (at.clone(), origin.clone())).collect();
        let shown = file.display().to_string();
        let mut value = self.add(&shown, &text, path).map_err(|mut problems| {
            problems.drain(..).next().ok_or_else(|| format!("{shown}: this file cannot be read"))
        })?;
        if let Value::Table(table) = &mut value {
            if table.contains_key("strategies") {
                return Err(Err(format!("{shown}: this is a scenario, and a strategy was expected")));
            }
            spell_out(table);
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            table.entry("name").or_insert(Value::String(stem));
        }
        spell_out(&mut own);
        lay_over(&mut value, Value::Table(own));
        self.origins.extend(yours);
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(slot) = path.find_mut(&mut self.value) {
            *slot = value;
        }
        Ok(name)
    }
}
