//! What a pilot showed: a table of dates, measures and numbers.

use std::collections::BTreeMap;
use std::path::Path;

use csv::StringRecord;
use jiff::civil::Date;

use super::shown::Shown;
use crate::error::{Error, Result};
use crate::input;
use crate::scenario::Scenario;
use crate::strategy::rollout::Rollout;
use crate::terms::Channel;
use crate::text::{of_csv, one_of};

/// Most bytes of a table.
const MOST_BYTES: u64 = 16 << 20;
/// Most numbers that are taken in: beyond, they tell the same thing once more.
pub const MOST_NUMBERS: usize = 400;
/// Most of a kind for each account: nobody's customers call more often.
const MOST_EACH: f64 = 1_000.0;
/// What there cannot be more of than of another thing.
const PARTS: [(Shown, Shown); 2] = [(Shown::Bounced, Shown::Sent), (Shown::CallsAbandoned, Shown::Calls)];
/// The columns of a table; the first three must be there.
const COLUMNS: [&str; 7] = ["date", "measure", "value", "strategy", "channel", "wave", "of"];

/// A number that a pilot showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Line of the table.
    pub line: u64,
    /// What it counts.
    pub shown: Shown,
    /// The wave whose accounts it is about; all accounts if it names none.
    pub wave: Option<u32>,
    /// The first day that it counts, from 0, the date of the start.
    pub from: usize,
    /// The day after the last one.
    pub to: usize,
    /// The number.
    pub value: f64,
    /// Accounts it is about.
    pub of: Option<f64>,
}

/// What belongs together in a table: a measure of all accounts, or of those of a wave.
type Series = (Shown, Option<u32>);

/// A pilot.
#[derive(Clone, Debug, PartialEq)]
pub struct Pilot {
    /// The strategy that it ran.
    pub strategy: String,
    /// What it showed, by measure, wave and date.
    pub observations: Vec<Observation>,
}

impl Pilot {
    /// Reads a table. `ran` names the strategy that the pilot ran, if the table does not.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not about this scenario: with file, line, column, value and what is allowed.
    pub fn read(path: &Path, scenario: &Scenario, ran: Option<&str>) -> Result<Self> {
        let name = crate::text::path(path);
        let bytes = input::read(path, MOST_BYTES).map_err(|what| Error::Input(format!("{name}: {what}")))?;
        Self::parse(&bytes, &name, scenario, ran)
    }

    /// The same from the bytes of a file of this name.
    ///
    /// # Errors
    ///
    /// As [`Pilot::read`].
    pub fn parse(bytes: &[u8], file: &str, scenario: &Scenario, ran: Option<&str>) -> Result<Self> {
        let refused = |message: String| Error::Input(format!("{file}: {message}"));
        if let Some(line) = unclosed(bytes) {
            return Err(refused(format!(
                "line {line}: a field begins with a quote that is not closed: expected \" at its end, or no quotes"
            )));
        }
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(bytes);
        let head = reader.headers().map_err(|error| refused(of_csv(&error)))?.clone();
        let columns = Columns::find(&head).map_err(refused)?;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| refused(of_csv(&error)))?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.iter().all(str::is_empty) {
                continue;
            }
            let row = Row { record: &record, columns: &columns, scenario };
            rows.push((line, row.read().map_err(|message| refused(format!("line {line}, {message}")))?));
        }
        if rows.is_empty() {
            return Err(refused("there are no rows below the line of titles".to_owned()));
        }
        let strategy = strategy(&rows, scenario, ran).map_err(refused)?;
        must_have_waves(&rows, scenario, &strategy).map_err(refused)?;
        let observations = periods(rows).map_err(refused)?;
        must_be_possible(&observations, scenario).map_err(refused)?;
        if observations.len() > MOST_NUMBERS {
            return Err(refused(format!(
                "{} numbers: expected at most {MOST_NUMBERS}; sum them up by week, or leave out what says the same",
                observations.len()
            )));
        }
        Ok(Self { strategy, observations })
    }

    /// The day after the last one that it tells of.
    pub fn ends(&self) -> usize {
        self.observations.iter().map(|observation| observation.to).max().unwrap_or(0)
    }
}

