//! What the gate writes into the audit: refusals and disclosures before they are answered, and no answer without it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hotline_runtime::Caller;
use hotline_runtime::audit::{Record, Sink, Writing};
use tonic::{Code, Request};

use crate::probe::{Probed, call};

/// Keeps entries in memory, or fails as a full disk does.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<(Vec<Record>, bool)>>);

impl Kept {
    fn take(&self) -> Vec<Record> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).0)
    }

    fn fail(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
    }
}

impl Sink for Kept {
    fn write(&self, record: Record) -> Writing<'_> {
        Box::pin(async move {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            anyhow::ensure!(!kept.1, "no space left on device");
            kept.0.push(record);
            Ok(())
        })
    }
}

#[tokio::test]
async fn every_command_and_every_refusal_is_written_down_before_it_is_answered() {
    let probed = Probed::start(|_| {}).await;
    let kept = Kept::default();
    probed.rt.audit.register("probe", Arc::new(kept.clone()));
    let ask = async |method: &str, role: Option<&str>| {
        let mut request = Request::new("who".to_owned());
        if let Some(role) = role {
            let caller = Caller::new("u-1", &[role])
                .of_unit("xz-01")
                .at_address("203.0.113.9");
            let token = probed
                .rt
                .tokens
                .issue(&caller, Duration::from_secs(60))
                .expect("issues");
            let bearer = format!("Bearer {token}").parse().expect("a header");
            request.metadata_mut().insert("authorization", bearer);
        }
        let code = match call(probed.channel().await, method, request).await {
            Ok(_) => Code::Ok,
            Err(status) => status.code(),
        };
        let entries = kept.take();
        (code, entries)
    };
    let (code, entries) = ask("Dispatch", Some("dispatcher")).await;
    assert_eq!((code, entries.len()), (Code::Ok, 1));
    assert_eq!(
        (entries[0].outcome.as_str(), entries[0].subject.as_str()),
        ("ok", "u-1")
    );
    assert_eq!(
        (entries[0].roles.as_str(), entries[0].unit.as_str()),
        ("dispatcher", "xz-01")
    );
    assert_eq!(entries[0].method, "probe.v1.Probe/Dispatch");
    assert_eq!(entries[0].address, "203.0.113.9");
    let (code, entries) = ask("Dispatch", Some("clerk")).await;
    assert_eq!((code, entries.len()), (Code::PermissionDenied, 1));
    assert_eq!(entries[0].outcome, "access.role_missing");
    // Nobody is named without a token, and anybody could fill the audit so.
    let (code, entries) = ask("Dispatch", None).await;
    assert_eq!((code, entries.len()), (Code::Unauthenticated, 0));

    kept.fail();
    for role in ["dispatcher", "clerk"] {
        let (code, _) = ask("Dispatch", Some(role)).await;
        assert_eq!(
            code,
            Code::Unavailable,
            "an answer that cannot be written down is not given"
        );
    }
}
