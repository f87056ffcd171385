//! The demo company: plausible data of a small French firm, written through the JSON API as a program would write it,
//! so that nothing in it is what a user could not have made. Once per data folder; every visitor then signs in to it.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{self, Body},
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderValue, Method, Request, StatusCode, header};
use jiff::{ToSpan, civil::Date};
use kernel::holiday::{Region, is_holiday};
use lambda_http::Service;
use serde_json::{Value, json};

use crate::{gateway, host::Host};

/// Where the sign-in page's button leads.
pub(crate) const HREF: &str = "/_local/demo";
/// Who signs in. Known to everybody, as is the password: there is nothing of anybody's in it.
pub const EMAIL: &str = "camille.durand@atelier-lumiere.example";
pub const PASSWORD: &str = "une lampe pour chaque atelier";

const FILLED: &str = "demo_filled";
/// What the address of a client's link says after `lien=`.
const LINK: &str = "demo_link";
/// Of the account that the company has with the provider of payments by card.
const CARD_KEY: &str = "sk_test_atelier_lumiere_demo";
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);

/// What did not work, in words for the log.
type Outcome<T> = Result<T, String>;

/// Fills the company if it is not there yet, signs the visitor in and shows the home page.
pub(crate) async fn enter(State(host): State<Arc<Host>>) -> Response {
    let entered = async {
        fill(&host).await?;
        sign_in(&host).await
    };
    match entered.await.and_then(|cookie| HeaderValue::from_str(&cookie).map_err(|error| error.to_string())) {
        Ok(cookie) => ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
        Err(error) => {
            tracing::error!(error, "the demo company could not be opened");
            (StatusCode::INTERNAL_SERVER_ERROR, "La société de démonstration n’a pas pu être ouverte.").into_response()
        }
    }
}

/// Writes the company unless it was written before. Interrupted, it is continued: each request has its own key.
pub(crate) async fn fill(host: &Host) -> Outcome<()> {
    let _one_at_a_time = host.demo.lock().await;
    if host.state.get::<bool>(FILLED).map_err(|error| error.to_string())?.unwrap_or_default() {
        return Ok(());
    }
    let account = json!({
        "organization_name": "Atelier Lumière SARL", "name": "Camille Durand", "email": EMAIL, "password": PASSWORD,
    });
    let answer = ask(host, Method::POST, "/api/v1/accounts", None, &account).await?;
    // Taken by an earlier attempt.
    if !answer.status.is_success() && answer.status != StatusCode::CONFLICT {
        return Err(answer.told("/api/v1/accounts"));
    }
    let cookie = sign_in(host).await?;
    let mut writer = Writer {
        host,
        cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
        requests: 0,
        products: Vec::new(),
        payable: String::new(),
    };
    let ours = id(&writer.put("/api/v1/organization", &organization()).await?)?;
    let resellers = writer.catalogue().await?;
    writer.crm_settings().await?;
    let mut clients = Vec::new();
    for client in CLIENTS {
        clients.push(writer.client(client).await?);
    }
    writer.post(&format!("{resellers}/clients"), &json!({ "client_id": clients[5] })).await?;
    for deal in DEALS {
        writer.deal(&clients[deal.client], deal).await?;
    }
    for hope in HOPES {
        writer.hope(&clients[hope.client], hope).await?;
    }
    for recurring in RECURRING {
        writer.recurring(&clients[recurring.client], recurring).await?;
    }
    writer.activities(&clients).await?;
    for worked in TIME {
        writer.time(&clients[worked.client], worked).await?;
    }
    writer.direct_debit(&clients[4]).await?;
    writer.private_client().await?;
    writer.self_billing(&clients[2]).await?;
    writer.purchases(&ours).await?;
    writer.statement(&ours).await?;
    writer.cards(&ours).await?;
    writer.record_files(&ours, &clients[0]).await?;
    writer.web_form().await?;
    let staff = writer.staff().await?;
    writer.papers(&ours, &staff).await?;
    writer.expenses().await?;
    writer.targets().await?;
    writer.webhook().await?;
    host.state.put(FILLED, &true).map_err(|error| error.to_string())
}

/// The link by which a client of the company reads an invoice that is to be paid; none before there is a company.
pub(crate) fn link(host: &Host) -> crate::Result<Option<String>> {
    let text = host.state.get::<String>(LINK)?;
    Ok(text.map(|text| format!("{}/portail?lien={text}", host.deps.config.public_url)))
}

/// The whole `Set-Cookie` of a new session.
async fn sign_in(host: &Host) -> Outcome<String> {
    let path = "/api/v1/sessions";
    let answer = ask(host, Method::POST, path, None, &json!({ "email": EMAIL, "password": PASSWORD })).await?;
    answer.cookie.clone().ok_or_else(|| answer.told(path))
}

struct Answer {
    status: StatusCode,
    cookie: Option<String>,
    body: Value,
}

impl Answer {
    fn told(&self, path: &str) -> String {
        format!("{path} answered {}: {}", self.status, self.body)
    }
}

/// Asks the function that has the path, as the gateway would; `session` is the cookie, the key that of the request.
async fn ask(host: &Host, method: Method, path: &str, session: Option<(&str, u32)>, body: &Value) -> Outcome<Answer> {
    let (_, context) = gateway::find(&method, path);
    let mut router = host.functions.contexts.get(&context).cloned().ok_or("there is no such function")?;
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if let Some((cookie, number)) = session {
        request = request.header(header::COOKIE, cookie).header("idempotency-key", format!("demo-{number}"));
    }
    let request = request.body(Body::from(body.to_string())).map_err(|error| error.to_string())?;
    host.invoke(context.name(), TIMEOUT, async move {
        let Ok(answer) = Service::call(&mut router, request).await;
        let (parts, body) = answer.into_parts();
        let bytes = body::to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|error| error.to_string())?;
        let cookie = parts.headers.get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
        Ok(Answer {
            status: parts.status,
            cookie: cookie.map(str::to_owned),
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        })
    })
    .await
}

/// The owner of the demo company at work.
struct Writer<'a> {
    host: &'a Host,
    cookie: String,
    requests: u32,
    /// By name, their ids.
    products: Vec<(&'static str, String)>,
    /// The invoice that was issued last and waits for its payment.
    payable: String,
}

