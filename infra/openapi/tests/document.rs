//! The committed document is the one that the code declares.

#[test]
fn the_committed_document_is_current() {
    let committed = include_str!("../openapi.json");
    assert!(openapi::text().unwrap() == committed, "run `cargo run -p openapi` and commit infra/openapi/openapi.json");
}

#[test]
fn every_operation_has_a_name_of_its_own_and_every_api_route_is_documented() {
    let document = openapi::document();
    let mut names = Vec::new();
    for (path, item) in &document.paths.paths {
        for operation in [&item.get, &item.post, &item.put, &item.patch, &item.delete].into_iter().flatten() {
            let name = operation.operation_id.clone().unwrap_or_else(|| panic!("{path} has no operationId"));
            assert!(!names.contains(&name), "{name} twice");
            names.push(name);
        }
    }
    let declared = openapi::contexts()
        .iter()
        .flat_map(|(_, routes)| routes.declared().to_vec())
        .filter(|route| route.path.starts_with("/api/v1/"))
        .count();
    assert_eq!(names.len(), declared);
}
