//! Reading the export: columns to rows, shared contact points to units, and an honest report of what was not there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use csv::StringRecord;
use jiff::civil::DateTime;
use xxhash_rust::xxh3::xxh3_64;

use super::{Bases, Data, ExportRow, Imported, normal};
use crate::error::{Error, Result};
use crate::input;
use crate::population::traits::Traits;
use crate::population::unit::{Unit, UnitKind};
use crate::process;
use crate::random::Seed;
use crate::scenario::population::Columns;
use crate::scenario::{Scenario, Segment};
use crate::terms::record::{Provider, Status};
use crate::text::of_csv;
use crate::text::one_of;
use crate::watch::Watch;

/// How the reading of an export went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The file.
    pub file: String,
    /// Rows read as accounts.
    pub accounts: u64,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// The first rows left out.
    pub examples: Vec<BadRow>,
    /// Fields that were unusable and taken as missing, by reason.
    pub unusable: BTreeMap<String, u64>,
    /// Units by kind.
    pub units: BTreeMap<String, u64>,
    /// What had to be imputed, and for how many accounts.
    pub imputed: BTreeMap<String, u64>,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Line of the file.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// Rows left out that are listed one by one.
const EXAMPLES: usize = 20;

/// Most bytes of an export where the system does not tell how much memory it has.
const MOST_BYTES: u64 = 16 << 30;
/// Rows between two looks at the watch.
const ROWS: u64 = 1 << 10;

/// Reads the export that a scenario names; `None` if it names none.
///
/// # Errors
///
/// If it cannot be read, or is not what the scenario says of it, or if `watch` stops it.
pub fn read(scenario: &Scenario, watch: &dyn Watch) -> Result<Option<Imported>> {
    let Some(directory) = &scenario.population.directory else {
        return Ok(None);
    };
    let path = scenario.folder.join(&directory.file);
    // The file and what is made of it are in memory at the same time.
    let most_bytes = process::available_bytes().map_or(MOST_BYTES, |bytes| bytes / 2);
    let bytes = input::read(&path, most_bytes).map_err(|what| {
        let where_from = "population.directory.file, named from the folder of the scenario";
        Error::Input(format!("{}: {what} ({where_from})", path.display()))
    })?;
    let digest = format!("{:016x}", xxh3_64(&bytes));
    if directory.digest.as_ref().is_some_and(|expected| *expected != digest) {
        return Err(Error::Input(format!(
            "{}: this directory export has changed since the run was made: put the old one back, or run the scenario again",
            path.display()
        )));
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes.as_slice());
    let head = reader
        .headers()
        .map_err(|error| Error::Input(format!("{}: {}", path.display(), of_csv(&error))))?
        .clone();
    let places = Places::find(&directory.columns, &head, &path)?;
    let exported = directory.exported.map_or(scenario.start.0, |start| start.0);
    let segments: Vec<&str> = scenario.segments().iter().map(|segment| segment.name.as_str()).collect();

    let mut report = Report { file: path.display().to_string(), ..Report::default() };
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    loop {
        if reader.position().record().is_multiple_of(ROWS) {
            watch.look()?;
        }
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Err(error) => report.leave_out(line, &reason_of(&error)),
            Ok(true) => {
                let line = record.position().map_or(line, csv::Position::line);
                match row(&record, head.len(), &places, &segments, exported, &mut report) {
                    Ok(row) => rows.push(ExportRow { line, ..row }),
                    Err(reason) => report.leave_out(line, &reason),
                }
            }
        }
    }
    if rows.is_empty() {
        let why = match report.examples.first() {
            Some(bad) => format!("line {}: {}", bad.line, bad.reason),
            None => "there are no rows below the line of titles".to_owned(),
        };
        return Err(Error::Input(format!("{}: not a single row could be read as an account; {why}", path.display())));
    }
    watch.look()?;
    let groups = group(&mut rows, directory.placeholder_above.get() as usize, &mut report);
    Ok(Some(assemble(scenario, &rows, groups, report, digest)))
}

/// Which place in a row holds what.
#[derive(Default)]
struct Places {
    email: Option<usize>,
    email_verified: Option<usize>,
    phone: Option<usize>,
    created: Option<usize>,
    last_sign_in: Option<usize>,
    provider: Option<usize>,
    hash: Option<usize>,
    mfa: Option<usize>,
    status: Option<usize>,
    segment: Option<usize>,
    surname: Option<usize>,
    first_name: Option<usize>,
}

