//! A measure of one's own: how many campaign mails does it take until an account is linked?
//!
//! `cargo run --example measure`

use cutover::prelude::*;

/// Accounts linked, by the number of campaign mails that they had been sent before.
#[derive(Default)]
struct MailsToLink {
    accounts: [u64; 8],
    /// Mails sent so far to each account of the unit that walks.
    sent: Vec<u32>,
}

impl Listener for MailsToLink {
    fn fact(&mut self, _: SimTime, member: usize, fact: Fact) {
        match fact {
            Fact::MailSent(number) => self.sent[member] = number,
            Fact::Linked => {
                let last = self.accounts.len() - 1;
                self.accounts[(self.sent[member] as usize).min(last)] += 1;
            }
            _ => {}
        }
    }

    fn operation(&mut self, _: SimTime, _: usize, _: Actor, _: Operation, _: Option<Refusal>) {}
}

impl Measure for MailsToLink {
    fn begin(&mut self, unit: &Unit) {
        self.sent.clear();
        self.sent.resize(unit.accounts.len(), 0);
    }

    fn merge(&mut self, other: Self) {
        self.accounts.iter_mut().zip(other.accounts).for_each(|(sum, accounts)| *sum += accounts);
    }
}

fn main() -> Result<(), Error> {
    let scenario = Scenario::builder("measure")
        .accounts(20_000)
        .replications(1)
        .desk(Desk::new().for_accounts(200_000))
        .strategy(Strategy::preset("reset-only")?)
        .strategy(Strategy::preset("lazy")?)
        .build()?;
    let run = Run::new(&scenario).measure(MailsToLink::default).execute()?;
    for arm in run.arms().filter(|arm| !arm.is_control()) {
        println!("{}: accounts linked after so many mails", arm.name());
        for (mails, accounts) in run.measure(arm.name())?.accounts.iter().enumerate().filter(|(_, n)| **n > 0) {
            println!("  {mails}: {accounts:>6}");
        }
    }
    Ok(())
}