impl Writer<'_> {
    async fn post(&mut self, path: &str, body: &Value) -> Outcome<Value> {
        self.send(Method::POST, path, body).await
    }

    async fn put(&mut self, path: &str, body: &Value) -> Outcome<Value> {
        self.send(Method::PUT, path, body).await
    }

    async fn send(&mut self, method: Method, path: &str, body: &Value) -> Outcome<Value> {
        self.requests += 1;
        let answer = ask(self.host, method, path, Some((&self.cookie, self.requests)), body).await?;
        if answer.status.is_success() { Ok(answer.body) } else { Err(answer.told(path)) }
    }

    /// What there is to sell, in order and counted; where the price list of resellers is.
    async fn catalogue(&mut self) -> Outcome<String> {
        let own = "/api/v1/catalogue";
        let lights = self.post(&format!("{own}/categories"), &json!({ "name": "Luminaires" })).await?;
        let services = self.post(&format!("{own}/categories"), &json!({ "name": "Pose et entretien" })).await?;
        let technical = json!({ "name": "Éclairage technique", "parent_id": id(&lights)? });
        self.post(&format!("{own}/categories"), &technical).await?;
        let tag = json!({ "name": "Fabrication maison", "color": "orange" });
        let tag = id(&self.post(&format!("{own}/tags"), &tag).await?)?;
        let resellers = json!({ "name": "Revendeurs", "percent_off": "12" });
        let resellers = id(&self.post(&format!("{own}/price-lists"), &resellers).await?)?;
        for product in PRODUCTS {
            let is_good = product.kind == "product";
            let mut body = product.json();
            body["category_id"] = id(if is_good { &lights } else { &services })?.into();
            body["tag_ids"] = if product.reference == "SUS-NAC" { json!([tag]) } else { json!([]) };
            body["track_stock"] = is_good.to_string().into();
            body["stock_threshold"] = "5".into();
            let made = id(&self.post("/api/v1/products", &body).await?)?;
            if is_good {
                let counted = json!({ "counted": product.stock, "reason": "Inventaire d’ouverture" });
                self.post(&format!("/api/v1/products/{made}/stock/moves"), &counted).await?;
            }
            self.products.push((product.name, made));
        }
        Ok(format!("{own}/price-lists/{resellers}"))
    }

    /// A tag and a field of the company's own.
    async fn crm_settings(&mut self) -> Outcome<()> {
        self.post("/api/v1/crm/tags", &json!({ "name": "Salon de Lyon", "color": "teal" })).await?;
        let field = json!({ "of": "company", "name": "Recommandé par", "kind": "text" });
        self.post("/api/v1/crm/fields", &field).await.map(drop)
    }

    /// A company with its contact; its id.
    async fn client(&mut self, client: &Client) -> Outcome<String> {
        let siret = siret(client.siren);
        let company = json!({
            "name": client.name, "category": "client", "siret": siret, "vat_number": vat_number(&siret),
            "street": client.street, "postal_code": client.postal_code, "city": client.city,
            "phone": client.phone, "email": format!("compta@{}", client.domain),
        });
        let id = id(&self.post("/api/v1/companies", &company).await?)?;
        let (civility, first, last, job) = client.contact;
        let address = format!("{}.{}@{}", plain(first), plain(last), client.domain);
        let contact = json!({
            "company_id": id, "civility": civility, "first_name": first, "last_name": last, "job_title": job,
            "email": address,
        });
        self.post("/api/v1/contacts", &contact).await?;
        Ok(id)
    }

    /// A deal that is hoped for, at its stage.
    async fn hope(&mut self, client: &str, hope: &Hope) -> Outcome<()> {
        let stage = format!("stg_{:026}", hope.stage);
        let expected = self.today().saturating_add(hope.in_days.days()).to_string();
        let opportunity = json!({
            "name": hope.name, "company_id": client, "amount": hope.amount, "expected_on": expected,
            "stage_id": stage, "priority": hope.priority, "source": hope.source, "next_step": hope.next_step,
            "lost_reason": if hope.stage == LOST_STAGE { "Budget reporté à l’année prochaine." } else { "" },
        });
        self.post("/api/v1/opportunities", &opportunity).await.map(drop)
    }

    /// Where the company is, which is a day ahead of UTC for an hour or two.
    fn today(&self) -> jiff::civil::Date {
        self.host.clock().today(&crate::operator::france())
    }

    /// Somebody who buys for themselves.
    async fn private_client(&mut self) -> Outcome<()> {
        let client = json!({
            "name": "Nadia Ferrand", "category": "client", "is_business": "false", "street": "9 quai Saint-Vincent",
            "postal_code": "69001", "city": "Lyon", "email": "nadia.ferrand@courriel.example",
        });
        self.post("/api/v1/companies", &client).await.map(drop)
    }

    /// A client who pays by direct debit, and the next one.
    async fn direct_debit(&mut self, client: &str) -> Outcome<()> {
        let today = self.today();
        self.put("/api/v1/sepa-creditor", &json!({ "creditor_id": "FR72ZZZ123456", "notice_days": "2" })).await?;
        let mandate = json!({
            "client_id": client, "iban": "FR7630006000011234567890189", "signed_on": today.to_string(), "scheme": "core",
        });
        let mandate = id(&self.post("/api/v1/mandates", &mandate).await?)?;
        let invoice = json!({
            "client_id": client, "subject": "Remplacement des spots de l’accueil",
            "lines": [{ "description": "Spot encastré, fourni et posé", "quantity": "8", "unit_price": "46.50", "vat_percent": "20" }],
        });
        let invoice = id(&self.post("/api/v1/invoices", &invoice).await?)?;
        self.post(&format!("/api/v1/invoices/{invoice}/issue"), &json!({})).await?;
        let remittance = json!({
            "debit_on": kernel::target::business_days_after(today, 8).to_string(),
            "lines": [{ "invoice_id": invoice, "mandate_id": mandate }],
        });
        self.post("/api/v1/remittances", &remittance).await.map(drop)
    }

    /// A quote or an invoice, brought to where it stands.
    async fn deal(&mut self, client: &str, deal: &Deal) -> Outcome<()> {
        use Stage::{Credited, Deposited, Drafted, Due, InvoiceDrafted, Issued, Paid, PartlyPaid, Refused, Sent};
        let lines: Vec<_> = deal.lines.iter().map(|line| line.json(&self.products)).collect();
        let content = json!({ "client_id": client, "subject": deal.subject, "lines": lines });
        let invoice = match deal.stage {
            Due => {
                // To be paid at once, so that the next day it is late.
                let mut content = content;
                content["payment_days"] = "0".into();
                id(&self.post("/api/v1/invoices", &content).await?)?
            }
            stage => {
                let quote = format!("/api/v1/quotes/{}", id(&self.post("/api/v1/quotes", &content).await?)?);
                if matches!(stage, Drafted) {
                    return Ok(());
                }
                self.post(&format!("{quote}/send"), &json!({})).await?;
                match stage {
                    Sent => return Ok(()),
                    Refused => {
                        let reason = json!({ "reason": "Budget reporté à l’année prochaine." });
                        return self.post(&format!("{quote}/refuse"), &reason).await.map(drop);
                    }
                    _ => self.post(&format!("{quote}/accept"), &json!({})).await?,
                };
                if matches!(stage, Deposited) {
                    let deposit = self.post(&format!("{quote}/deposit"), &json!({ "percent": "30" })).await?;
                    let path = format!("/api/v1/invoices/{}/issue", id(&deposit)?);
                    return self.post(&path, &json!({})).await.map(drop);
                }
                id(&self.post(&format!("{quote}/invoice"), &json!({})).await?)?
            }
        };
        if matches!(deal.stage, InvoiceDrafted) {
            return Ok(());
        }
        let path = format!("/api/v1/invoices/{invoice}");
        let issued = self.post(&format!("{path}/issue"), &json!({})).await?;
        let gross = issued["gross_minor"].as_i64().ok_or("an invoice without a total")?;
        let paid = match deal.stage {
            Paid | Credited => gross,
            PartlyPaid => gross / 3,
            Issued | Due => {
                self.payable = invoice;
                return Ok(());
            }
            _ => return Err("a stage without its steps".into()),
        };
        let payment = json!({
            "amount": format!("{}.{:02}", paid / 100, paid % 100), "paid_on": issued["issued_on"],
            "method": "bank_transfer", "reference": format!("VIR {}", issued["number"].as_str().unwrap_or_default()),
        });
        if matches!(deal.stage, PartlyPaid) {
            // As money that may be of several invoices.
            let mut receipt = payment;
            receipt["parts"] = json!([{ "invoice_id": invoice, "amount": receipt["amount"] }]);
            return self.post("/api/v1/receipts", &receipt).await.map(drop);
        }
        self.post(&format!("{path}/payments"), &payment).await?;
        if matches!(deal.stage, Credited) {
            let credit = json!({
                "reason": "Une lampe rendue : bras articulé défectueux.",
                "lines": [{ "line": 1, "quantity": "1" }],
            });
            self.post(&format!("{path}/credit-notes"), &credit).await?;
        }
        Ok(())
    }
}