impl Places {
    fn find(columns: &Columns, head: &StringRecord, path: &Path) -> Result<Self> {
        let (mut missing, mut doubled) = (Vec::new(), Vec::new());
        let mut find = |column: &Option<String>| {
            let name = column.as_ref()?;
            let titles = head.iter().map(|title| title.trim_start_matches('\u{feff}'));
            let mut places = titles.enumerate().filter(|(_, title)| title == name).map(|(place, _)| place);
            let place = places.next();
            if place.is_none() {
                missing.push(name.clone());
            }
            if places.next().is_some() {
                doubled.push(name.clone());
            }
            place
        };
        let places = Self {
            email: find(&columns.email),
            email_verified: find(&columns.email_verified),
            phone: find(&columns.phone),
            created: find(&columns.created),
            last_sign_in: find(&columns.last_sign_in),
            provider: find(&columns.provider),
            hash: find(&columns.hash),
            mfa: find(&columns.mfa),
            status: find(&columns.status),
            segment: find(&columns.segment),
            surname: find(&columns.surname),
            first_name: find(&columns.first_name),
        };
        if !doubled.is_empty() {
            return Err(Error::Input(format!(
                "{}: population.directory.columns names columns that are in the file twice: {}; expected each title once",
                path.display(),
                doubled.join(", ")
            )));
        }
        if missing.is_empty() {
            Ok(places)
        } else {
            Err(Error::Input(format!(
                "{}: population.directory.columns names columns that are not in the file: {}; {}",
                path.display(),
                missing.join(", "),
                one_of(head.iter().map(str::to_owned))
            )))
        }
    }
}

/// Reads one row, or says why it cannot be read.
fn row(
    record: &StringRecord,
    width: usize,
    places: &Places,
    segments: &[&str],
    exported: DateTime,
    report: &mut Report,
) -> Result<ExportRow, String> {
    if record.len() != width {
        return Err(format!("it has {} fields instead of {width}", record.len()));
    }
    let field = |place: Option<usize>| place.and_then(|place| record.get(place)).filter(|text| !text.is_empty());
    let hash = |text: String| xxh3_64(text.as_bytes());
    let mut usable = |what: &str, given: Option<&str>, normal: Option<String>| {
        if given.is_some() && normal.is_none() {
            *report.unusable.entry(format!("{what} not valid, taken as missing")).or_default() += 1;
        }
        normal
    };
    let email_text = field(places.email);
    let email = usable("e-mail address", email_text, email_text.and_then(normal::email));
    let phone_text = field(places.phone);
    let phone = usable("phone number", phone_text, phone_text.and_then(normal::phone));
    let names = normal::names(field(places.first_name).unwrap_or_default(), field(places.surname).unwrap_or_default());
    let has_names = places.first_name.is_some() && places.surname.is_some();
    let days_ago = |place: Option<usize>, what: &str| -> Result<Option<f32>, String> {
        let Some(text) = field(place) else { return Ok(None) };
        let date = date(text).ok_or_else(|| format!("its {what} is not a date"))?;
        let days = exported.duration_since(date).as_secs_f64() / 86_400.0;
        if days < -1.0 {
            Err(format!("its {what} lies after the export"))
        } else {
            Ok(Some(days.max(0.0) as f32))
        }
    };
    let choice =
        |place: Option<usize>, what: &str| field(place).map(str::to_lowercase).map(|text| (text, what.to_owned()));
    Ok(ExportRow {
        role_mailbox: email.as_deref().is_some_and(normal::is_role),
        email: email.map(hash),
        phone: phone.map(hash),
        phone_known: places.phone.is_some(),
        complete: has_names.then_some(names.is_some()),
        names: names.map(hash),
        email_verified: choice(places.email_verified, "verified flag").map(flag).transpose()?,
        age_days: days_ago(places.created, "creation date")?,
        last_seen_days: days_ago(places.last_sign_in, "last sign-in")?,
        provider: match places.provider {
            None => None,
            Some(_) => Some(choice(places.provider, "provider").map_or(Ok(Provider::None), provider)?),
        },
        hash: places.hash.map(|_| field(places.hash).map(is_portable)),
        mfa: choice(places.mfa, "second-factor flag").map(flag).transpose()?,
        status: choice(places.status, "status").map(status).transpose()?,
        segment: field(places.segment).map(|name| segment(name, segments)).transpose()?,
        ..ExportRow::default()
    })
}

fn segment(name: &str, segments: &[&str]) -> Result<u8, String> {
    segments
        .iter()
        .position(|segment| *segment == name)
        .map(|place| place as u8)
        .ok_or_else(|| "its segment is not one of the scenario's".to_owned())
}

fn flag((text, what): (String, String)) -> Result<bool, String> {
    match text.as_str() {
        "true" | "t" | "1" | "yes" | "y" => Ok(true),
        "false" | "f" | "0" | "no" | "n" => Ok(false),
        _ => Err(format!("its {what} is neither true nor false")),
    }
}

