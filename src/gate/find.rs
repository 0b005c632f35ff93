//! Find: what a path leads to in a result file.

use serde_json::Value;

use super::path::{Path, Step, written};
use crate::text::visible_line;

/// A value of a result file, and the way to it.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    /// Names from the root to it.
    pub names: Vec<String>,
    /// What lies on the way: the root first, itself last.
    pub nodes: Vec<&'a Value>,
    /// Fields whose texts an entry of a list was chosen by, so far.
    chosen_by: Vec<&'a str>,
}

impl<'a> Found<'a> {
    /// The root of a file.
    pub(super) fn root(root: &'a Value) -> Self {
        Self { names: Vec::new(), nodes: vec![root], chosen_by: Vec::new() }
    }

    /// The value.
    pub(super) fn node(&self) -> &'a Value {
        self.nodes[self.nodes.len() - 1]
    }

    /// The path to it.
    pub(super) fn path(&self) -> String {
        self.names.iter().map(|name| written(name)).collect::<Vec<_>>().join(".")
    }

    /// The node so many steps up; its own if that is the root.
    pub(super) fn above(&self, steps: usize) -> &'a Value {
        self.nodes[self.nodes.len().saturating_sub(1 + steps)]
    }

    pub(super) fn to(&self, name: &str, node: &'a Value) -> Self {
        let mut next = self.clone();
        next.names.push(name.to_owned());
        next.nodes.push(node);
        next.chosen_by.clear();
        next
    }
}

/// Everything that a path leads to: more than one thing only where it says `*`.
///
/// A path that does not begin at the root is looked for everywhere, and must fit one place.
///
/// # Errors
///
/// If it leads nowhere, or to several: what is near, and what there is at the place where it ends.
pub(super) fn find<'a>(root: &'a Value, path: &Path) -> Result<Vec<Found<'a>>, String> {
    let lost = match walk(Found::root(root), path.steps()) {
        Ok(found) => return Ok(found),
        Err(lost) => lost,
    };
    let is_plain = path.steps().iter().all(|step| matches!(step, Step::To(_)));
    let elsewhere = if is_plain {
        ending_in(&Found::root(root), path)
    } else {
        Vec::new()
    };
    match elsewhere.as_slice() {
        [one] => Ok(vec![one.clone()]),
        [] => Err(lost.told(root)),
        several => {
            Err(format!("\"{path}\" may mean {}: state more of the path{}", listed(several), by_strategy(several)))
        }
    }
}

/// As [`find`], below the strategy of this name, or below each for `*`; the path may be that of the whole file too.
pub(super) fn find_below<'a>(root: &'a Value, strategy: &str, path: &Path) -> Result<Vec<Found<'a>>, String> {
    let way = Path::of(&[]).below_strategy(strategy);
    let strategies = walk(Found::root(root), way.steps()).map_err(|lost| lost.told(root))?;
    let below = |strategy: Found<'a>| {
        walk(strategy.clone(), path.steps()).or_else(|lost| {
            let inside = ending_in(&strategy, path);
            match inside.as_slice() {
                [one] => Ok(vec![one.clone()]),
                [] => Err(lost.told(root)),
                several => Err(format!("\"{path}\" may mean {}: state more of the path", listed(several))),
            }
        })
    };
    strategies.into_iter().map(below).collect::<Result<Vec<_>, _>>().map(|found| found.concat())
}

/// Where a path ended too soon.
#[derive(Debug)]
struct Lost<'a> {
    at: Found<'a>,
    wanted: String,
    /// Entries of which the path does not say which one.
    several: Vec<Found<'a>>,
}

fn walk<'a>(from: Found<'a>, steps: &[Step]) -> Result<Vec<Found<'a>>, Lost<'a>> {
    let mut reached = vec![from];
    for step in steps {
        let mut next = Vec::new();
        let last = reached.first().cloned();
        // Of several entries that fit, those that this step fits too.
        if is_one_of_several(&reached) {
            next = reached.iter().filter_map(|found| choose(found, step)).collect();
            if let (true, Some(at)) = (next.is_empty(), last) {
                return Err(Lost { at, wanted: String::new(), several: reached });
            }
            reached = next;
            continue;
        }
        for found in &reached {
            next.extend(take(found, step));
        }
        let wanted = match step {
            Step::To(name) => name.clone(),
            Step::Each => "*".to_owned(),
        };
        match (last, next.is_empty()) {
            (Some(at), true) => return Err(Lost { at, wanted, several: Vec::new() }),
            _ => reached = next,
        }
    }
    if is_one_of_several(&reached) {
        let at = reached[0].clone();
        return Err(Lost { at, wanted: String::new(), several: reached });
    }
    Ok(reached)
}

