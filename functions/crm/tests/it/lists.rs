//! Lists, narrowed and in other orders.

use serde_json::{Value, json};
use testkit::{App, Client};

use crate::{COMPANIES, CONTACTS, added, app, column, with};

const TAGS: &str = "/api/v1/crm/tags";
const FIELDS: &str = "/api/v1/crm/fields";

fn company(name: &str, postal_code: &str, city: &str) -> Value {
    json!({ "name": name, "street": "1 rue A", "postal_code": postal_code, "city": city })
}

async fn names(client: &Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("{COMPANIES}?{query}")).await.expect(200);
    assert!(list.round_trips() <= Some(2), "{query}");
    column(&list, "name")
}

async fn some(app: &App) -> (String, String) {
    let program = app.program();
    let tag = added(&program, TAGS, &json!({ "name": "Salon", "color": "red" })).await;
    let field = added(&program, FIELDS, &json!({ "of": "company", "name": "Filière" })).await;
    let tick = || app.advance(jiff::SignedDuration::from_secs(1));
    let zinc = company("Zinguerie", "69003", "Lyon");
    added(&program, COMPANIES, &with(zinc, json!({ "tags": [tag], "phone": "04 78 12 34 56" }))).await;
    tick();
    let bakery = json!({ "siret": "732 829 320 00074", "email": "Compta@dupre.example", "category": "prospect",
        "custom": { &field: "Pains spéciaux" } });
    added(&program, COMPANIES, &with(company("Boulangerie", "69100", "Villeurbanne"), bakery)).await;
    tick();
    added(&program, COMPANIES, &company("Atelier", "44000", "Nantes")).await;
    (tag, field)
}

#[tokio::test]
async fn companies_are_narrowed_by_what_they_are() {
    let app = app().await;
    let (tag, field) = some(&app).await;
    let program = app.program();
    for (query, expected) in [
        ("".to_owned(), vec!["Atelier", "Boulangerie", "Zinguerie"]),
        ("category=prospect".into(), vec!["Boulangerie"]),
        (format!("tag={tag}"), vec!["Zinguerie"]),
        ("postal_code=69".into(), vec!["Boulangerie", "Zinguerie"]),
        ("city=VILL".into(), vec!["Boulangerie"]),
        (format!("field={field}"), vec!["Boulangerie"]),
        (format!("field={field}&value=speciaux"), vec!["Boulangerie"]),
        (format!("field={field}&value=rien"), vec![]),
        (format!("postal_code=69&tag={tag}&q=zin"), vec!["Zinguerie"]),
        (format!("postal_code=44&tag={tag}"), vec![]),
        ("q=compta%40DUPRE.example".into(), vec!["Boulangerie"]),
        ("q=732829320".into(), vec!["Boulangerie"]),
        ("q=73282932000074".into(), vec!["Boulangerie"]),
        ("q=%2B33478123456".into(), vec!["Zinguerie"]),
        ("sort=-name".into(), vec!["Zinguerie", "Boulangerie", "Atelier"]),
        ("sort=-added".into(), vec!["Atelier", "Boulangerie", "Zinguerie"]),
        ("sort=added".into(), vec!["Zinguerie", "Boulangerie", "Atelier"]),
        ("sort=city".into(), vec!["Zinguerie", "Atelier", "Boulangerie"]),
        ("sort=category".into(), vec!["Atelier", "Zinguerie", "Boulangerie"]),
    ] {
        assert_eq!(names(&program, &query).await, expected, "{query}");
    }
    for query in [
        "category=x",
        "tag=x",
        "field=x",
        "state=x",
        "sort=x",
        "sort=added&cursor=x",
        "field=fld_00000000000000000000000000",
    ] {
        program.get(&format!("{COMPANIES}?{query}")).await.expect(400);
    }
    let stranger = app.stranger().header("sec-fetch-site", "same-origin");
    stranger.get(&format!("{COMPANIES}?field={field}")).await.expect(400);
    assert!(names(&stranger, &format!("tag={tag}")).await.is_empty());
}