/// Which column stands where.
struct Columns(BTreeMap<&'static str, usize>);

impl Columns {
    fn find(head: &StringRecord) -> Result<Self, String> {
        let only = head.get(0).filter(|_| head.len() == 1).unwrap_or("");
        if let Some((_, sign)) = [(';', "semicolons"), ('\t', "tabs")].into_iter().find(|(c, _)| only.contains(*c)) {
            return Err(format!("line 1: its titles stand between {sign}: expected commas, as in date,measure,value"));
        }
        let mut places = BTreeMap::new();
        for (place, title) in head.iter().enumerate() {
            let title = title.trim_start_matches('\u{feff}');
            let Some(name) = COLUMNS.into_iter().find(|name| *name == title) else {
                return Err(format!(
                    "line 1, column {}: there is no column \"{title}\": {}",
                    place + 1,
                    nearest(title, COLUMNS.into_iter())
                ));
            };
            if places.insert(name, place).is_some() {
                return Err(format!("line 1: the column \"{name}\" is there twice: expected one"));
            }
        }
        match COLUMNS[..3].iter().find(|name| !places.contains_key(*name)) {
            Some(missing) => Err(format!(
                "line 1: there is no column \"{missing}\": expected a line of titles with date, measure and value"
            )),
            None => Ok(Self(places)),
        }
    }
}

/// One row of the table.
struct Row<'a> {
    record: &'a StringRecord,
    columns: &'a Columns,
    scenario: &'a Scenario,
}

/// What a row says.
#[derive(Clone, Debug)]
struct Said {
    day: usize,
    shown: Shown,
    value: f64,
    strategy: Option<String>,
    wave: Option<u32>,
    of: Option<f64>,
    date: String,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        self.columns.0.get(column).and_then(|place| self.record.get(*place)).unwrap_or("")
    }

    fn read(&self) -> Result<Said, String> {
        let (shown, wave) = (self.shown()?, self.wave()?);
        if wave.is_some() && shown.at_desk().is_some() {
            let instead = if self.cell("channel").is_empty() {
                "take `contacts`, which are about sign-in"
            } else {
                "the channel: `contacts` without one are about sign-in"
            };
            return Err(format!(
                "column wave: the desk does not tell of which wave its {} are: leave the wave out, or {instead}",
                shown.word()
            ));
        }
        let strategy = self.cell("strategy");
        Ok(Said {
            day: self.day()?,
            shown,
            value: self.number("value", 0.0)?.ok_or("column value: it is empty: expected a number, 0 or more")?,
            strategy: (!strategy.is_empty()).then(|| strategy.to_owned()),
            wave,
            of: self.number("of", 1.0)?,
            date: self.cell("date").to_owned(),
        })
    }

    /// The day, from 0: a date of the calendar, or the number of a day, of which the first is 1.
    fn day(&self) -> Result<usize, String> {
        let text = self.cell("date");
        let (first, last) = self.scenario.dates();
        let days = days_of(self.scenario);
        let refused = |what: &str| {
            format!("column date: {text} {what}: expected a date from {first} to {last}, or a day from 1 to {days}")
        };
        if let Ok(number) = text.parse::<i64>() {
            return match usize::try_from(number) {
                Ok(day) if (1..=days).contains(&day) => Ok(day - 1),
                _ if number < 1 => Err(refused("lies before the start")),
                _ => Err(refused("lies beyond the horizon")),
            };
        }
        let date: Date = text.parse().map_err(|_| refused("is no date"))?;
        match (date - first).get_days() {
            day if day < 0 => Err(refused("lies before the start")),
            day if day as usize >= days => Err(refused("lies beyond the horizon")),
            day => Ok(day as usize),
        }
    }

    fn shown(&self) -> Result<Shown, String> {
        let (name, channel) = (self.cell("measure"), self.cell("channel"));
        let known = || Shown::ALL.into_iter().map(Shown::key);
        let shown = Shown::named(name)
            .ok_or_else(|| format!("column measure: there is no measure \"{name}\": {}", nearest(name, known())))?;
        if channel.is_empty() {
            return Ok(shown);
        }
        if shown != Shown::Contacts {
            return Err(format!(
                "column channel: {channel}: only `contacts` have a channel, and this row is of `{name}`"
            ));
        }
        let on = |channel: &Channel| Shown::on(*channel);
        let named = Channel::ALL.into_iter().filter(|channel| on(channel).is_some());
        named.clone().find(|of| of.key() == channel).and_then(|of| on(&of)).ok_or_else(|| {
            format!("column channel: there is no \"{channel}\": {}", nearest(channel, named.map(Channel::key)))
        })
    }

    fn wave(&self) -> Result<Option<u32>, String> {
        let text = self.cell("wave");
        if text.is_empty() {
            return Ok(None);
        }
        text.parse()
            .map(Some)
            .map_err(|_| format!("column wave: {text}: expected the number of a wave, 0 for the canary"))
    }

    fn number(&self, column: &str, least: f64) -> Result<Option<f64>, String> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        let expected =
            || format!("column {column}: {text}: expected a whole number, {least} or more, as in 1200 or 1_200");
        match text.replace('_', "").parse::<f64>() {
            Ok(value) if value.is_finite() && value >= least && value.fract() == 0.0 && value <= 1e12 => {
                Ok(Some(value))
            }
            _ => Err(expected()),
        }
    }
}

