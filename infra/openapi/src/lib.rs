//! The OpenAPI 3.1 document of the whole API, made of what every context declares. It is committed beside this
//! crate; a test compares. `cargo run -p openapi` writes it anew.

use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use web::Routes;

/// Every function that has routes.
pub fn contexts() -> [(&'static str, Routes); 13] {
    [
        ("organizations", organizations::routes()),
        ("accounts", accounts::routes()),
        ("crm", crm::routes()),
        ("invoicing", invoicing::routes()),
        ("hr", hr::routes()),
        ("preview", invoicing::preview::routes()),
        ("hrpreview", hr::preview::routes()),
        ("notifications", notifications::routes()),
        ("search", search::routes()),
        ("sales", sales::routes()),
        ("dashboard", dashboard::routes()),
        ("webhooks", webhooks::routes()),
        ("purchases", purchases::routes()),
    ]
}

pub fn document() -> OpenApi {
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("ABSERVICE")
                .version("1")
                .description(Some(
                    "Client relations, quotes, invoices. Bearer tokens; `Idempotency-Key` on every POST; `ETag` and \
                     `If-Match`; cursor paging; problems as RFC 9457. Amounts end in `_minor` and are integers in \
                     the minor unit of the currency beside them; other decimals are texts.",
                ))
                .build(),
        )
        .components(Some(ComponentsBuilder::new().security_scheme("token", token).build()))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>("token", [])]))
        .webhooks(Some(webhooks::public_event::documented()))
        .build();
    for (_, routes) in contexts() {
        document.merge(routes.openapi().clone());
    }
    document
}

/// As it is committed.
pub fn text() -> Result<String, serde_json::Error> {
    document().to_pretty_json().map(|json| json + "\n")
}
