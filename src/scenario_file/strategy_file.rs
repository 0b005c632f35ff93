//! A strategy written as a file of its own, as those in `scenarios/strategies/` are.

use crate::error::{Error, Result};
use crate::strategy::Strategy;

/// The text of a strategy file: lines of comment, then every key. A scenario reads the same strategy back from it.
///
/// # Errors
///
/// If it cannot be written as TOML.
pub fn text(strategy: &Strategy, comment: &[String]) -> Result<String> {
    let told = comment
        .iter()
        .flat_map(|line| line.lines())
        .map(|line| format!("# {line}").trim_end().to_owned() + "\n");
    let keys = toml::to_string(strategy)
        .map_err(|error| Error::Store(format!("the strategy {} cannot be written: {error}", strategy.name)))?;
    Ok(told.collect::<String>() + "\n" + &keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario_file::Loaded;

    #[test]
    fn every_built_in_strategy_is_read_back_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in Strategy::presets() {
            let strategy = Strategy::preset(name).expect("a preset").named(format!("{name}-again"));
            let file = folder.path().join("again.toml");
            std::fs::write(&file, text(&strategy, &["made by a test".to_owned()]).expect("a text")).expect("written");
            let scenario = folder.path().join("scenario.toml").display().to_string();
            let head = "horizon_days = 150\n[population]\naccounts = 100\n";
            for list in ["[\"again.toml\"]", "[{ preset = \"again.toml\" }]"] {
                let loaded = Loaded::parse(&scenario, &format!("strategies = {list}\n{head}"), &[], &[]);
                assert_eq!(loaded.expect(name).scenario.strategies, std::slice::from_ref(&strategy));
            }
            let chosen = [file.display().to_string()];
            let loaded = Loaded::parse(&scenario, &format!("strategies = [\"lazy\"]\n{head}"), &chosen, &[]);
            assert_eq!(loaded.expect(name).scenario.strategies, [strategy]);
        }
    }

    #[test]
    fn a_strategy_file_is_changed_like_a_built_in_one_and_its_mistakes_are_shown_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        write("mine.toml", "preset = \"lazy\"\ncontrols = { set = \"strict\", link_lifetime_h = 48 }\n");
        write("wrong.toml", "preset = \"lazy\"\ncontrols = { link_lifetime_h = -1 }\n");
        let scenario = folder.path().join("scenario.toml").display().to_string();
        let read = |list: &str, sets: &[&str]| {
            let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
            Loaded::parse(&scenario, &format!("horizon_days = 150\nstrategies = {list}\n"), &[], &sets)
        };
        let loaded = read(
            r#"["mine.toml", { preset = "mine.toml", name = "other", cut_off = { day = 70 } }]"#,
            &["strategies.mine.controls.code_lifetime_min=5"],
        );
        let strategies = loaded.expect("a scenario").scenario.strategies;
        assert_eq!((strategies[0].name.as_str(), strategies[1].name.as_str()), ("mine", "other"));
        assert_eq!(strategies[0].controls.link_lifetime_h.get(), 48.0);
        assert_eq!(strategies[0].controls.code_lifetime_min.get(), 5.0);
        assert_eq!(strategies[1].cut_off.map(|cut_off| cut_off.day.get()), Some(70.0));
        let said = read(r#"["wrong.toml"]"#, &[]).expect_err("refused").to_string();
        assert!(said.contains("wrong.toml") && said.contains("link_lifetime_h"), "{said}");
        let said = read(r#"["none.toml"]"#, &[]).expect_err("refused").to_string();
        assert!(said.contains("none.toml") && said.contains("no such file"), "{said}");
    }
}
