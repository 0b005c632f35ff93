//! A real directory export: shared contacts found, what is missing imputed and said so, bad rows counted.

#[cfg(feature = "cli")]
mod told;

use std::path::Path;

use cutover::population::UnitKind;
use cutover::population::unit::Unit;
use cutover::random::Seed;
use cutover::scenario::Scenario;
use cutover::terms::record::ContactPoint;

fn write(dir: &Path, csv: &str, toml: &str) -> std::path::PathBuf {
    std::fs::write(dir.join("export.csv"), csv).expect("write");
    let path = dir.join("import.toml");
    std::fs::write(&path, toml).expect("write");
    path
}

fn units(dir: &Path, csv: &str, columns: &str) -> (Vec<(UnitKind, usize)>, cutover::population::directory::Imported) {
    let toml = format!("[population.directory]\nfile = \"export.csv\"\ncolumns = {{ {columns} }}\n");
    let path = write(dir, csv, &toml);
    let loaded = Scenario::load(&path, &[], &[]).unwrap_or_else(|error| panic!("{error}"));
    let imported = cutover::population::directory::read(&loaded.scenario, &cutover::watch::Unwatched)
        .expect("readable")
        .expect("an import");
    let imported = imported.with_seed(Seed::new(1, 0));
    let mut unit = Unit::default();
    let units = (0..imported.units())
        .map(|number| {
            imported.unit(number, &mut unit);
            (unit.kind, unit.accounts.len())
        })
        .collect();
    (units, imported)
}

#[test]
fn shared_contacts_are_found_by_their_normal_form() {
    let dir = tempfile::tempdir().expect("a folder");
    let csv = "mail,tel,first,last\n\
               Ann.Lee@gmail.com,0301 123456,Ann,Lee\n\
               bob@firm.example,,Bob,Roe\n\
               annlee+shop@GMAIL.com,,ann,LEE\n\
               info@firm.example,,Cy,Poe\n\
               INFO@firm.example,,Di,Moe\n\
               eve@x.example,+49 30 999888,Eve,Doe\n\
               fay@x.example,0049-30-999888,Fay,Doe\n\
               lee@home.example,,Lee,Fox\n\
               lee@home.example,,Kim,Fox\n";
    let columns = "email = \"mail\", phone = \"tel\", first_name = \"first\", surname = \"last\"";
    let (units, imported) = units(dir.path(), csv, columns);
    assert_eq!(
        units,
        [
            (UnitKind::Duplicate, 2),
            (UnitKind::Single, 1),
            (UnitKind::BusinessMailbox, 2),
            (UnitKind::SharedPhone, 2),
            (UnitKind::Household, 2),
        ]
    );
    assert_eq!(imported.line(1), 4, "the second account of the first unit was on line 4");
}

#[test]
fn bad_rows_are_counted_with_line_and_reason() {
    let dir = tempfile::tempdir().expect("a folder");
    let csv = "mail,created,seen,verified,provider,status\n\
               a@x.example,2020-01-01,2026-01-01,true,google,active\n\
               b@x.example,yesterday,,true,,active\n\
               c@x.example,2020-01-01\n\
               d@x.example,2030-01-01,,true,,active\n\
               e@x.example,1577836800,1577836800000,perhaps,,active\n\
               f@x.example,2020-01-01,2020-02-02T10:00:00Z,no,myspace,active\n\
               g@x.example,2020-01-01,,1,,zombie\n\
               not-an-address,2020-01-01,,0,,locked\n";
    let columns = "email = \"mail\", created = \"created\", last_sign_in = \"seen\", email_verified = \"verified\", \
                   provider = \"provider\", status = \"status\"";
    let (units, imported) = units(dir.path(), csv, columns);
    assert_eq!(units.len(), 2);
    let report = imported.report();
    let reasons: Vec<(u64, &str)> = report.examples.iter().map(|bad| (bad.line, bad.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            (3, "its creation date is not a date"),
            (4, "it has 2 fields instead of 6"),
            (5, "its creation date lies after the export"),
            (6, "its verified flag is neither true nor false"),
            (7, "its provider is not known"),
            (8, "its status is not known"),
        ]
    );
    assert_eq!(report.unusable["e-mail address not valid, taken as missing"], 1);
    assert_eq!(report.imputed["kind of password hash, from the shares"], 2);
    assert!(!report.imputed.contains_key("creation date, from the age distribution"));
}

#[test]
fn a_contact_on_too_many_accounts_is_a_placeholder() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut csv = "mail\n".to_owned();
    (0..40).for_each(|_| csv += "none@none.example\n");
    let (units, imported) = units(dir.path(), &csv, "email = \"mail\"");
    assert_eq!(units.len(), 40);
    assert!(units.iter().all(|unit| *unit == (UnitKind::Single, 1)));
    assert_eq!(imported.report().unusable.values().sum::<u64>(), 40);
}

/// What only some accounts can have is as common among all of them as the scenario says.
#[test]
fn imputed_shares_are_of_all_accounts() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut csv = "mail,tel,hash,idp\n".to_owned();
    for row in 0..20_000 {
        // Half have a mailbox of their own, a quarter share one; two in five have no password.
        let mail = match row % 4 {
            0 | 1 => format!("a{row}@x.example"),
            2 => format!("b{}@x.example", row / 8),
            _ => String::new(),
        };
        let (hash, idp) = if row % 5 < 2 { ("", "google") } else { ("bcrypt", "") };
        csv += &format!("{mail},,{hash},{idp}\n");
    }
    let (_, imported) = units(dir.path(), &csv, "email = \"mail\", hash = \"hash\", provider = \"idp\"");
    let mut unit = Unit::default();
    let mut counts = [0.0; 6];
    for number in 0..imported.units() {
        imported.unit(number, &mut unit);
        for account in &unit.accounts {
            let (record, truth) = (&account.record, &account.truth);
            let has = [
                truth.mailbox == ContactPoint::Dead,
                truth.phone == ContactPoint::Dead,
                truth.leaked,
                record.in_target,
                record.email && !record.email_verified,
                truth.phone == ContactPoint::None,
            ];
            counts.iter_mut().zip(has).for_each(|(count, has)| *count += f64::from(u8::from(has)) / 20_000.0);
        }
    }
    for (count, share) in counts.into_iter().zip([0.08, 0.05, 0.015, 0.02, 0.15, 0.45]) {
        let error = (share * (1.0 - share) / 20_000.0_f64).sqrt();
        assert!((count - share).abs() < 5.0 * error + 0.03 * share, "{count} for {share}");
    }
}
