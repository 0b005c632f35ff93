//! Teams: those that a study asks agents for.

use crate::terms::Skill;

/// The teams that are sized.
pub const SIZED: [Skill; 3] = [Skill::Tier1, Skill::Tier2, Skill::Review];