#[tokio::test]
async fn narrowed_and_sorted_lists_have_pages() {
    let app = app().await;
    let program = app.program();
    for n in 0..7 {
        let category = if n % 2 == 0 { "client" } else { "partner" };
        added(&program, COMPANIES, &json!({ "name": format!("Société {n}"), "category": category })).await;
        app.advance(jiff::SignedDuration::from_secs(1));
    }
    for (query, expected) in [
        ("category=client", ["Société 0", "Société 2", "Société 4", "Société 6"].to_vec()),
        ("category=client&sort=-added", ["Société 6", "Société 4", "Société 2", "Société 0"].to_vec()),
        ("category=client&sort=-name", ["Société 6", "Société 4", "Société 2", "Société 0"].to_vec()),
    ] {
        let mut found = Vec::new();
        let mut path = format!("{COMPANIES}?{query}&limit=3");
        for _ in 0..5 {
            let page = program.get(&path).await.expect(200);
            found.extend(column(&page, "name"));
            match page.json()["next_cursor"].as_str() {
                Some(cursor) => path = format!("{COMPANIES}?{query}&limit=3&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test]
async fn an_order_of_more_than_one_reading_says_so() {
    let app = app().await;
    let scope = app.scope();
    // As many as the API would take minutes for.
    let read = {
        let id = added(&app.program(), COMPANIES, &json!({ "name": "Modèle" })).await;
        let key = scope.keys().company(id.parse().expect("an id"));
        scope.get::<crm::company::Company>(&key).await.expect("a reading").expect("a company").value
    };
    for _ in 0..11 {
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", read.id);
                for _ in 0..95 {
                    let id = scope.new_id(kernel::id::CompanyId::new);
                    transaction.create(&crm::company::Company { id, ..read.clone() });
                }
                Ok((transaction, ()))
            })
            .await
            .expect("companies are written");
    }
    let page = app.owner().get("/crm/entreprises?sort=-added").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("Ce tri porte sur les 1\u{202f}000 premières fiches"), "{}", page.text());
    // What further parts may have is not said to be nowhere.
    let page = app.owner().get("/crm/entreprises?q=zz%26&city=Nulle+part").await.expect(200).text();
    assert!(page.contains("Aucun résultat") && page.contains("/recherche?q=zz%26"), "{page}");
    let page = app.owner().get("/crm/entreprises?city=Nulle+part").await.expect(200).text();
    assert!(page.contains("Rien dans cette partie de la liste") && !page.contains("Aucun résultat"), "{page}");
    assert!(page.contains("Continuer la recherche") && !page.contains("/recherche?q="), "{page}");
    let list = app.program().get(&format!("{COMPANIES}?sort=-added")).await.expect(200);
    assert_eq!(list.json()["sorted_among"], 1000);
    assert!(app.program().get(COMPANIES).await.expect(200).json().get("sorted_among").is_none());
}

#[tokio::test]
async fn contacts_are_narrowed_too() {
    let app = app().await;
    let program = app.program();
    let tag = added(&program, TAGS, &json!({ "name": "VIP" })).await;
    let field = added(&program, FIELDS, &json!({ "of": "contact", "name": "Anniversaire", "kind": "date" })).await;
    let zoe = json!({ "last_name": "Durand", "first_name": "Zoé", "mobile": "06 12 34 56 78", "category": "client",
        "email": "zoe@dupre.example", "tags": [tag], "custom": { &field: "1990-05-01" } });
    added(&program, CONTACTS, &zoe).await;
    let paul = json!({ "last_name": "Petit", "street": "1 rue A", "postal_code": "44000", "city": "Nantes" });
    added(&program, CONTACTS, &paul).await;
    let found = async |query: &str| column(&program.get(&format!("{CONTACTS}?{query}")).await.expect(200), "last_name");
    for query in [
        "q=dur".to_owned(),
        "q=0612345678".into(),
        "q=zoe%40dupre.example".into(),
        "category=client".into(),
        format!("tag={tag}"),
        format!("field={field}&value=1990-05-01"),
    ] {
        assert_eq!(found(&query).await, ["Durand"], "{query}");
    }
    for query in ["postal_code=44", "city=nan", "sort=-name&postal_code=4"] {
        assert_eq!(found(query).await, ["Petit"], "{query}");
    }
    let page = app.owner().get(&format!("/crm/contacts?tag={tag}&city=")).await.expect(200).text();
    assert!(page.contains("Durand") && !page.contains("Petit") && page.contains("tag tag-grey"), "{page}");
    assert!(page.contains("Effacer"), "{page}");
}

#[tokio::test]
async fn filters_hold_among_ones_own() {
    let app = app().await;
    let program = app.program();
    let own = testkit::own_records([kernel::Permission::CrmView]);
    let (user, salesperson) = app.with_new_member(own).await;
    let mine = with(company("Mienne", "69001", "Lyon"), json!({ "assigned_to": user }));
    let id = added(&program, COMPANIES, &mine).await;
    added(&program, COMPANIES, &company("Autre", "69002", "Lyon")).await;
    for query in ["city=lyon", "sort=city", "sort=-added", "postal_code=69", "category=client"] {
        assert_eq!(names(&salesperson, query).await, ["Mienne"], "{query}");
    }
    program.post(&format!("{COMPANIES}/{id}/archive"), &json!({})).await.expect(200);
    assert_eq!(names(&salesperson, "state=archived").await, ["Mienne"]);
    assert!(names(&salesperson, "city=lyon").await.is_empty());
    // Links keep what narrows the list.
    let page = app.owner().get("/crm/entreprises?city=lyon&assigned_to=me").await.expect(200).text();
    assert!(page.contains("assigned_to=me&#38;city=lyon&#38;state=archived"), "{page}");
}
