//! `cutover` simulates a customer-identity migration before anybody forces a password reset on a million customers.
pub mod calendar;
pub mod cli;
pub mod desk;
pub mod engine;
pub mod error;
pub mod identity;
pub mod journey;
pub mod measure;
pub mod population;
pub mod random;
pub mod report;
pub mod scenario;
pub mod strategy;
pub mod threat;
