//! Named sets of controls: `controls = "strict"`, or `controls = { set = "strict", announced = true }`.

use toml::{Table, Value};

use super::{Path, Problem, Source, Step};
use crate::strategy::controls::{CONDUCT, ControlSet};
use crate::text::one_of;

impl Source {
    /// Puts every strategy under this set: what it states of its own is dropped, apart from how it writes to customers.
    pub(super) fn put_under(&mut self, set: ControlSet) {
        let Some(Value::Array(strategies)) = self.value.get_mut("strategies") else {
            return;
        };
        for strategy in strategies {
            if let Value::Table(strategy) = strategy {
                keep_conduct(strategy);
                if let Some(controls) = controls_of(strategy) {
                    controls.insert("set".to_owned(), Value::String(set.key().to_owned()));
                }
            }
        }
        let root = Path::keys("strategies");
        self.origins.retain(|path, _| match path.0.get(2..) {
            Some([Step::Key(controls), Step::Key(key)]) if path.is_within(&root) && controls == "controls" => {
                CONDUCT.contains(&key.as_str())
            }
            _ => true,
        });
    }

    /// Naming another set with `--set` begins with that set and what is stated beside it. In code every control is stated, and
    /// that set is all that is left.
    pub(super) fn begin_anew_under_set(&mut self, path: &Path) {
        let [Step::Key(root), Step::Index(_), Step::Key(controls), Step::Key(key)] = &path.0[..] else {
            return;
        };
        if (root.as_str(), controls.as_str(), key.as_str()) == ("strategies", "controls", "set")
            && let Some(Value::Table(controls)) = path.around().find_mut(&mut self.value)
        {
            let around = path.around();
            controls.retain(|key, _| key == "set" || self.origins.contains_key(&around.key(key)));
        }
    }

    /// Lays the named set under the controls of each strategy that names one.
    pub(super) fn lay_in_control_sets(&mut self, problems: &mut Vec<Problem>) {
        let root = Path::keys("strategies");
        for place in 0..self.strategies() {
            let path = root.index(place);
            let Some(Value::Table(strategy)) = path.find_mut(&mut self.value) else {
                continue;
            };
            spell_out(strategy);
            let Some(Value::Table(controls)) = strategy.get_mut("controls") else {
                continue;
            };
            let Some(Value::String(name)) = controls.get("set").cloned() else {
                continue;
            };
            if !complete(controls, &name) {
                let known = one_of(ControlSet::ALL.into_iter().map(|set| set.key().to_owned()));
                let message = format!("there is no set of controls \"{name}\": {known}");
                controls.remove("set");
                let path = path.key("controls").key("set");
                problems.push(self.problem(&path, message));
            }
        }
    }
}

/// A built-in strategy with the controls of its set laid in.
pub(super) fn completed(mut strategy: Table) -> Table {
    spell_out(&mut strategy);
    if let Some(controls) = controls_of(&mut strategy)
        && let Some(Value::String(name)) = controls.get("set").cloned()
    {
        complete(controls, &name);
    }
    strategy
}

/// Lays the set of this name under what is stated; false if there is none.
fn complete(controls: &mut Table, name: &str) -> bool {
    let held = ControlSet::named(name).map(|set| Value::try_from(set.controls()));
    let Some(Ok(Value::Table(held))) = held else {
        return false;
    };
    for (key, value) in held {
        controls.entry(key).or_insert(value);
    }
    true
}

/// Writes the short form of a strategy's controls, the name of a set, as a table.
pub(super) fn spell_out(strategy: &mut Table) {
    if let Some(controls) = strategy.get_mut("controls")
        && let Value::String(set) = controls
    {
        let set = Value::String(std::mem::take(set));
        *controls = Value::Table(Table::from_iter([("set".to_owned(), set)]));
    }
}

/// Drops the controls that a strategy states, apart from how it writes to customers.
pub(super) fn keep_conduct(strategy: &mut Table) {
    spell_out(strategy);
    if let Some(controls) = controls_of(strategy) {
        controls.retain(|key, _| CONDUCT.contains(&key));
    }
}

fn controls_of(strategy: &mut Table) -> Option<&mut Table> {
    strategy.entry("controls").or_insert_with(|| Value::Table(Table::new())).as_table_mut()
}
