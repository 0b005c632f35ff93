//! Kinds of requests: what latencies are told by.

use serde::{Deserialize, Serialize};

use crate::listed::listed;
use crate::terms::operation::Operation;

listed! {
    /// A kind of request, named after the operation that leads it: a redeem goes on to link, revoke and retire.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum RequestKind {
        /// A password, social subject or session is checked; with lazy migration the account is linked on the way.
        SignIn,
        /// A link or code is issued.
        IssueToken,
        /// A link or code is used, and the account linked.
        Redeem,
        /// A second channel is tried, and the account linked.
        StepUp,
        /// An account is linked on other grounds.
        Link,
        /// An account is attached to an identity that is there.
        Merge,
        /// Somebody signs up.
        Register,
        /// Sessions end.
        RevokeSessions,
        /// A legacy password is suspended.
        SuspendCredential,
        /// A legacy password is retired.
        RetireCredential,
        /// An account is archived.
        Archive,
        /// A case is opened.
        OpenTicket,
        /// A case is closed, and what an agent does about it.
        CloseTicket,
        /// The migration of an account is undone.
        RollBack,
        /// The owner chooses a new legacy password.
        RestoreCredential,
    }
}

impl RequestKind {
    /// The kind of a request that begins with this operation.
    pub fn of(operation: Operation) -> Self {
        match operation {
            Operation::SignIn(_) => Self::SignIn,
            Operation::IssueToken { .. } => Self::IssueToken,
            Operation::Redeem { .. } => Self::Redeem,
            Operation::StepUp { .. } => Self::StepUp,
            Operation::Link { .. } => Self::Link,
            Operation::Merge { .. } => Self::Merge,
            Operation::Register { .. } => Self::Register,
            Operation::RevokeSessions => Self::RevokeSessions,
            Operation::SuspendCredential => Self::SuspendCredential,
            Operation::RetireCredential => Self::RetireCredential,
            Operation::Archive => Self::Archive,
            Operation::OpenTicket { .. } => Self::OpenTicket,
            Operation::CloseTicket { .. } => Self::CloseTicket,
            Operation::RollBack => Self::RollBack,
            Operation::RestoreCredential => Self::RestoreCredential,
        }
    }

    /// Name in result files and limits.
    pub fn key(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::IssueToken => "issue_token",
            Self::Redeem => "redeem",
            Self::StepUp => "step_up",
            Self::Link => "link",
            Self::Merge => "merge",
            Self::Register => "register",
            Self::RevokeSessions => "revoke_sessions",
            Self::SuspendCredential => "suspend_credential",
            Self::RetireCredential => "retire_credential",
            Self::Archive => "archive",
            Self::OpenTicket => "open_ticket",
            Self::CloseTicket => "close_ticket",
            Self::RollBack => "roll_back",
            Self::RestoreCredential => "restore_credential",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == name)
    }
}
