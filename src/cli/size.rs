//! `cutover size`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ScenarioArguments;
use super::forecast;
use super::progress::Progress;
use super::run::import;
use crate::engine::forecast::Forecast;
use crate::error::Result;
use crate::folder::{self, Files, Kind};
use crate::size::plan::{Planned, StaffingPlan};
use crate::size::{curve, files as size_files, output, study};
use crate::watch::Watch;

#[derive(Debug, Args)]
pub(super) struct SizeArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Folder of the plan
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of the plan [default: reports/<scenario name>/size/]"
    )]
    out: Option<PathBuf>,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Leave out the price curve, which takes about as long as the rest
    #[arg(long)]
    no_curve: bool,
    /// Write the sampled contacts of the first N samples of the last trial to arrivals.csv, for other simulators
    #[arg(long, value_name = "N", default_value_t = 0)]
    arrivals: u32,
    /// Print size.json instead of the summary
    #[arg(long)]
    json: bool,
}

impl SizeArguments {
    pub(super) fn run(self) -> Result<()> {
        let mut loaded = self.scenario.load()?;
        let imported = import(&mut loaded.scenario)?;
        let loaded = loaded;
        let scenario = &loaded.scenario;
        let (pool, threads) = super::runtime::pool(self.threads)?;
        forecast::tell(&Forecast::size(scenario, threads))?;
        let out = self.out.clone().unwrap_or_else(|| Path::new("reports").join(&scenario.name).join("size"));
        let asked = format!("{} {}", !self.no_curve, self.arrivals);
        let run = folder::run_id(Kind::Plan, &[&scenario.hash(), &asked]);
        let mut files = Files::new(&out, Kind::Plan, &run)?;
        files.begin(false)?;
        let progress = Progress::new();
        pool.install(|| {
            let (target, needs) = study::study(scenario, imported.as_ref(), &progress)?;
            let planned: Vec<Planned> = needs
                .into_iter()
                .map(|needs| {
                    // Shifts are planned by a solver that does not look.
                    progress.look()?;
                    let curve = if self.no_curve {
                        Vec::new()
                    } else {
                        curve::curve(scenario, &target, &needs, &progress)?
                    };
                    Ok(Planned::new(scenario, needs, curve))
                })
                .collect::<Result<_>>()?;
            progress.look()?;
            let mut plan = StaffingPlan::new(scenario, &target, &planned);
            plan.run.clone_from(&run);
            let json = output::json(&plan)?;
            files.add("size.json", &json)?;
            size_files::add_files(&mut files, &loaded, &planned, &plan, self.arrivals)?;
            files.commit()?;
            if self.json {
                super::print(&String::from_utf8_lossy(&json))
            } else {
                super::print(&output::words::tell(&plan, &out))
            }
        })
    }
}