/// Whether entries were chosen by a text that others of the same list have too.
fn is_one_of_several(reached: &[Found<'_>]) -> bool {
    let mut pairs = reached.iter().zip(reached.iter().skip(1));
    pairs.any(|(one, next)| !one.chosen_by.is_empty() && std::ptr::eq(one.above(1), next.above(1)))
}

/// Narrows entries of a list down by one more of their texts.
fn choose<'a>(found: &Found<'a>, step: &Step) -> Option<Found<'a>> {
    let Step::To(wanted) = step else { return None };
    if found.chosen_by.is_empty() {
        return None;
    }
    let field = texts(found.node()).find(|(field, text)| text == wanted && !found.chosen_by.contains(field));
    field.map(|(field, _)| {
        let mut next = found.clone();
        next.chosen_by.push(field);
        let last = next.names.pop().unwrap_or_default();
        next.names.push(format!("{last} {wanted}"));
        next
    })
}

/// Where a step leads.
fn take<'a>(found: &Found<'a>, step: &Step) -> Vec<Found<'a>> {
    match (found.node(), step) {
        (Value::Object(table), Step::To(name)) => {
            table.get_key_value(name).map(|(name, node)| found.to(name, node)).into_iter().collect()
        }
        (Value::Object(table), Step::Each) => table.iter().map(|(name, node)| found.to(name, node)).collect(),
        (Value::Array(list), Step::Each) => {
            list.iter().enumerate().map(|(place, node)| found.to(&entry(place, node), node)).collect()
        }
        (Value::Array(list), Step::To(wanted)) => {
            let by_name: Vec<_> = list.iter().filter(|node| name(node) == Some(wanted)).collect();
            if let [one] = by_name.as_slice() {
                return vec![found.to(wanted, one)];
            }
            if let Some(node) = wanted.parse().ok().and_then(|place: usize| list.get(place)) {
                return vec![found.to(&entry(wanted.parse().unwrap_or(0), node), node)];
            }
            let fits = list.iter().filter_map(|node| {
                let (field, _) = texts(node).find(|(_, text)| text == wanted)?;
                let mut next = found.to(wanted, node);
                next.chosen_by.push(field);
                Some(next)
            });
            fits.collect()
        }
        _ => Vec::new(),
    }
}

/// The name of an entry of a list.
fn name(node: &Value) -> Option<&str> {
    node.get("name").and_then(Value::as_str)
}

/// What to call an entry of a list.
fn entry(place: usize, node: &Value) -> String {
    name(node).map_or_else(|| place.to_string(), str::to_owned)
}

/// Texts of an entry of a list, by which it may be chosen.
fn texts(node: &Value) -> impl Iterator<Item = (&str, &str)> {
    let fields = node.as_object().into_iter().flatten();
    fields.filter_map(|(field, value)| Some((field.as_str(), value.as_str()?)))
}

/// Everything below `from` whose path ends like this one.
fn ending_in<'a>(from: &Found<'a>, path: &Path) -> Vec<Found<'a>> {
    let wanted: Vec<&str> = path
        .steps()
        .iter()
        .map(|step| match step {
            Step::To(name) => name.as_str(),
            Step::Each => "*",
        })
        .collect();
    let start = from.names.len();
    let mut found = Vec::new();
    everything(from, &mut |each| {
        let names = &each.names[start..];
        if names.len() >= wanted.len() && names[names.len() - wanted.len()..].iter().eq(wanted.iter()) {
            found.push(each.clone());
        }
    });
    found
}

/// Visits everything below, each table before what it holds.
fn everything<'a>(from: &Found<'a>, visit: &mut dyn FnMut(&Found<'a>)) {
    for next in take(from, &Step::Each) {
        visit(&next);
        everything(&next, visit);
    }
}

/// Paths that are named in a complaint, at most; and names.
const LISTED: (usize, usize) = (6, 24);

