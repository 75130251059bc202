//! Call-backs on a real database: what is heard, what is commanded, what is refused.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_bus::{Bus, Fault, Handle, Settle};
use hotline_callback::ops::Callbacks;
use hotline_callback::provider::{HttpProvider, Provider, ProviderSettings};
use hotline_callback::{Desk, MIGRATOR, REFUSALS, SERVICE};
use hotline_policy::Library;
use hotline_proto::callback::v1::callback_service_server::CallbackService;
use hotline_proto::callback::v1::{
    BadAnswerJudged, Callback, CallbackAttempted, CallbackCompleted, CallbackScheduled, CallbackState,
    CallbackUnreached, ClaimCallbackRequest, CompleteCallbackRequest, GetCallbackRequest,
    JudgeBadAnswerRequest, ListCallbacksRequest, RecordAttemptRequest, Verdict,
};
use hotline_proto::common::v1::{AppealType, Channel, Desk as OrderDesk, OrderFacts, Satisfaction, Urgency};
use hotline_proto::routing::v1::{OrderClosed, OrderRedone, OrderSettled, OrderWithdrawn};
use hotline_proto::sla::v1::CalendarImported;
use hotline_runtime::testing::{self, TestRuntime};
use hotline_runtime::{Caller, Clock};
use hotline_worktime::{Calendar, YearArrangement};
use prost::{Message, Name};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

mod commands;
mod hearing;
mod house;
mod provider;
mod refusals;
