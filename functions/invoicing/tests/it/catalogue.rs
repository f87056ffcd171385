//! How the catalogue is ordered: categories, tags, price lists.

use futures::future::join_all;
use kernel::Permission;
use serde_json::{Value, json};
use testkit::own_records;

use crate::{
    app,
    products::{created, product},
};

const CATEGORIES: &str = "/api/v1/catalogue/categories";
const TAGS: &str = "/api/v1/catalogue/tags";
const LISTS: &str = "/api/v1/catalogue/price-lists";

fn category(name: &str, parent: &str) -> Value {
    json!({ "name": name, "parent_id": parent })
}

#[tokio::test]
async fn products_are_found_by_their_category_those_under_it_and_their_tags() {
    let app = app().await;
    let program = app.program();
    let lights = program.post(CATEGORIES, &category("Luminaires", "")).await.expect(201).field("/id");
    let hanging = program.post(CATEGORIES, &category("Suspensions", &lights)).await.expect(201).field("/id");
    let tag = program.post(TAGS, &json!({ "name": "Promo", "color": "red" })).await.expect(201).field("/id");
    let mut lamp = product("LAMPE", "Lampe");
    lamp["category_id"] = hanging.clone().into();
    lamp["tag_ids"] = json!([tag, tag]);
    let made = program.post("/api/v1/products", &lamp).await.expect(201);
    assert_eq!((made.field("/category_id"), made.json()["tag_ids"].clone()), (hanging.clone(), json!([tag])));
    created(&program, "POSE", "Pose").await;
    let found = async |query: String| {
        let listed = program.get(&format!("/api/v1/products?{query}")).await.expect(200).json();
        listed["items"].as_array().map(Vec::len)
    };
    assert_eq!(found(format!("category={lights}")).await, Some(1));
    assert_eq!(found(format!("category={hanging}&q=lam")).await, Some(1));
    assert_eq!(found(format!("tag={tag}")).await, Some(1));
    assert_eq!(found(format!("tag={tag}&q=pose")).await, Some(0));
    program.get("/api/v1/products?category=x").await.expect(400);

    let page = app.owner().get(&format!("/facturation/catalogue?category={lights}")).await.expect(200).text();
    assert!(page.contains("Luminaires › Suspensions") && page.contains("tag-red") && !page.contains(">Pose<"));
    program.delete(&format!("{CATEGORIES}/{lights}")).await.expect(409);
    program.delete(&format!("{CATEGORIES}/{hanging}")).await.expect(204);
    program.delete(&format!("{TAGS}/{tag}")).await.expect(204);
    // What was deleted is on no product any more, and what is shown is accepted again.
    let path = format!("/api/v1/products/{}", made.field("/id"));
    let shown = program.get(&path).await.expect(200).json();
    assert_eq!((&shown["category_id"], &shown["tag_ids"]), (&json!(""), &json!([])));
    let wrong = program.put(&path, &lamp).await.expect(422).violations();
    assert_eq!(wrong, ["/category_id", "/tag_ids/0", "/tag_ids/1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_categories_are_not_put_under_each_other_at_the_same_time() {
    let app = app().await;
    let program = app.program();
    let one = program.post(CATEGORIES, &category("Un", "")).await.expect(201).field("/id");
    let two = program.post(CATEGORIES, &category("Deux", "")).await.expect(201).field("/id");
    let moves = [(&one, "Un", &two), (&two, "Deux", &one)].map(|(what, name, under)| {
        let (path, body) = (format!("{CATEGORIES}/{what}"), category(name, under));
        let program = program.clone();
        async move { program.put(&path, &body).await.status.as_u16() }
    });
    let mut statuses = join_all(moves).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}

#[tokio::test]
async fn a_client_of_a_price_list_is_offered_its_price() {
    let app = app().await;
    let program = app.program();
    let list =
        program.post(LISTS, &json!({ "name": "Revendeurs", "percent_off": "12,5" })).await.expect(201).field("/id");
    let (lamp, pose) = (created(&program, "LAMPE", "Lampe").await, created(&program, "POSE", "Pose").await);
    let prices = json!({ "prices": [{ "price_list_id": list, "unit_price": "150" }] });
    let set = program.put(&format!("/api/v1/products/{pose}/prices"), &prices).await.expect(200);
    assert_eq!(set.field("/prices/0/unit_price"), "150");
    let client = app.publish_client("Client SA").await.id.to_string();
    let other = app.publish_client("Autre SA").await.id.to_string();
    program.post(&format!("{LISTS}/{list}/clients"), &json!({ "client_id": client })).await.expect(200);
    let priced = async |client: &str| {
        let lines = json!([{ "product_id": lamp }, { "product_id": pose }, { "product_id": pose, "unit_price": "1" }]);
        let made = program.post("/api/v1/quotes", &json!({ "client_id": client, "lines": lines })).await.expect(201);
        [0, 1, 2].map(|at| made.field(&format!("/lines/{at}/unit_price")))
    };
    assert_eq!(priced(&client).await, ["165.3794", "150", "1"]);
    assert_eq!(priced(&other).await, ["189.005", "189.005", "1"]);
    let offered = app.owner().get(&format!("/facturation/catalogue/choix?_q=lam&client={client}")).await.expect(200);
    assert!(offered.text().contains("data-price=\"165,3794\""), "{}", offered.text());

    // Changing the product keeps its prices; the page says what it costs whom.
    program.put(&format!("/api/v1/products/{pose}"), &product("POSE", "Pose soignée")).await.expect(200);
    let page = app.owner().get(&format!("/facturation/catalogue/produits/{pose}")).await.expect(200).text();
    assert!(page.contains("Revendeurs") && page.contains("150,00"));
    let page = app.owner().get(&format!("/facturation/catalogue/tarifs/{list}")).await.expect(200).text();
    assert!(page.contains("Client SA") && page.contains("Pose soignée"));
    program.delete(&format!("{LISTS}/{list}")).await.expect(204);
    assert_eq!(priced(&client).await, ["189.005", "189.005", "1"]);
}

#[tokio::test]
async fn nobody_gives_or_learns_the_price_list_of_a_client_of_another() {
    let app = app().await;
    let program = app.program();
    let list =
        program.post(LISTS, &json!({ "name": "Revendeurs", "percent_off": "50" })).await.expect(201).field("/id");
    created(&program, "LAMPE", "Lampe").await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let path = format!("{LISTS}/{list}/clients");
    let body = json!({ "client_id": client });
    let (_, salesperson) = app.with_new_member(own_records(Permission::ALL.iter().copied())).await;
    assert_eq!(salesperson.post(&path, &body).await.expect(422).violations(), ["/client_id"]);
    app.stranger().post(&path, &body).await.expect(404);
    program.post(&path, &body).await.expect(200);
    salesperson.delete(&format!("{path}/{client}")).await.expect(404);
    let offered = salesperson.get(&format!("/facturation/catalogue/choix?client={client}")).await.expect(200).text();
    assert!(offered.contains("data-price=\"189,005\""));
    program.delete(&format!("{path}/{client}")).await.expect(204);
    program.delete(&format!("{path}/{client}")).await.expect(204);
}

#[tokio::test]
async fn the_pages_order_the_catalogue_and_tell_what_is_wrong() {
    let app = app().await;
    let owner = app.owner();
    let form = async |path: &str, fields: &[(&str, &str)]| owner.form(path, fields).await;
    form("/facturation/catalogue/categories", &[("name", "Luminaires"), ("parent_id", "")]).await.expect(303);
    let again =
        form("/facturation/catalogue/categories", &[("name", "luminaires"), ("parent_id", "")]).await.expect(422);
    assert!(again.text().contains("Cette valeur est déjà utilisée"));
    form("/facturation/catalogue/etiquettes", &[("name", "Promo"), ("color", "blue")]).await.expect(303);
    let wrong = form("/facturation/catalogue/etiquettes", &[("name", ""), ("color", "blue")]).await.expect(422);
    assert!(wrong.text().contains("Ce champ est obligatoire"));
    let page = owner.get("/facturation/catalogue/classement").await.expect(200).text();
    assert!(page.contains("Luminaires") && page.contains("tag-blue"));
    let id = app.program().get(CATEGORIES).await.expect(200).field("/items/0/id");
    let path = format!("/facturation/catalogue/categories/{id}");
    assert!(owner.get(&path).await.expect(200).text().contains("Modifier la catégorie"));
    form(&path, &[("name", "Lampes"), ("parent_id", &id)]).await.expect(422);
    let stale = form(&path, &[("name", "Lampes"), ("parent_id", ""), ("_version", "1")]).await.expect(422);
    assert!(stale.text().contains("Quelqu’un a modifié"));
    form(&format!("{path}/supprimer"), &[]).await.expect(303);
    let done =
        form("/facturation/catalogue/tarifs", &[("name", "Revendeurs"), ("percent_off", "10")]).await.expect(303);
    let list = done.header("location").unwrap().to_owned();
    assert!(owner.get(&list).await.expect(200).text().contains("−10\u{a0}%"));
    form(&list, &[("name", ""), ("percent_off", "10")]).await.expect(422);
    form(&format!("{list}/clients"), &[("client_id", "")]).await.expect(422);
    let product = created(&app.program(), "LAMPE", "Lampe").await;
    let id = list.rsplit('/').next().unwrap();
    let prices = format!("/facturation/catalogue/produits/{product}/tarifs");
    let wrong = form(&prices, &[("price_list", id), ("unit_price", "abc")]).await.expect(422).text();
    assert!(wrong.contains("Indiquez un nombre") && wrong.contains("abc"));
    form(&prices, &[("price_list", id), ("unit_price", "99,90")]).await.expect(303);
}