impl Writer<'_> {
    /// A statement of the bank, as its customer downloads it.
    async fn statement(&mut self, organization: &str) -> Outcome<()> {
        let today = self.today().strftime("%d/%m/%Y").to_string();
        let lines =
            ["VIR SEPA ESCALE BISTROT;480,00", "PRLV FOURNISSEUR ENERGIE;-132,40", "FRAIS TENUE DE COMPTE;-9,50"];
        let file = format!("Date;Libellé;Montant\n{today};{}\n", lines.join(&format!("\n{today};")));
        let announced = json!({ "media_type": "text/csv", "bytes": file.len() });
        let upload = id(&self.post("/api/v1/bank-lines/uploads", &announced).await?)?;
        let organization = organization.parse().map_err(|_| "an organization without an id")?;
        let key = table::keys::upload_s3_key(organization, upload.parse().map_err(|_| "an upload without an id")?);
        let sent = self.host.deps.files.put(&key, file.into_bytes(), "text/csv").await;
        sent.map_err(|error| error.to_string())?;
        let import = json!({ "upload_id": upload, "account": "Compte courant" });
        self.post("/api/v1/bank-lines/import", &import).await.map(drop)
    }

    /// What the company spends: paid and unpaid, one to be approved, one each month, one as an electronic invoice.
    async fn purchases(&mut self, organization: &str) -> Outcome<()> {
        let today = self.today();
        let supplier =
            json!({ "name": "Fournisseur Énergie", "category": "utilities", "email": "factures@energie.example" });
        self.post("/api/v1/suppliers", &supplier).await?;
        for spent in SPENT {
            let on = today.saturating_sub(spent.days_ago.days());
            let mut expense = json!({
                "description": spent.description, "category": spent.category, "spent_on": on.to_string(),
                "lines": [{ "gross": spent.gross, "vat_percent": spent.vat_percent }], "supplier": spent.supplier,
            });
            if spent.is_paid {
                expense["paid_on"] = on.to_string().into();
                expense["paid_by"] = "card".into();
            } else {
                expense["due_on"] = on.saturating_add(30.days()).to_string().into();
            }
            self.post("/api/v1/expenses", &expense).await?;
        }
        self.put("/api/v1/purchase-settings", &json!({ "approval_from": "1500" })).await?;
        let lathe = json!({
            "description": "Tour à repousser d’occasion", "category": "equipment", "supplier": "Machines du Rhône",
            "lines": [{ "net": "2400", "vat_percent": "20" }],
        });
        self.post("/api/v1/expenses", &lathe).await?;
        let rent = json!({
            "description": "Loyer de l’atelier", "category": "rent", "supplier": "SCI Saint-Vincent", "due_days": "10",
            "lines": [{ "net": "1150", "vat_percent": "20" }], "first_on": today.to_string(), "day_of_month": "1",
        });
        self.post("/api/v1/recurring-expenses", &rent).await?;
        let (on, due) = (today.saturating_sub(6.days()), today.saturating_add(24.days()));
        let sent = include_str!("../demo/received.xml").replace("{siren}", &siret("81234567")[..9]);
        let sent = sent.replace("{on}", &on.to_string()).replace("{due}", &due.to_string());
        let path = "/api/v1/received-invoices";
        let upload = self.upload(organization, path, "text/xml", &sent).await?;
        self.post(path, &json!({ "upload_id": upload, "name": "CC-2041.xml" })).await?;
        self.post(&format!("{path}/address"), &json!({})).await.map(drop)
    }

    /// What was done with clients, and what is to be done, around today.
    async fn activities(&mut self, clients: &[String]) -> Outcome<()> {
        let today = self.today();
        for planned in ACTIVITIES {
            let on = today.saturating_add(planned.in_days.days()).to_string();
            let activity = json!({
                "type": planned.kind, "subject": planned.subject, "description": planned.description,
                "company_id": clients[planned.client], "on": on, "time": planned.time, "minutes": planned.minutes,
                "status": planned.status,
            });
            self.post("/api/v1/activities", &activity).await?;
        }
        Ok(())
    }

    /// What a client sent: the order of their works, in two versions, and what is to be lit.
    async fn record_files(&mut self, organization: &str, record: &str) -> Outcome<()> {
        let path = format!("/api/v1/records/{record}/files");
        let order = "Livraison par la cour, avant 6 h. Sonner deux fois.\n";
        let upload = self.upload(organization, &path, "text/plain", order).await?;
        let order = json!({ "upload_id": upload, "name": "Consignes de livraison.txt" });
        let order = id(&self.post(&path, &order).await?)?;
        let later = "Livraison par la cour, avant 6 h, sauf le lundi. Sonner deux fois.\n";
        let upload = self.upload(organization, &path, "text/plain", later).await?;
        self.post(&format!("{path}/{order}/versions"), &json!({ "upload_id": upload })).await?;
        let lights = "Pièce;Points lumineux\nFournil;6\nBoutique;9\nRéserve;2\n";
        let upload = self.upload(organization, &path, "text/csv", lights).await?;
        let lights = json!({ "upload_id": upload, "name": "Points lumineux.csv" });
        self.post(&path, &lights).await.map(drop)
    }

    /// Puts a text where a program would send it.
    async fn upload(&mut self, organization: &str, path: &str, media_type: &str, text: &str) -> Outcome<String> {
        let announced = json!({ "media_type": media_type, "bytes": text.len() });
        let upload = id(&self.post(&format!("{path}/uploads"), &announced).await?)?;
        let organization = organization.parse().map_err(|_| "an organization without an id")?;
        let key = table::keys::upload_s3_key(organization, upload.parse().map_err(|_| "an upload without an id")?);
        let sent = self.host.deps.files.put(&key, text.as_bytes().to_vec(), media_type).await;
        sent.map_err(|error| error.to_string())?;
        Ok(upload)
    }

    /// The form on the company's web site.
    async fn web_form(&mut self) -> Outcome<()> {
        let form = json!({
            "name": "Contact du site", "title": "Parlons de votre projet d’éclairage",
            "intro": "Décrivez votre projet en quelques mots : nous vous rappelons sous deux jours ouvrés.",
            "first_name": "optional", "email": "required", "phone": "optional", "company": "optional",
            "message": "required", "source": "Site internet",
            "consent": "J’accepte de recevoir les nouveautés d’Atelier Lumière par e-mail.",
            "privacy_url": "https://www.atelier-lumiere.example/vie-privee",
            "sites": "https://www.atelier-lumiere.example",
        });
        self.post("/api/v1/crm/web-forms", &form).await.map(drop)
    }

    /// Who works in the company, the owner among them, under which contracts.
    async fn staff(&mut self) -> Outcome<Vec<String>> {
        let today = self.today();
        let named = |names: &[&str]| names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>();
        let settings = json!({
            "counting": "ouvrables", "departments": named(DEPARTMENTS), "positions": named(POSITIONS),
            "sites": [{ "name": "Lyon, quai Saint-Vincent", "region": "mainland" }],
        });
        let settings = self.put("/api/v1/hr-settings", &settings).await?;
        let owner = self.send(Method::GET, "/api/v1/accounts/me", &Value::Null).await?;
        let owner = owner["user_id"].as_str().ok_or("a profile without its user")?;
        let (mut manager, mut staff) = (String::new(), Vec::new());
        for (at, employee) in STAFF.iter().enumerate() {
            let is_owner = at == 0;
            let hired_on = match employee.hired {
                Hired::On(day) => day.to_owned(),
                Hired::DaysAgo(days) => today.saturating_sub(days.days()).to_string(),
            };
            let mut contract = json!({
                "kind": "permanent", "hours": employee.hours, "salary": employee.salary,
                "department_id": id(&settings["departments"][employee.department])?,
                "position_id": id(&settings["positions"][employee.position])?,
                "site_id": id(&settings["sites"][0])?,
            });
            if let Hired::DaysAgo(days) = employee.hired {
                // Six months, of which two weeks are a trial (C. trav. L1242-10).
                let begun = today.saturating_sub(days.days());
                contract["kind"] = "fixed_term".into();
                contract["ends_on"] = begun.saturating_add(6.months()).saturating_sub(1.day()).to_string().into();
                contract["trial_ends_on"] = begun.saturating_add(13.days()).to_string().into();
            }
            let address =
                format!("{}.{}@atelier-lumiere.example", plain(employee.first_name), plain(employee.last_name));
            let file = json!({
                "number": format!("M-{:03}", at + 1), "first_name": employee.first_name, "last_name": employee.last_name,
                "email": address, "mobile": employee.mobile, "born_on": employee.born_on, "gender": employee.gender,
                "nationality": "Française", "street": employee.street, "postal_code": employee.postal_code,
                "city": employee.city, "hired_on": hired_on, "manager_id": manager,
                "user_id": if is_owner { owner } else { "" },
            });
            let hired = json!({ "employee": file, "contract": contract });
            let hired = id(&self.post("/api/v1/employees", &hired).await?)?;
            if let Some((days_ago, hours, salary)) = employee.amended {
                // Four days a week from then on.
                contract["from"] = today.saturating_sub(days_ago.days()).to_string().into();
                contract["hours"] = hours.into();
                contract["salary"] = salary.into();
                contract["works_on"] = json!(["1", "2", "4", "5"]);
                self.post(&format!("/api/v1/employees/{hired}/contracts"), &contract).await?;
            }
            self.worked(&hired, at).await?;
            staff.push(hired.clone());
            if is_owner {
                manager = hired;
            }
        }
        self.leave(&staff).await?;
        Ok(staff)
    }

    /// Documents of their files, a letter to one, an interview that was held, and words of the company's own.
    async fn papers(&mut self, organization: &str, staff: &[String]) -> Outcome<()> {
        let today = self.today();
        let ahead = |days: i32| today.saturating_add(i64::from(days).days()).to_string();
        let pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
                   3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n\
                   startxref\n0\n%%EOF\n";
        let papers = [
            (0, json!({ "title": "Contrat de travail signé", "kind": "contract", "is_shared": "true" })),
            (0, json!({ "title": "Bulletin du mois dernier", "kind": "payslip", "is_shared": "true" })),
            (1, json!({ "title": "Diplôme d’ébéniste", "kind": "diploma" })),
            (1, json!({ "title": "Permis de conduire", "kind": "id_document", "valid_until": ahead(25) })),
            (
                2,
                json!({ "title": "Habilitation électrique", "kind": "certificate", "valid_until": ahead(75), "is_shared": "true" }),
            ),
        ];
        for (at, mut said) in papers {
            let Some(employee) = staff.get(at) else { continue };
            let path = format!("/api/v1/employees/{employee}/papers");
            let upload = self.upload(organization, &path, "application/pdf", pdf).await?;
            said["upload_id"] = upload.into();
            self.post(&path, &said).await?;
        }
        let words = "Nous confirmons à {prenom} {nom}, {poste}, que la mutuelle de l’entreprise lui est acquise depuis le \
                     {entree}.\n\nCe courrier est remis à sa demande.";
        let templates = json!({ "templates": [{ "name": "Mutuelle", "kind": "attestation", "words": words }] });
        self.put("/api/v1/letter-templates", &templates).await?;
        if let Some(employee) = staff.get(1) {
            let letter = json!({ "letter": "attestation", "signatory": "Camille Durand, gérante" });
            self.post(&format!("/api/v1/employees/{employee}/letters"), &letter).await?;
            let held = today.saturating_sub(120.days()).to_string();
            let interview = json!({ "on": held, "note": "Souhaite se former à l’éclairage de musées." });
            self.post(&format!("/api/v1/employees/{employee}/interviews"), &interview).await?;
        }
        Ok(())
    }

    /// What the owner spent, handed in and not: they are the one employee with an account.
    async fn expenses(&mut self) -> Outcome<()> {
        let today = self.today();
        let ago = |days: i64| today.saturating_sub(days.days()).to_string();
        let spent = json!({ "title": "Salon Maison & Objet" });
        let report = id(&self.post("/api/v1/expense-reports", &spent).await?)?;
        let lines = [
            json!({ "on": ago(12), "category": "transport", "amount": "148,00", "note": "TGV Lyon – Paris et retour" }),
            json!({ "on": ago(11), "category": "lodging", "amount": "132,50", "note": "Une nuit" }),
            json!({ "on": ago(11), "category": "meal", "amount": "27,50", "vat": "2,50", "note": "Dîner" }),
            json!({ "on": ago(9), "category": "mileage", "vehicle": "car5", "km": "186", "places": "Lyon – Annecy et retour" }),
        ];
        for line in lines {
            self.post(&format!("/api/v1/expense-reports/{report}/lines"), &line).await?;
        }
        self.post(&format!("/api/v1/expense-reports/{report}/submit"), &json!({})).await?;
        let report = id(&self.post("/api/v1/expense-reports", &json!({})).await?)?;
        let line =
            json!({ "on": ago(2), "category": "road", "amount": "9,60", "vat": "1,60", "note": "Stationnement" });
        self.post(&format!("/api/v1/expense-reports/{report}/lines"), &line).await.map(drop)
    }

    /// What the staff took and takes: paid leave, an illness, a family event; what the owner still decides on.
    async fn leave(&mut self, staff: &[String]) -> Outcome<()> {
        let today = self.today();
        let types = self.send(Method::GET, "/api/v1/leave/types", &Value::Null).await?;
        let first_of_year = |day: Date| if day.month() >= 6 { day.year() } else { day.year() - 1 };
        for (who, days) in TAKEN_BEFORE {
            let taken = json!({
                "type_id": id(&types["types"][0])?, "year": format!("{}-10-01", first_of_year(today) - 1), "days": days,
                "reason": "Jours pris avant l’arrivée dans ABSERVICE",
            });
            self.post(&format!("/api/v1/employees/{}/leave/adjustments", staff[*who]), &taken).await?;
        }
        for leave in LEAVES {
            // From a Monday on, so that nothing falls into a weekend whenever the demo begins.
            let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
            let from = monday.saturating_add((7 * leave.weeks).days());
            let request = json!({
                "type_id": id(&types["types"][leave.kind])?, "from": from.to_string(),
                "to": from.saturating_add((leave.days - 1).days()).to_string(), "comment": leave.comment,
                "is_draft": leave.is_draft,
            });
            self.post(&format!("/api/v1/employees/{}/leave-requests", staff[leave.who]), &request).await?;
        }
        Ok(())
    }

    /// Six weeks of somebody's time, the older ones approved, the last one handed in, this one begun. One of them has a day
    /// that was too long.
    async fn worked(&mut self, employee: &str, number: usize) -> Outcome<()> {
        let today = self.today();
        for back in (0..6_i64).rev() {
            let monday = today.saturating_sub((7 * back).days());
            let monday = monday.saturating_sub(i64::from(monday.weekday().to_monday_zero_offset()).days());
            let iso = monday.iso_week_date();
            let mut spans = Vec::new();
            // Nobody works while they are away, nor on a holiday.
            let is_away = |day: Date| {
                let leave = LEAVES.iter().find(|leave| leave.who == number && leave.weeks == -back);
                let last = leave.map(|leave| monday.saturating_add((leave.days - 1).days()));
                last.is_some_and(|last| day <= last) || is_holiday(day, Region::Mainland)
            };
            let days = (0..5_i64).map(|day| monday.saturating_add(day.days()));
            for day in days.filter(|day| *day < today && !is_away(*day)) {
                let is_late = number == 1 && back == 2 && day.weekday() == jiff::civil::Weekday::Thursday;
                let is_short = day.weekday() == jiff::civil::Weekday::Friday;
                let until = if is_late {
                    "20:15"
                } else if is_short {
                    "16:00"
                } else {
                    "17:15"
                };
                for (from, to) in [("08:30", "12:00"), ("13:15", until)] {
                    spans.push(json!({ "on": day.to_string(), "from": from, "to": to }));
                }
            }
            if spans.is_empty() {
                continue;
            }
            let path = format!("/api/v1/employees/{employee}/weeks/{}-W{:02}", iso.year(), iso.week());
            let body = json!({ "spans": spans, "reason": "Reprise des relevés de l’atelier" });
            // Who came later has worked nothing yet.
            let Ok(_) = self.put(&path, &body).await else { continue };
            if back > 0 {
                self.post(&format!("{path}/submit"), &json!({})).await?;
            }
            if back > 1 {
                self.post(&format!("{path}/approve"), &json!({})).await?;
            }
        }
        Ok(())
    }

    /// Time that waits to be invoiced.
    /// One that nobody listens at: paused, so that nothing is sent there, with the test that was.
    async fn webhook(&mut self) -> Outcome<()> {
        let mut webhook = json!({
            "url": "https://compta.atelier-lumiere.example/abservice", "description": "Logiciel de comptabilité",
            "events": ["invoice.issued.v1", "invoice.paid.v1", "credit_note.issued.v1"],
        });
        let id = id(&self.post("/api/v1/webhooks", &webhook).await?)?;
        self.post(&format!("/api/v1/webhooks/{id}/test"), &json!({})).await?;
        webhook["paused"] = "true".into();
        self.put(&format!("/api/v1/webhooks/{id}"), &webhook).await?;
        Ok(())
    }

    async fn time(&mut self, client: &str, worked: &Worked) -> Outcome<()> {
        let today = self.today();
        let entry = json!({
            "client_id": client, "worked_on": today.saturating_sub(worked.days_ago.days()).to_string(),
            "duration": worked.duration, "description": worked.description, "hourly_price": "65", "vat_percent": "20",
        });
        self.post("/api/v1/time-entries", &entry).await.map(drop)
    }

    /// Payments by card, and the link of a client who has something to pay.
    async fn cards(&mut self, organization: &str) -> Outcome<()> {
        let url = format!("{}/webhooks/stripe/{organization}", self.host.deps.config.public_url);
        let webhook = self.host.stripe.send_events_to(CARD_KEY, &url).map_err(|error| error.to_string())?;
        let keys = json!({ "secret_key": CARD_KEY, "webhook_secret": webhook });
        self.put("/api/v1/portal/cards", &keys).await?;
        let made = self.post(&format!("/api/v1/documents/{}/links", self.payable), &json!({})).await?;
        // Told once: of an attempt that was interrupted after it, there is none.
        match made["url"].as_str().and_then(|url| url.split_once("lien=")) {
            Some((_, text)) => self.host.state.put(LINK, &text.to_owned()).map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }

    /// What the company wants to sell.
    async fn targets(&mut self) -> Outcome<()> {
        let today = self.host.clock().today(&jiff::tz::TimeZone::UTC);
        let from = format!("{:04}-01", today.year());
        for (name, kind, period, goal) in [
            ("Chiffre d’affaires du mois", "revenue", "monthly", "8000"),
            ("Nouveaux clients du trimestre", "new_clients", "quarterly", "4"),
            ("Devis acceptés", "conversion", "yearly", "60"),
        ] {
            let target = json!({ "name": name, "type": kind, "period": period, "goal": goal, "from": from });
            self.post("/api/v1/sales-targets", &target).await?;
        }
        Ok(())
    }

    /// An installer whose invoices we issue: one that was contested and settled, one on its way, a draft.
    async fn self_billing(&mut self, supplier: &str) -> Outcome<()> {
        let today = self.today().to_string();
        let mandate = json!({
            "supplier_id": supplier, "code": "MOREL", "agreed_on": today, "contest_days": "15", "vat_regime": "normal",
            "legal_form": "SARL", "capital": "8 000 €", "rcs_city": "Lyon",
        });
        self.post("/api/v1/self-billing-mandates", &mandate).await?;
        let api = "/api/v1/self-billed-invoices";
        for (subject, days, acts) in [
            ("Études d’éclairage d’octobre", "3", &["issue", "contest", "accept", "pay"][..]),
            ("Études d’éclairage de novembre", "2", &["issue"][..]),
            ("Relevés sur site", "1", &[][..]),
        ] {
            let line = json!({
                "description": "Étude sous-traitée", "quantity": days, "unit": "day", "unit_price": "410",
                "vat_percent": "20",
            });
            let draft = json!({ "supplier_id": supplier, "subject": subject, "lines": [line] });
            let path = format!("{api}/{}", id(&self.post(api, &draft).await?)?);
            for act in acts {
                let body = match *act {
                    "contest" => json!({ "reason": "Trois jours ont été passés sur place, pas deux." }),
                    "pay" => json!({ "paid_on": today, "method": "bank_transfer" }),
                    _ => json!({}),
                };
                self.post(&format!("{path}/{act}"), &body).await?;
            }
        }
        Ok(())
    }

    /// What is invoiced again and again, from the end of this month on.
    async fn recurring(&mut self, client: &str, recurring: &Recurring) -> Outcome<()> {
        let today = self.today();
        let lines: Vec<_> = recurring.lines.iter().map(|line| line.json(&self.products)).collect();
        let plan = json!({
            "invoice": { "client_id": client, "subject": recurring.subject, "lines": lines },
            "rhythm": recurring.rhythm, "first_on": today.to_string(), "day_of_month": recurring.day_of_month,
            "period": recurring.period, "then": recurring.then, "yearly_percent": recurring.yearly_percent,
        });
        self.post("/api/v1/recurring-invoices", &plan).await.map(drop)
    }
}

