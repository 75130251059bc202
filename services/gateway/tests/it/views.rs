//! Saved views: kept, changed, one default a list, and nobody else's.

use hotline_proto::gateway::v1::{DeleteViewRequest, ListSavedViewsRequest, SaveViewRequest, SavedView};
use hotline_runtime::Caller;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::support::{World, dispatcher};

fn view(list: &str, name: &str, query: &str) -> SavedView {
    SavedView {
        list: list.into(),
        name: name.into(),
        query: query.into(),
        is_default: true,
        ..SavedView::default()
    }
}

async fn save(world: &World, caller: &Caller, view: SavedView) -> Result<SavedView, Status> {
    let request = world.process.by(caller, SaveViewRequest { view: Some(view) });
    let answer = world.process.desk().save_view(request).await?;
    Ok(answer.into_inner().view.expect("a view"))
}

async fn list(world: &World, caller: &Caller) -> Vec<SavedView> {
    let request = world.process.by(caller, ListSavedViewsRequest::default());
    let answer = world.process.desk().list_saved_views(request).await;
    answer.expect("a list").into_inner().views
}

fn code(refused: Result<SavedView, Status>) -> (Code, String) {
    let status = refused.expect_err("refused");
    let reason = status
        .get_error_details()
        .error_info()
        .map(|info| info.reason.clone());
    (status.code(), reason.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_ones_own_and_one_of_a_list_is_the_default() {
    let world = World::start().await;
    let (own, other) = (dispatcher("u-1"), dispatcher("u-2"));
    let first = save(&world, &own, view("dispatch", "今天到期", "due=today"))
        .await
        .expect("saved");
    let second = save(&world, &own, view("dispatch", "退单", "state=returned"))
        .await
        .expect("saved");
    let again = save(&world, &own, view("dispatch", "退单", "state=returned&sort=due"))
        .await
        .expect("saved");
    assert_eq!(again.view_id, second.view_id, "the same name is the same view");
    let defaults: Vec<_> = list(&world, &own)
        .await
        .into_iter()
        .map(|view| (view.name, view.is_default))
        .collect();
    assert_eq!(
        defaults,
        [("今天到期".to_owned(), false), ("退单".to_owned(), true)]
    );
    assert_eq!(list(&world, &other).await, Vec::new());
    let stolen = SavedView {
        view_id: first.view_id.clone(),
        ..view("dispatch", "x", "")
    };
    assert_eq!(
        code(save(&world, &other, stolen).await),
        (Code::NotFound, "view.not_found".into())
    );
    let taken = SavedView {
        view_id: first.view_id.clone(),
        ..view("dispatch", "退单", "")
    };
    assert_eq!(
        code(save(&world, &own, taken).await),
        (Code::AlreadyExists, "view.taken".into())
    );
    let personal = view("dispatch", "x", "phone=13998765432");
    assert_eq!(
        code(save(&world, &own, personal).await),
        (Code::InvalidArgument, "view.personal".into())
    );
    for (caller, left) in [(&other, 2), (&own, 1)] {
        let view_id = first.view_id.clone();
        let request = world.process.by(caller, DeleteViewRequest { view_id });
        world.process.desk().delete_view(request).await.expect("no fault");
        assert_eq!(list(&world, &own).await.len(), left);
    }
    world.stop();
}