fn provider((text, _): (String, String)) -> Result<Provider, String> {
    Ok(match text.as_str() {
        "none" | "password" | "local" | "database" | "email" => Provider::None,
        text if text.contains("google") => Provider::Google,
        text if text.contains("apple") => Provider::Apple,
        text if text.contains("facebook") => Provider::Facebook,
        text if text.contains("microsoft") || text.contains("azure") || text.contains("windows") => Provider::Microsoft,
        _ => return Err("its provider is not known".to_owned()),
    })
}

fn status((text, _): (String, String)) -> Result<Status, String> {
    match text.as_str() {
        "active" | "enabled" | "confirmed" => Ok(Status::Active),
        "locked" | "locked_out" => Ok(Status::Locked),
        "disabled" | "blocked" | "suspended" | "deprovisioned" => Ok(Status::Disabled),
        _ => Err("its status is not known".to_owned()),
    }
}

/// Whether the platforms that import hashes take this kind (Auth0, Okta and Firebase document these).
fn is_portable(kind: &str) -> bool {
    let kind = kind.to_lowercase();
    let taken = [
        "bcrypt", "$2a", "$2b", "$2y", "argon2", "pbkdf2", "scrypt", "sha-1", "sha1", "sha-256", "sha256", "sha-512",
        "sha512", "md5",
    ];
    taken.iter().any(|known| kind.starts_with(known) || kind.trim_start_matches('$').starts_with(known))
}

/// A date: ISO 8601, or epoch seconds or milliseconds.
fn date(text: &str) -> Option<DateTime> {
    if let Ok(number) = text.parse::<i64>() {
        let stamp = match number.abs() {
            n if n < 100_000_000_000 => jiff::Timestamp::from_second(number),
            _ => jiff::Timestamp::from_millisecond(number),
        };
        return stamp.ok().map(|stamp| stamp.to_zoned(jiff::tz::TimeZone::UTC).datetime());
    }
    let stamp = text.parse::<jiff::Timestamp>().ok();
    stamp
        .map(|stamp| stamp.to_zoned(jiff::tz::TimeZone::UTC).datetime())
        .or_else(|| text.parse::<DateTime>().ok())
        .or_else(|| text.parse::<jiff::civil::Date>().ok().map(|date| date.at(0, 0, 0, 0)))
}

fn reason_of(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8 text".to_owned(),
        _ => "it is not CSV".to_owned(),
    }
}

impl Report {
    fn leave_out(&mut self, line: u64, reason: &str) {
        *self.left_out.entry(reason.to_owned()).or_default() += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(BadRow { line, reason: reason.to_owned() });
        }
    }

    /// Rows left out.
    pub fn rows_left_out(&self) -> u64 {
        self.left_out.values().sum()
    }

    /// The report in plain text.
    pub fn text(&self) -> String {
        let left_out = self.rows_left_out();
        let mut text =
            format!("{}: {}, {} left out\n", self.file, counted(self.accounts, "account"), counted(left_out, "row"));
        for bad in &self.examples {
            text += &format!("  line {}: {}\n", bad.line, bad.reason);
        }
        if left_out > self.examples.len() as u64 {
            for (reason, rows) in &self.left_out {
                text += &format!("  {} in all: {reason}\n", counted(*rows, "row"));
            }
        }
        for (what, fields) in &self.unusable {
            text += &format!("  {}: {what}\n", counted(*fields, "field"));
        }
        for (kind, units) in &self.units {
            text += &format!("  {}: {kind}\n", counted(*units, "unit"));
        }
        for (what, accounts) in &self.imputed {
            text += &format!("  imputed for {}: {what}\n", counted(*accounts, "account"));
        }
        text
    }
}

/// `1 row`, `2 rows`.
fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Units: rows with one mailbox, then single rows with one phone. A contact point on too many rows is not believed.
fn group(rows: &mut [ExportRow], most: usize, report: &mut Report) -> Vec<(UnitKind, Vec<u32>)> {
    let by = |rows: &[ExportRow], of: fn(&ExportRow) -> Option<u64>| {
        let mut groups: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for (place, row) in rows.iter().enumerate() {
            if let Some(contact) = of(row) {
                groups.entry(contact).or_default().push(place as u32);
            }
        }
        groups
    };
    let most = most.min(Unit::LARGEST);
    for (what, of, clear) in [
        (
            "e-mail address",
            (|row| row.email) as fn(&ExportRow) -> Option<u64>,
            (|row| row.email = None) as fn(&mut ExportRow),
        ),
        ("phone number", |row| row.phone, |row| row.phone = None),
    ] {
        for places in by(rows, of).values().filter(|places| places.len() > most) {
            let reason = format!("{what} on more than {most} accounts, taken for a placeholder");
            *report.unusable.entry(reason).or_default() += places.len() as u64;
            places.iter().for_each(|&place| clear(&mut rows[place as usize]));
        }
    }
    for places in by(rows, |row| row.phone).values().filter(|places| places.len() > 1) {
        places.iter().for_each(|&place| rows[place as usize].phone_shared = true);
    }

    let mut taken = vec![false; rows.len()];
    let mut groups = Vec::new();
    for places in by(rows, |row| row.email).into_values().filter(|places| places.len() > 1) {
        let kind = mailbox_kind(rows, &places);
        places.iter().for_each(|&place| taken[place as usize] = true);
        groups.push((kind, places));
    }
    for places in by(rows, |row| row.phone).into_values() {
        let free: Vec<u32> = places.into_iter().filter(|&place| !taken[place as usize]).collect();
        if free.len() > 1 {
            free.iter().enumerate().for_each(|(member, &place)| {
                taken[place as usize] = true;
                rows[place as usize].person = member as u8;
            });
            groups.push((UnitKind::SharedPhone, free));
        }
    }
    let alone = (0..rows.len() as u32).filter(|&place| !taken[place as usize]);
    groups.extend(alone.map(|place| (UnitKind::Single, vec![place])));
    groups.sort_by_key(|(_, places)| places[0]);
    groups
}