/// The nearest of some names, or all of them.
fn nearest(name: &str, known: impl Iterator<Item = &'static str> + Clone) -> String {
    let near = known.clone().map(|of| (strsim::jaro_winkler(of, name), of)).max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((alike, near)) if alike > 0.8 => format!("did you mean {near}?"),
        _ => one_of(known.map(str::to_owned)),
    }
}

/// Days of a scenario by date: a start in the middle of a day makes one more.
pub fn days_of(scenario: &Scenario) -> usize {
    let (first, last) = scenario.dates();
    usize::try_from((last - first).get_days()).unwrap_or(0) + 1
}

/// The strategy that the pilot ran.
fn strategy(rows: &[(u64, Said)], scenario: &Scenario, ran: Option<&str>) -> Result<String, String> {
    let known: Vec<String> = scenario.strategies.iter().map(|strategy| strategy.name.clone()).collect();
    let must_be_known = |name: &str, place: &str| {
        if known.iter().any(|known| known == name) {
            Ok(name.to_owned())
        } else {
            Err(format!("{place}: there is no strategy \"{name}\" in this scenario: {}", one_of(known.clone())))
        }
    };
    let mut named: Option<(u64, String)> = None;
    for (line, said) in rows {
        let Some(strategy) = &said.strategy else { continue };
        must_be_known(strategy, &format!("line {line}, column strategy"))?;
        match &named {
            Some((first, other)) if other != strategy => {
                return Err(format!(
                    "line {line}, column strategy: {strategy}, and line {first} has {other}: a pilot runs one strategy"
                ));
            }
            _ => named = Some((*line, strategy.clone())),
        }
    }
    match (ran, named, known.as_slice()) {
        (Some(ran), Some((line, named)), _) if ran != named => {
            Err(format!("line {line}, column strategy: {named}, and --ran says {ran}: a pilot runs one strategy"))
        }
        (Some(ran), ..) => must_be_known(ran, "--ran"),
        (None, Some((_, named)), _) => Ok(named),
        (None, None, [only]) => Ok(only.clone()),
        (None, None, []) => Err("the scenario has no strategy: nothing was tried".to_owned()),
        (None, None, several) => Err(format!(
            "the scenario has several strategies: say which one the pilot ran, by --ran or in a column strategy: {}",
            one_of(several.to_vec())
        )),
    }
}

/// Waves that rows name must be waves of the strategy, and begin on days that are known beforehand.
fn must_have_waves(rows: &[(u64, Said)], scenario: &Scenario, strategy: &str) -> Result<(), String> {
    let Some((line, wave)) = rows.iter().find_map(|(line, said)| Some((line, said.wave?))) else {
        return Ok(());
    };
    let rollout = scenario.strategies.iter().find(|known| known.name == strategy).map(|known| &known.rollout);
    let refused = |what: &str| Err(format!("line {line}, column wave: {wave}: {strategy} {what}: leave the wave out"));
    let Some(waves) = rollout.and_then(Rollout::waves) else {
        return refused("does not go in waves");
    };
    if rollout.and_then(Rollout::reacts).is_some() {
        return refused("holds its waves back when its gates say so, so no day is theirs");
    }
    let (least, most) = (u32::from(waves.canary_share.get() == 0.0), waves.count.get() as u32);
    let wrong = rows
        .iter()
        .find_map(|(line, said)| Some((line, said.wave.filter(|wave| !(least..=most).contains(wave))?)));
    match wrong {
        Some((line, wave)) => Err(format!("line {line}, column wave: {wave}: expected a wave from {least} to {most}")),
        None => Ok(()),
    }
}