fn id(answer: &Value) -> Outcome<String> {
    answer["id"].as_str().map(str::to_owned).ok_or_else(|| format!("an answer without an id: {answer}"))
}

/// A first or last name as mail addresses have it.
fn plain(name: &str) -> String {
    let plain = name.chars().map(|letter| match letter {
        'é' | 'è' | 'ê' | 'É' => 'e',
        'ï' => 'i',
        'ç' => 'c',
        other => other.to_ascii_lowercase(),
    });
    plain.filter(char::is_ascii_alphabetic).collect()
}

/// The first establishment of the company whose SIREN begins with these eight digits: both check digits added.
fn siret(siren: &str) -> String {
    let siren = with_check_digit(siren);
    with_check_digit(&format!("{siren}0001"))
}

/// Luhn: counted from the right, every second digit is doubled.
fn with_check_digit(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            let counted = if place % 2 == 0 { digit * 2 } else { digit };
            counted / 10 + counted % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn vat_number(siret: &str) -> String {
    let siren = &siret[..9];
    let key = siren.parse::<u64>().map(|siren| (12 + 3 * (siren % 97)) % 97).unwrap_or_default();
    format!("FR{key:02}{siren}")
}

/// A deal that is hoped for. Stages are those that every organization begins with.
struct Hope {
    client: usize,
    name: &'static str,
    amount: &'static str,
    stage: u8,
    in_days: i64,
    priority: &'static str,
    source: &'static str,
    next_step: &'static str,
}

const LOST_STAGE: u8 = 6;

const HOPES: &[Hope] = &[
    Hope {
        client: 0,
        name: "Éclairage du nouveau fournil",
        amount: "4200",
        stage: 1,
        in_days: 45,
        priority: "medium",
        source: "Recommandation",
        next_step: "Passer voir le chantier",
    },
    Hope {
        client: 1,
        name: "Luminaires des 24 chambres",
        amount: "18600",
        stage: 3,
        in_days: 20,
        priority: "high",
        source: "Salon Maison & Objet",
        next_step: "Relancer M. Benali après son comité",
    },
    Hope {
        client: 2,
        name: "Mise aux normes de l’éclairage des bureaux",
        amount: "7350",
        stage: 2,
        in_days: 30,
        priority: "medium",
        source: "Site internet",
        next_step: "Préparer l’étude photométrique",
    },
    Hope {
        client: 3,
        name: "Contrat d’entretien annuel",
        amount: "2400",
        stage: 4,
        in_days: -6,
        priority: "critical",
        source: "Recommandation",
        next_step: "Obtenir la signature",
    },
    Hope {
        client: 4,
        name: "Vitrine de Noël",
        amount: "1950",
        stage: 5,
        in_days: 0,
        priority: "medium",
        source: "Site internet",
        next_step: "",
    },
    Hope {
        client: 1,
        name: "Enseigne lumineuse de la façade",
        amount: "5100",
        stage: LOST_STAGE,
        in_days: -15,
        priority: "low",
        source: "Salon Maison & Objet",
        next_step: "",
    },
];

fn organization() -> Value {
    let siret = siret("81234567");
    json!({
        "name": "Atelier Lumière SARL", "legal_form": "SARL", "capital": "15 000 €", "vat_number": vat_number(&siret),
        "activity": "Luminaires d’atelier", "naf_code": "27.40Z", "siret": siret, "rcs_city": "Lyon", "street": "18 quai Saint-Vincent", "postal_code": "69001", "city": "Lyon",
        "country": "FR", "phone": "04 78 00 12 34", "email": "contact@atelier-lumiere.example",
        "website": "https://atelier-lumiere.example", "bank_name": "Banque de Lyon",
        "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP", "primary_color": "#B45309",
        "secondary_color": "#1F2937", "design": "modern", "currency": "EUR", "time_zone": "Europe/Paris", "vat_regime": "normal",
        "payment_days": "30",
    })
}

/// What was bought, and when.
struct Spent {
    description: &'static str,
    category: &'static str,
    supplier: &'static str,
    gross: &'static str,
    vat_percent: &'static str,
    days_ago: i64,
    is_paid: bool,
}

const SPENT: &[Spent] = &[
    Spent {
        description: "Électricité de l’atelier",
        category: "utilities",
        supplier: "Fournisseur Énergie",
        gross: "132,40",
        vat_percent: "20",
        days_ago: 12,
        is_paid: false,
    },
    Spent {
        description: "Papier, encre et enveloppes",
        category: "supplies",
        supplier: "Papeterie des Terreaux",
        gross: "86,40",
        vat_percent: "20",
        days_ago: 9,
        is_paid: true,
    },
    Spent {
        description: "Billets de train, salon de Milan",
        category: "transport",
        supplier: "SNCF",
        gross: "214",
        vat_percent: "10",
        days_ago: 34,
        is_paid: true,
    },
    Spent {
        description: "Impression du catalogue",
        category: "marketing",
        supplier: "Imprimerie du Port",
        gross: "648",
        vat_percent: "20",
        days_ago: 45,
        is_paid: false,
    },
];

const DEPARTMENTS: &[&str] = &["Atelier et chantiers", "Administration et ventes"];
const POSITIONS: &[&str] =
    &["Responsable de l’atelier", "Monteur câbleur (H/F)", "Électricien poseur (H/F)", "Assistant de gestion (H/F)"];

/// Since when somebody works in the company.
enum Hired {
    On(&'static str),
    /// For six months.
    DaysAgo(i64),
}

struct Staff {
    first_name: &'static str,
    last_name: &'static str,
    gender: &'static str,
    born_on: &'static str,
    mobile: &'static str,
    street: &'static str,
    postal_code: &'static str,
    city: &'static str,
    hired: Hired,
    department: usize,
    position: usize,
    hours: &'static str,
    /// Gross, of a year.
    salary: &'static str,
    /// How many days ago they went part-time, their hours and their salary since then.
    amended: Option<(i64, &'static str, &'static str)>,
}

/// The owner first, above the others.
/// Of whom days were taken before, of the year that is over.
const TAKEN_BEFORE: &[(usize, &str)] = &[(0, "-12"), (1, "-18"), (2, "-15"), (3, "-20")];

/// Who is away, from the Monday of which week, for how long; `kind` is where its type stands.
struct Leave {
    who: usize,
    kind: usize,
    weeks: i64,
    days: i64,
    comment: &'static str,
    is_draft: &'static str,
}

const LEAVES: &[Leave] = &[
    Leave { who: 1, kind: 0, weeks: -6, days: 6, comment: "", is_draft: "" },
    Leave { who: 3, kind: 2, weeks: -3, days: 3, comment: "", is_draft: "" },
    Leave { who: 2, kind: 0, weeks: 1, days: 5, comment: "", is_draft: "" },
    Leave { who: 1, kind: 4, weeks: 4, days: 3, comment: "", is_draft: "" },
    Leave { who: 0, kind: 0, weeks: 5, days: 5, comment: "Semaine en famille", is_draft: "" },
    Leave { who: 0, kind: 16, weeks: 9, days: 2, comment: "Salon des métiers d’art", is_draft: "true" },
];

const STAFF: &[Staff] = &[
    Staff {
        first_name: "Camille",
        last_name: "Durand",
        gender: "female",
        born_on: "1981-04-17",
        mobile: "06 39 98 10 01",
        street: "27 rue de la Martinière",
        postal_code: "69001",
        city: "Lyon",
        hired: Hired::On("2016-09-01"),
        department: 1,
        position: 0,
        hours: "39",
        salary: "46800",
        amended: None,
    },
    Staff {
        first_name: "Julien",
        last_name: "Perrot",
        gender: "male",
        born_on: "1988-11-03",
        mobile: "06 39 98 10 02",
        street: "14 rue Pailleron",
        postal_code: "69004",
        city: "Lyon",
        hired: Hired::On("2018-02-05"),
        department: 0,
        position: 1,
        hours: "35",
        salary: "27600",
        amended: None,
    },
    Staff {
        first_name: "Amélie",
        last_name: "Rousset",
        gender: "female",
        born_on: "1992-06-24",
        mobile: "06 39 98 10 03",
        street: "6 cours Tolstoï",
        postal_code: "69100",
        city: "Villeurbanne",
        hired: Hired::On("2020-10-12"),
        department: 0,
        position: 2,
        hours: "35",
        salary: "28800",
        amended: None,
    },
    Staff {
        first_name: "Leïla",
        last_name: "Haddad",
        gender: "female",
        born_on: "1985-01-30",
        mobile: "06 39 98 10 04",
        street: "51 rue de Marseille",
        postal_code: "69007",
        city: "Lyon",
        hired: Hired::On("2021-03-01"),
        department: 1,
        position: 3,
        hours: "35",
        salary: "26400",
        amended: Some((210, "28", "21120")),
    },
    Staff {
        first_name: "Mathis",
        last_name: "Fournier",
        gender: "male",
        born_on: "2001-09-09",
        mobile: "06 39 98 10 05",
        street: "3 rue Cuvier",
        postal_code: "69006",
        city: "Lyon",
        hired: Hired::DaysAgo(45),
        department: 0,
        position: 1,
        hours: "35",
        salary: "22800",
        amended: None,
    },
];

struct Planned {
    client: usize,
    kind: &'static str,
    subject: &'static str,
    description: &'static str,
    in_days: i64,
    /// Empty for the whole day.
    time: &'static str,
    minutes: &'static str,
    status: &'static str,
}

const fn planned(
    client: usize,
    (kind, subject, description): (&'static str, &'static str, &'static str),
    (in_days, time, minutes): (i64, &'static str, &'static str),
    status: &'static str,
) -> Planned {
    Planned { client, kind, subject, description, in_days, time, minutes, status }
}

const ACTIVITIES: &[Planned] = &[
    planned(
        0,
        ("call", "Premier échange", "Cherche à remplacer les néons du fournil."),
        (-20, "09:30", "20"),
        "completed",
    ),
    planned(0, ("meeting", "Relevé sur place", "Hauteur sous plafond : 3,20 m."), (-12, "14:00", "90"), "completed"),
    planned(1, ("email", "Envoi du catalogue", ""), (-9, "11:00", ""), "completed"),
    planned(2, ("note", "Préfère être rappelée l’après-midi", ""), (-7, "", ""), "completed"),
    planned(3, ("demo", "Essai des suspensions à l’atelier", ""), (-4, "10:00", "60"), "completed"),
    planned(1, ("call", "Relancer pour l’étage", "Attendait l’accord de son associé."), (-2, "15:00", "15"), "planned"),
    planned(4, ("task", "Préparer les échantillons", ""), (0, "", ""), "planned"),
    planned(0, ("call", "Confirmer la date de pose", ""), (0, "16:30", "15"), "planned"),
    planned(
        2,
        ("meeting", "Présentation du projet d’éclairage", "Apporter la maquette."),
        (1, "10:00", "60"),
        "planned",
    ),
    planned(3, ("proposal", "Envoyer la proposition révisée", ""), (2, "", ""), "planned"),
    planned(4, ("meeting", "Visite de fin de chantier", ""), (5, "08:30", "120"), "planned"),
    planned(5, ("other", "Salon de l’éclairage", ""), (12, "", ""), "planned"),
];

struct Client {
    name: &'static str,
    /// Without its check digit.
    siren: &'static str,
    street: &'static str,
    postal_code: &'static str,
    city: &'static str,
    phone: &'static str,
    domain: &'static str,
    /// Civility, first and last name, job.
    contact: (&'static str, &'static str, &'static str, &'static str),
}

const CLIENTS: &[Client] = &[
    Client {
        name: "Boulangerie Dupré",
        siren: "40215873",
        street: "3 rue du Four",
        postal_code: "69003",
        city: "Lyon",
        phone: "04 72 00 10 01",
        domain: "boulangerie-dupre.example",
        contact: ("mrs", "Hélène", "Dupré", "Gérante"),
    },
    Client {
        name: "Hôtel des Terreaux",
        siren: "51830264",
        street: "16 rue Lanterne",
        postal_code: "69001",
        city: "Lyon",
        phone: "04 72 00 10 02",
        domain: "hotel-terreaux.example",
        contact: ("mr", "Karim", "Benali", "Directeur"),
    },
    Client {
        name: "Cabinet Morel & Associés",
        siren: "44907126",
        street: "42 avenue Foch",
        postal_code: "69006",
        city: "Lyon",
        phone: "04 72 00 10 03",
        domain: "cabinet-morel.example",
        contact: ("mrs", "Sophie", "Morel", "Associée"),
    },
    Client {
        name: "Menuiserie Garnier",
        siren: "38764510",
        street: "ZA des Platières, 7 allée des Chênes",
        postal_code: "69440",
        city: "Mornant",
        phone: "04 72 00 10 04",
        domain: "menuiserie-garnier.example",
        contact: ("mr", "Paul", "Garnier", "Gérant"),
    },
    Client {
        name: "Clinique du Parc",
        siren: "77905431",
        street: "155 boulevard Stalingrad",
        postal_code: "69006",
        city: "Lyon",
        phone: "04 72 00 10 05",
        domain: "clinique-parc.example",
        contact: ("mrs", "Inès", "Lefèvre", "Responsable des achats"),
    },
    Client {
        name: "Librairie du Tramway",
        siren: "52648097",
        street: "92 rue Moncey",
        postal_code: "69003",
        city: "Lyon",
        phone: "04 72 00 10 06",
        domain: "librairie-tramway.example",
        contact: ("mr", "Thomas", "Roux", "Libraire"),
    },
];

/// Description, quantity, unit, unit price, VAT rate.
struct Line(&'static str, &'static str, &'static str, &'static str, &'static str);

impl Line {
    /// What the catalogue has is taken from there.
    fn json(&self, products: &[(&str, String)]) -> Value {
        let Self(description, quantity, unit, unit_price, vat_percent) = self;
        let product = products.iter().find(|(name, _)| name == description).map(|(_, id)| id.as_str());
        json!({
            "product_id": product.unwrap_or_default(), "description": description, "quantity": quantity, "unit": unit,
            "unit_price": unit_price, "vat_percent": vat_percent,
        })
    }
}

struct Product {
    reference: &'static str,
    name: &'static str,
    description: &'static str,
    kind: &'static str,
    unit: &'static str,
    unit_price: &'static str,
    /// How many there are at first.
    stock: &'static str,
}

impl Product {
    fn json(&self) -> Value {
        let Self { reference, name, description, kind, unit, unit_price, .. } = self;
        json!({
            "reference": reference, "name": name, "description": description, "kind": kind, "unit": unit,
            "unit_price": unit_price, "vat_percent": "20",
        })
    }
}

const PRODUCTS: &[Product] = &[
    Product {
        reference: "SUS-NAC",
        name: "Suspension laiton « Nacelle »",
        description: "Laiton brossé, ⌀ 38 cm, câble textile de 2 m",
        kind: "product",
        unit: "piece",
        unit_price: "345.00",
        stock: "20",
    },
    Product {
        reference: "LAM-ART",
        name: "Lampe d’atelier, bras articulé",
        description: "Acier laqué, douille E27",
        kind: "product",
        unit: "piece",
        unit_price: "189.00",
        stock: "12",
    },
    Product {
        reference: "APP-CHE",
        name: "Applique de chevet",
        description: "",
        kind: "product",
        unit: "piece",
        unit_price: "96.00",
        stock: "40",
    },
    Product {
        reference: "DAL-6060",
        name: "Dalle LED 60 × 60, 4 000 K",
        description: "",
        kind: "product",
        unit: "piece",
        unit_price: "62.50",
        stock: "120",
    },
    Product {
        reference: "PRO-150",
        name: "Projecteur LED 150 W, IRC 95",
        description: "",
        kind: "product",
        unit: "piece",
        unit_price: "142.00",
        stock: "16",
    },
    Product {
        reference: "RAIL-VIT",
        name: "Rail et spots de vitrine",
        description: "",
        kind: "product",
        unit: "metre",
        unit_price: "118.00",
        stock: "30",
    },
    Product {
        reference: "POSE",
        name: "Pose et raccordement",
        description: "",
        kind: "service",
        unit: "day",
        unit_price: "480.00",
        stock: "",
    },
    Product {
        reference: "ENTRETIEN",
        name: "Entretien des luminaires",
        description: "Une visite par trimestre, consommables compris",
        kind: "subscription",
        unit: "month",
        unit_price: "45.00",
        stock: "",
    },
];

/// How far a deal has come.
#[derive(Clone, Copy)]
enum Stage {
    Drafted,
    Sent,
    /// Accepted, with a deposit that was invoiced.
    Deposited,
    Refused,
    InvoiceDrafted,
    Issued,
    PartlyPaid,
    Paid,
    /// Paid, and one piece of it given back.
    Credited,
    /// Issued and to be paid the same day.
    Due,
}

struct Deal {
    client: usize,
    subject: &'static str,
    stage: Stage,
    lines: &'static [Line],
}

struct Recurring {
    client: usize,
    subject: &'static str,
    rhythm: &'static str,
    day_of_month: &'static str,
    period: &'static str,
    then: &'static str,
    yearly_percent: &'static str,
    lines: &'static [Line],
}

struct Worked {
    client: usize,
    days_ago: i64,
    duration: &'static str,
    description: &'static str,
}

const TIME: &[Worked] = &[
    Worked { client: 0, days_ago: 9, duration: "2:30", description: "Visite du chantier et relevés" },
    Worked { client: 0, days_ago: 6, duration: "4:00", description: "Plan d’éclairage de la salle" },
    Worked { client: 0, days_ago: 2, duration: "1:15", description: "Réunion avec l’architecte" },
    Worked { client: 3, days_ago: 4, duration: "3:00", description: "Dépannage de l’enseigne lumineuse" },
];

const RECURRING: &[Recurring] = &[
    Recurring {
        client: 4,
        subject: "Maintenance de l’éclairage – {période}",
        rhythm: "monthly",
        day_of_month: "31",
        period: "ending",
        then: "issue",
        yearly_percent: "2.5",
        lines: &[Line("Forfait de maintenance, {mois} {année}", "1", "flat", "240.00", "20")],
    },
    Recurring {
        client: 1,
        subject: "Location de luminaires – {période}",
        rhythm: "quarterly",
        day_of_month: "1",
        period: "starting",
        then: "draft",
        yearly_percent: "",
        lines: &[Line("Location de lampes de table\n{période}", "12", "piece", "18.50", "20")],
    },
];

const DEALS: &[Deal] = &[
    Deal {
        client: 1,
        subject: "Éclairage du hall et de l’escalier",
        stage: Stage::Paid,
        lines: &[
            Line("Étude d’éclairage\nRelevés sur place et plan d’implantation", "2", "day", "520.00", "20"),
            Line("Suspension laiton « Nacelle »", "6", "piece", "345.00", "20"),
            Line("Pose et raccordement", "3", "day", "480.00", "20"),
        ],
    },
    Deal {
        client: 4,
        subject: "Rénovation de l’éclairage du bloc B",
        stage: Stage::PartlyPaid,
        lines: &[
            Line("Dalle LED 60 × 60, 4 000 K", "48", "piece", "62.50", "20"),
            Line("Dépose et recyclage de l’ancien matériel", "1", "flat", "850.00", "20"),
            Line("Pose de nuit", "6", "day", "640.00", "20"),
        ],
    },
    Deal {
        client: 0,
        subject: "Vitrine et fournil",
        stage: Stage::Issued,
        lines: &[
            Line("Rail et spots de vitrine", "4", "metre", "118.00", "20"),
            Line("Isolation du faux plafond\nTravaux d’amélioration énergétique", "22", "square_metre", "38.00", "5.5"),
            Line("Pose", "1.5", "day", "480.00", "20"),
        ],
    },
    Deal {
        client: 2,
        subject: "Lampes de bureau",
        stage: Stage::Credited,
        lines: &[Line("Lampe d’atelier, bras articulé", "9", "piece", "189.00", "20")],
    },
    Deal {
        client: 5,
        subject: "Entretien annuel",
        stage: Stage::Due,
        lines: &[Line("Entretien des luminaires", "12", "month", "45.00", "20")],
    },
    Deal {
        client: 3,
        subject: "Éclairage de l’atelier de finition",
        stage: Stage::InvoiceDrafted,
        lines: &[
            Line("Projecteur LED 150 W, IRC 95", "10", "piece", "142.00", "20"),
            Line("Mise en service", "4", "hour", "65.00", "20"),
        ],
    },
    Deal {
        client: 1,
        subject: "Chambres du troisième étage",
        stage: Stage::Deposited,
        lines: &[
            Line("Applique de chevet", "24", "piece", "96.00", "20"),
            Line("Pose et raccordement", "4", "day", "480.00", "20"),
        ],
    },
    Deal {
        client: 4,
        subject: "Éclairage du parking",
        stage: Stage::Sent,
        lines: &[
            Line("Mât solaire 5 m", "8", "piece", "1240.00", "20"),
            Line("Génie civil", "1", "flat", "5600.00", "20"),
        ],
    },
    Deal {
        client: 5,
        subject: "Rayon jeunesse",
        stage: Stage::Sent,
        lines: &[
            Line("Guirlande lumineuse sur mesure", "14", "metre", "54.00", "20"),
            Line("« Lumières de la ville », album (à revendre)", "20", "piece", "11.90", "5.5"),
        ],
    },
    Deal {
        client: 2,
        subject: "Salle de réunion",
        stage: Stage::Refused,
        lines: &[Line("Plafond lumineux tendu", "18", "square_metre", "310.00", "20")],
    },
    Deal {
        client: 0,
        subject: "Enseigne",
        stage: Stage::Drafted,
        lines: &[
            Line("Enseigne en lettres découpées, rétroéclairées", "1", "flat", "2350.00", "20"),
            Line("Dossier de déclaration en mairie", "1", "flat", "180.00", "20"),
        ],
    },
    Deal {
        client: 3,
        subject: "Contrat d’entretien",
        stage: Stage::Drafted,
        lines: &[Line("Visite trimestrielle", "4", "piece", "160.00", "20")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_known_companies() {
        assert_eq!(with_check_digit("73282932"), "732829320");
        assert_eq!(with_check_digit("7328293200007"), "73282932000074");
        assert_eq!(vat_number("73282932000074"), "FR44732829320");
    }
}
