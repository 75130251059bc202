//! Files of appeals: put there once, told without their name, on both timelines.

use hotline_proto::intake::v1 as proto;
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use tonic::Code::{AlreadyExists, InvalidArgument, NotFound, ResourceExhausted};

use crate::support::{House, by, house, refused};

fn attaching(appeal_id: &str, number: u128) -> proto::AttachFileRequest {
    proto::AttachFileRequest {
        appeal_id: appeal_id.into(),
        file: Some(proto::AppealFile {
            file_id: uuid::Uuid::from_u128(number).to_string(),
            name: "张三丰 13812345678 电梯.jpg".into(),
            media_type: "image/jpeg".into(),
            size_bytes: 2_097_152,
            sha256: "ab".repeat(32),
            from_appellant: true,
            ..Default::default()
        }),
        actor: "appellant".into(),
    }
}

impl House {
    async fn attach(&self, request: proto::AttachFileRequest) -> Result<bool, tonic::Status> {
        let answer = self.desk.attach_file(by(&["service"], request)).await?;
        Ok(answer.into_inner().replayed)
    }
}

#[tokio::test]
async fn a_file_is_with_its_appeal_once_and_its_name_tells_nobody() {
    let h = house().await;
    let appeal = h.accepted("k-1").await;
    assert!(!h.attach(attaching(&appeal.appeal_id, 1)).await.expect("attached"));
    assert!(h.attach(attaching(&appeal.appeal_id, 1)).await.expect("attached"));
    let files = h.get(&appeal.appeal_id).await.files;
    assert_eq!(files.len(), 1);
    assert_eq!(
        (files[0].attached_by.as_str(), files[0].media_type.as_str()),
        ("appellant", "image/jpeg")
    );
    assert!(
        !files[0].name.contains("13812345678") && !files[0].name.contains("张三丰"),
        "{}",
        files[0].name
    );
    let line = h.timeline(&appeal.appeal_id).await.pop().expect("a line");
    assert_eq!(
        (line.text.as_str(), line.text_en.as_str()),
        ("上传附件:图片,2.0 MB", "file attached: picture, 2.0 MB")
    );
    let told = h
        .count("SELECT count(*) FROM outbox WHERE type = 'hotline.intake.v1.AppealFileAttached'")
        .await;
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_file_of_another_appeal_or_none_or_one_too_many_is_refused() {
    let h = house().await;
    let (one, other) = (h.accepted("k-1").await, h.accepted("k-2").await);
    h.attach(attaching(&one.appeal_id, 1)).await.expect("attached");
    let answer = h.attach(attaching(&other.appeal_id, 1)).await;
    refused(answer, AlreadyExists, "file.elsewhere", "file.file_id", "");
    let answer = h.attach(attaching(&uuid::Uuid::nil().to_string(), 2)).await;
    refused(answer, NotFound, "appeal.not_found", "appeal_id", "");
    let mut bad = attaching(&one.appeal_id, 3);
    bad.file.get_or_insert_default().sha256 = "xyz".into();
    refused(
        h.attach(bad).await,
        InvalidArgument,
        "file.invalid",
        "file.sha256",
        "",
    );
    for number in 2..=50 {
        h.attach(attaching(&one.appeal_id, number))
            .await
            .expect("attached");
    }
    let answer = h.attach(attaching(&one.appeal_id, 51)).await;
    refused(answer, ResourceExhausted, "file.too_many", "appeal_id", "");
    assert_eq!(h.get(&one.appeal_id).await.files.len(), 50);
}