/// What each number counts: from the day after the date before it, of the same measure and wave, to its own date.
fn periods(rows: Vec<(u64, Said)>) -> Result<Vec<Observation>, String> {
    let mut series: BTreeMap<Series, Vec<(u64, Said)>> = BTreeMap::new();
    for (line, said) in rows {
        series.entry((said.shown, said.wave)).or_default().push((line, said));
    }
    let mut observations = Vec::new();
    for ((shown, wave), mut rows) in series {
        rows.sort_by_key(|(line, said)| (said.day, *line));
        let mut from = 0;
        for (line, said) in rows {
            if said.day < from {
                return Err(format!(
                    "line {line}, column date: {}: there is another row of {} with this date: expected one",
                    said.date,
                    shown.key()
                ));
            }
            observations.push(Observation {
                line,
                shown,
                wave,
                from,
                to: said.day + 1,
                value: said.value,
                of: said.of,
            });
            from = said.day + 1;
        }
    }
    Ok(observations)
}

/// The line on which a field begins with a quote that is never closed: such a field would take in all that follows.
fn unclosed(bytes: &[u8]) -> Option<u64> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Row,
        Field,
        Plain,
        Comment,
        Quoted,
        Closed,
    }
    let (mut at, mut line, mut opened) = (At::Row, 1, 1);
    for byte in bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes) {
        at = match (at, *byte) {
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (_, b'\n' | b'\r') => At::Row,
            (At::Comment, _) | (At::Row, b'#') => At::Comment,
            (At::Closed, b'"') => At::Quoted,
            (At::Row | At::Field, b'"') => {
                opened = line;
                At::Quoted
            }
            (_, b',') => At::Field,
            _ => At::Plain,
        };
        line += u64::from(*byte == b'\n');
    }
    (at == At::Quoted).then_some(opened)
}

/// What cannot be: more accounts than there are, more of something than any account has, a part that is more than the whole.
fn must_be_possible(observations: &[Observation], scenario: &Scenario) -> Result<(), String> {
    let all = scenario.population.accounts.get() as f64;
    let grouped = crate::numbers::grouped;
    let mut sums: BTreeMap<Series, f64> = BTreeMap::new();
    for seen in observations {
        let of = seen.of.unwrap_or(all);
        let sum = sums.entry((seen.shown, seen.wave)).or_default();
        *sum += seen.value;
        let is_of_accounts = seen.shown.is_once() || matches!(seen.shown, Shown::Duplicates | Shown::Left);
        let most = if is_of_accounts { of } else { of * MOST_EACH };
        if *sum > most {
            let whose = if seen.of.is_some() {
                "column of"
            } else {
                "population.accounts"
            };
            let expected = if is_of_accounts {
                "each account once, the values since the date before".to_owned()
            } else {
                format!("at most {} for each of them", grouped(MOST_EACH))
            };
            return Err(format!(
                "line {}, column value: {}: that makes {} {} so far, and there are {} accounts ({whose}): expected {expected}",
                seen.line,
                grouped(seen.value),
                grouped(*sum),
                seen.shown.word(),
                grouped(of),
            ));
        }
    }
    for (part, whole) in PARTS {
        must_be_part(observations, part, whole)?;
    }
    if observations.iter().all(|seen| seen.value == 0.0) {
        return Err("column value: every value is 0: expected what the pilot showed".to_owned());
    }
    Ok(())
}

/// What is a part is not more than the whole, on its own dates and up to them, as far as the table tells of the whole.
fn must_be_part(observations: &[Observation], part: Shown, whole: Shown) -> Result<(), String> {
    let grouped = crate::numbers::grouped;
    for seen in observations.iter().filter(|seen| seen.shown == part) {
        let alike = |other: &&Observation| other.wave == seen.wave && other.of == seen.of;
        let wholes = || observations.iter().filter(|other| other.shown == whole).filter(alike);
        if wholes().all(|other| other.to < seen.to) {
            continue;
        }
        let sofar = observations.iter().filter(|other| other.shown == part && other.to <= seen.to).filter(alike);
        let sums = [
            (seen.from, seen.value),
            (0, sofar.map(|other| other.value).sum::<f64>()),
        ];
        for (from, sum) in sums {
            let within = wholes().filter(|other| other.to > from && other.from < seen.to);
            let most: f64 = within.map(|other| other.value).sum();
            if sum > most {
                return Err(format!(
                    "line {}, column value: {}: that makes {} {} where the table has {} {}: expected no more than those",
                    seen.line,
                    grouped(seen.value),
                    grouped(sum),
                    part.word(),
                    grouped(most),
                    whole.word(),
                ));
            }
        }
    }
    Ok(())
}
