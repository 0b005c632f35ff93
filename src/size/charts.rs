//! Charts of a shift plan, in the manner of the report's.

pub mod gantt;