/// What accounts on one mailbox are, and who of them is one person: those with the same names.
fn mailbox_kind(rows: &mut [ExportRow], places: &[u32]) -> UnitKind {
    let mut persons: Vec<Option<u64>> = Vec::new();
    for &place in places {
        let names = rows[place as usize].names;
        let known = persons.iter().position(|person| names.is_some() && *person == names);
        let person = known.unwrap_or_else(|| {
            persons.push(names);
            persons.len() - 1
        });
        rows[place as usize].person = person as u8;
    }
    match (persons.len(), rows[places[0] as usize].role_mailbox) {
        (1, _) => UnitKind::Duplicate,
        (_, true) => UnitKind::BusinessMailbox,
        (_, false) => UnitKind::Household,
    }
}

fn assemble(
    scenario: &Scenario,
    rows: &[ExportRow],
    groups: Vec<(UnitKind, Vec<u32>)>,
    mut report: Report,
    digest: String,
) -> Imported {
    report.accounts = rows.len() as u64;
    for (kind, _) in &groups {
        *report.units.entry(kind.word().to_owned()).or_default() += 1;
    }
    type Missing = fn(&ExportRow) -> bool;
    let missing: [(&str, Missing); 11] = [
        ("creation date, from the age distribution", |row| row.age_days.is_none()),
        ("last sign-in, from the sign-in habit", |row| row.last_seen_days.is_none()),
        ("verified flag, from the shares", |row| row.email.is_some() && row.email_verified.is_none()),
        ("phone, from the shares", |row| !row.phone_known),
        ("social provider, from the shares", |row| row.provider.is_none()),
        ("kind of password hash, from the shares", |row| row.hash.is_none()),
        ("second factor, from the shares", |row| row.mfa.is_none()),
        ("status, from the shares", |row| row.status.is_none()),
        ("incomplete record, from the shares", |row| row.complete.is_none()),
        ("segment, from the shares", |row| row.segment.is_none()),
        ("truth behind mailbox, phone and password, from the shares", |_| true),
    ];
    for (what, is_missing) in missing {
        let accounts = rows.iter().filter(|row| is_missing(row)).count() as u64;
        if accounts > 0 && !(what.starts_with("segment") && scenario.segments().len() == 1) {
            report.imputed.insert(what.to_owned(), accounts);
        }
    }
    let traits = Traits::new(scenario, Seed::new(u64::from(scenario.seed), 0));
    let middle = traits.habits[0].age_years(0.5);
    let staleness: f64 = rows
        .iter()
        .map(|row| traits.staleness(row.age_days.map_or(middle, |days| f64::from(days) / 365.25)))
        .sum();
    let bases = |(segment, stated): (usize, &Segment)| {
        let members =
            groups.iter().flat_map(|(kind, places)| places.iter().map(|&place| (&rows[place as usize], *kind)));
        let may_be = |(row, _): &(&ExportRow, _)| row.segment.is_none_or(|of| usize::from(of) == segment);
        Bases::of(members.filter(may_be), &stated.shares)
    };
    let bases = scenario.segments().iter().enumerate().map(bases).collect();
    let mut first_accounts = vec![0];
    let mut ordered = Vec::with_capacity(rows.len());
    let mut kinds = Vec::with_capacity(groups.len());
    for (kind, places) in groups {
        ordered.extend(places.iter().map(|&place| rows[place as usize]));
        first_accounts.push(ordered.len() as u32);
        kinds.push(kind);
    }
    Imported {
        data: Arc::new(Data {
            bases,
            mean_staleness: staleness / rows.len() as f64,
            rows: ordered,
            first_accounts,
            kinds,
            segments: scenario.segments().to_vec(),
            providers: scenario.population.providers.clone(),
            report,
            digest,
        }),
        traits,
    }
}