fn listed(found: &[Found<'_>]) -> String {
    let shown: Vec<String> = found.iter().take(LISTED.0).map(Found::path).collect();
    let more = match found.len().saturating_sub(LISTED.0) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

/// How a strategy is named, if that is what leaves the doubt.
fn by_strategy(several: &[Found<'_>]) -> &'static str {
    if several.iter().all(|found| found.names.first().is_some_and(|name| name == "strategies")) {
        ", or the strategy, as in strategy = \"lazy\""
    } else {
        ""
    }
}

impl Lost<'_> {
    fn told(&self, root: &Value) -> String {
        let place = match self.at.names.len() {
            0 => "in this file".to_owned(),
            _ => format!("at {}", self.at.path()),
        };
        if !self.several.is_empty() {
            let fields: Vec<&str> = texts(self.at.node()).map(|(field, _)| field).collect();
            return format!(
                "{} entries fit {}: add what tells them apart, one of {}",
                self.several.len(),
                self.at.path(),
                fields.join(", ")
            );
        }
        let here: Vec<String> = match self.at.node() {
            Value::Object(table) => table.keys().cloned().collect(),
            Value::Array(list) => list.iter().enumerate().map(|(place, node)| entry(place, node)).collect(),
            Value::Null => return format!("{} is null: the file tells nothing there", self.at.path()),
            _ => return format!("{} is a value, and has no \"{}\"", self.at.path(), visible_line(&self.wanted)),
        };
        let alike = |name: &str| strsim::jaro_winkler(name, &self.wanted);
        let near = here.iter().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|name| alike(name) > 0.8);
        let near = near.map(|near| format!("did you mean {}? ", written(near))).unwrap_or_default();
        let elsewhere = ending_in(&Found::root(root), &Path::of(&[&self.wanted]));
        let elsewhere = match elsewhere.as_slice() {
            [] => String::new(),
            some => format!("; it stands at {}", listed(some)),
        };
        let shown: Vec<String> = here.iter().take(LISTED.1).map(|name| written(name)).collect();
        let more = match here.len().saturating_sub(LISTED.1) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let there = if shown.is_empty() {
            "it is empty".to_owned()
        } else {
            format!("there is {}{more}", shown.join(", "))
        };
        format!("there is no \"{}\" {place}: {near}{there}{elsewhere}", visible_line(&self.wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Value {
        serde_json::json!({
            "accounts": 100,
            "strategies": [
                { "name": "stay", "desk": { "wait_s": { "p90": 1.0 } }, "only": 1 },
                { "name": "lazy", "desk": { "wait_s": { "p90": 2.0 } } },
            ],
            "comparisons": [
                { "a": "lazy", "b": "stay", "metric": "churned", "mean_difference": 1.0 },
                { "a": "lazy", "b": "stay", "metric": "cost", "mean_difference": 2.0 },
            ],
        })
    }

    fn paths(text: &str, strategy: Option<&str>) -> Result<Vec<String>, String> {
        let (file, path) = (file(), Path::parse(text)?);
        let found = match strategy {
            Some(strategy) => find_below(&file, strategy, &path),
            None => find(&file, &path),
        };
        Ok(found?.iter().map(Found::path).collect())
    }

    #[test]
    fn paths_lead_to_what_they_say() {
        let one = |path: &str| Ok(vec![path.to_owned()]);
        assert_eq!(paths("accounts", None), one("accounts"));
        assert_eq!(paths("strategies.lazy.desk.wait_s.p90", None), one("strategies.lazy.desk.wait_s.p90"));
        assert_eq!(paths("strategies[1].desk.wait_s.p90", None), one("strategies.lazy.desk.wait_s.p90"));
        assert_eq!(paths("only", None), one("strategies.stay.only"));
        assert_eq!(paths("wait_s.p90", Some("lazy")), one("strategies.lazy.desk.wait_s.p90"));
        assert_eq!(paths("desk.wait_s.p90", Some("*")).map(|found| found.len()), Ok(2));
        assert_eq!(paths("strategies.*.desk.wait_s.p90", None).map(|found| found.len()), Ok(2));
        let difference = "comparisons.\"lazy stay cost\".mean_difference";
        assert_eq!(paths("comparisons.lazy.stay.cost.mean_difference", None), one(difference));
    }

    #[test]
    fn paths_that_lead_nowhere_are_told_what_is_near() {
        let wrong = |text: &str, strategy: Option<&str>| paths(text, strategy).expect_err(text);
        assert!(wrong("acounts", None).contains("did you mean accounts?"));
        assert!(wrong("desk.wait_s.p90", None).contains("or the strategy"));
        assert!(wrong("strategies.lasy.desk", None).contains("did you mean lazy? there is stay, lazy"));
        assert!(wrong("desk.wait_s.p95", Some("lazy")).contains("there is p90"));
        assert!(wrong("p90", Some("lasy")).contains("did you mean lazy?"));
        assert!(wrong("accounts.x", None).contains("is a value"));
        assert!(wrong("comparisons.lazy.mean_difference", None).contains("entries fit"));
        assert!(wrong("strategies.*.none", None).contains("there is no \"none\""));
    }
}
