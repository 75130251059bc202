//! Asks the register for the appellant's number, which it records.

use hotline_proto::intake::v1::RevealAppellantRequest;
use hotline_proto::intake::v1::intake_service_client::IntakeServiceClient;
use hotline_runtime::Peers;
use uuid::Uuid;

use crate::provider::Numbers;

/// Why the number is needed.
const WHY: &str = "短信或智能回访 / call-back by message";

/// The register.
pub struct Register(pub Peers);

#[tonic::async_trait]
impl Numbers for Register {
    async fn of(&self, order: Uuid) -> anyhow::Result<Option<String>> {
        let request = RevealAppellantRequest {
            appeal_id: order.to_string(),
            reason: WHY.to_owned(),
        };
        let mut register = IntakeServiceClient::new(self.0.channel("intake")?);
        let answer = register.reveal_appellant(request).await?.into_inner();
        let number = answer.appellant.map(|appellant| appellant.telephone);
        Ok(number.filter(|number| !number.is_empty()))
    }
}
