//! What a client gives with their acceptance: who they are, that they agree, and a signature, drawn or typed.

use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{
    Error, Result, Rule, Violations,
    document::Logo,
    id::{OrganizationId, QuoteId},
    legal,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use table::keys;
use web::Visitor;

/// What the page's canvas gives.
const DRAWN_AS: &str = "data:image/png;base64,";
/// Of the picture as it comes; a drawing of a few strokes has some thousands.
const DRAWN_BYTES_MAX: usize = 256 * 1024;
/// Pixels of the longer side as it is kept.
const SIDE_MAX: u32 = 900;

/// The form of an acceptance.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignatureInput {
    pub lien: String,
    pub name: String,
    pub quality: String,
    pub email: String,
    /// The places of the lines that are chosen beside the rest, from 1.
    #[serde(deserialize_with = "web::form::column")]
    pub options: Vec<String>,
    /// `true`: « Bon pour accord ».
    pub agreed: String,
    /// `true`: the name that is typed stands for a drawing.
    pub typed: String,
    /// A PNG as a data URL.
    pub drawn: String,
}

/// One whose fields are right.
#[derive(Debug, Clone)]
pub struct Signed {
    pub name: String,
    pub quality: Option<String>,
    pub email: Option<String>,
    pub options: Vec<usize>,
    /// The picture as it came.
    pub drawn: Option<Vec<u8>>,
}

impl SignatureInput {
    pub fn parse(&self) -> std::result::Result<Signed, Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 200));
        let quality = wrong.take("/quality", legal::optional(&self.quality, |text| legal::text(text, 100)));
        let email = wrong.take("/email", legal::optional(&self.email, legal::email));
        if self.agreed != "true" {
            wrong.add("/agreed", Rule::NotAgreed);
        }
        let drawn = wrong.take("/drawn", self.drawn());
        // What is no number names no line.
        let options = self.options.iter().map(|place| place.parse().unwrap_or_default()).collect();
        match (name, quality, email, drawn, wrong.is_empty()) {
            (Some(name), Some(quality), Some(email), Some(drawn), true) => {
                Ok(Signed { name, quality, email, options, drawn })
            }
            _ => Err(wrong),
        }
    }

    fn drawn(&self) -> std::result::Result<Option<Vec<u8>>, Rule> {
        if self.typed == "true" {
            return Ok(None);
        }
        if self.drawn.is_empty() {
            return Err(Rule::NotSigned);
        }
        let text = self.drawn.strip_prefix(DRAWN_AS).ok_or(Rule::NotAnImage)?;
        if text.len() / 4 * 3 > DRAWN_BYTES_MAX {
            return Err(Rule::FileTooLarge { max_mb: 1 });
        }
        STANDARD.decode(text).map(Some).map_err(|_| Rule::NotAnImage)
    }
}

/// Keeps a drawing as a harmless picture, named by its content: one that no act names in the end is of no consequence.
pub async fn keep(
    visitor: &Visitor,
    organization: OrganizationId,
    quote: QuoteId,
    drawn: Option<Vec<u8>>,
) -> Result<Option<Logo>> {
    let Some(bytes) = drawn else { return Ok(None) };
    let picture = tokio::task::spawn_blocking(move || images::reencoded(&bytes, SIDE_MAX))
        .await
        .map_err(|_| Error::internal("a signature could not be read"))?
        .map_err(|rule| Error::field("/drawn", rule))?;
    let sha256 = hex::encode(Sha256::digest(&picture.png));
    let key = keys::signature_s3_key(organization, quote, &sha256);
    visitor.deps.files.put(&key, picture.png, "image/png").await?;
    Ok(Some(Logo { sha256, width: picture.width, height: picture.height }))
}
