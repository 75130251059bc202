//! How long it takes to hold a request to the contract, beside what decoding it takes anyway.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use hotline_proto::common::v1::Enterprise;
use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};
use hotline_runtime::Wire;
use prost::Message;

const REGISTER: &str = "/hotline.intake.v1.IntakeService/RegisterAppeal";

/// An appeal with most fields filled in and a content of `chars` characters.
fn request(chars: usize) -> Vec<u8> {
    let request = RegisterAppealRequest {
        title: "路灯不亮已经三天".into(),
        content: "长".repeat(chars),
        category: "urban.lighting".into(),
        division: "320302001".into(),
        incident_place: "中山路与解放路路口".into(),
        idempotency_key: "0199b0a0-0000-7000-8000-000000000000".into(),
        labels: vec!["enterprise".into()],
        appellant: Some(Appellant {
            name: "张三".into(),
            telephone: "13812345678".into(),
            enterprise: Some(Enterprise {
                name: "示例公司".into(),
                credit_code: "91320301MADEM0011C".into(),
            }),
            ..Appellant::default()
        }),
        ..RegisterAppealRequest::default()
    };
    request.encode_to_vec()
}

fn hold(criterion: &mut Criterion) {
    let wire = Wire::from_descriptor_set(hotline_proto::FILE_DESCRIPTOR_SET).expect("the contract");
    for chars in [200, 10_000] {
        let bytes = request(chars);
        criterion.bench_function(&format!("wire/hold an appeal of {chars} characters"), |bench| {
            bench.iter(|| wire.check(REGISTER, black_box(&bytes)));
        });
        criterion.bench_function(&format!("wire/floor: decode it, {chars} characters"), |bench| {
            bench.iter(|| RegisterAppealRequest::decode(black_box(&bytes[..])));
        });
    }
}

criterion_group!(benches, hold);
criterion_main!(benches);
