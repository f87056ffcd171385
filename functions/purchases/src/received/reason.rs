//! Why an invoice is disputed or refused: the reasons that platforms exchange (XP Z12-012, rule BR-FR-CDV-CL-09), of which each
//! state takes some. Pure.

use kernel::{Rule, Violations, legal};
use serde::{Deserialize, Serialize};

use super::Lifecycle;

const COMMENT_MAX: usize = 500;

macro_rules! reasons {
    ($($name:ident = $code:literal, $refuses:literal, $french:literal;)*) => {
        /// MDT-113, by its code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        #[schema(as = ReceivedInvoiceReason)]
        pub enum Reason { $(#[serde(rename = $code)] $name,)* }

        impl Reason {
            /// All of a dispute (MDT-113_207), in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            pub const fn french(self) -> &'static str {
                match self { $(Self::$name => $french,)* }
            }

            /// Whether an invoice may be refused for it (MDT-113_210).
            pub const fn refuses(self) -> bool {
                match self { $(Self::$name => $refuses,)* }
            }
        }
    };
}

reasons! {
    VatRate = "TX_TVA_ERR", true, "Taux de TVA erroné";
    Total = "MONTANTTOTAL_ERR", true, "Montant total erroné";
    Calculation = "CALCUL_ERR", true, "Erreur de calcul";
    Mentions = "NON_CONFORME", true, "Mention légale manquante";
    Duplicate = "DOUBLON", true, "Facture en doublon";
    InvoicedTwice = "DOUBLE_FACT", true, "Déjà facturé sur une autre facture";
    Recipient = "DEST_ERR", true, "Erreur de destinataire";
    UnknownRecipient = "DEST_INC", false, "Destinataire inconnu";
    UnknownDeal = "TRANSAC_INC", true, "Transaction inconnue";
    UnknownSeller = "EMMET_INC", true, "Émetteur inconnu";
    ContractEnded = "CONTRAT_TERM", true, "Contrat terminé";
    ContractMissing = "REF_CT_ABSENT", true, "Référence du contrat manquante";
    Order = "CMD_ERR", true, "Numéro de commande incorrect ou manquant";
    Address = "ADR_ERR", true, "Adresse de facturation erronée";
    Siret = "SIRET_ERR", false, "SIRET erroné ou absent";
    Routing = "CODE_ROUTAGE_ERR", false, "Code de routage erroné ou absent";
    Reference = "REF_ERR", false, "Référence incorrecte";
    Price = "PU_ERR", false, "Prix unitaire incorrect";
    Discount = "REM_ERR", false, "Remise incorrecte";
    Quantity = "QTE_ERR", false, "Quantité incorrecte";
    Article = "ART_ERR", false, "Article incorrect";
    Quality = "QUALITE_ERR", false, "Qualité non conforme";
    Delivery = "LIVR_INCOMP", false, "Livraison incomplète ou défectueuse";
    Terms = "MODPAI_ERR", false, "Modalités de paiement incorrectes";
    BankAccount = "COORD_BANC_ERR", false, "Coordonnées bancaires erronées";
    Other = "AUTRE", false, "Autre motif";
}

impl Reason {
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.code() == code)
    }

    const fn fits(self, state: Lifecycle) -> bool {
        match state {
            Lifecycle::Refused => self.refuses(),
            Lifecycle::Disputed => true,
            _ => false,
        }
    }

    /// Those with which a state is reached.
    pub fn of(state: Lifecycle) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |reason| reason.fits(state))
    }
}

/// Why, and what its sender is told besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    pub reason: Reason,
    pub comment: Option<String>,
}

impl Why {
    pub fn french(&self) -> String {
        match &self.comment {
            Some(comment) => format!("{}\u{a0}: {comment}", self.reason.french()),
            None => self.reason.french().into(),
        }
    }
}

/// Why it is disputed or refused. The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ReceivedInvoiceReasonInput)]
pub struct ReasonInput {
    /// As platforms exchange it: `QTE_ERR`. A refusal takes `TX_TVA_ERR`, `MONTANTTOTAL_ERR`, `CALCUL_ERR`, `NON_CONFORME`,
    /// `DOUBLON`, `DOUBLE_FACT`, `DEST_ERR`, `TRANSAC_INC`, `EMMET_INC`, `CONTRAT_TERM`, `REF_CT_ABSENT`, `CMD_ERR` or `ADR_ERR`;
    /// a dispute these and `DEST_INC`, `SIRET_ERR`, `CODE_ROUTAGE_ERR`, `REF_ERR`, `PU_ERR`, `REM_ERR`, `QTE_ERR`, `ART_ERR`,
    /// `QUALITE_ERR`, `LIVR_INCOMP`, `MODPAI_ERR`, `COORD_BANC_ERR` or `AUTRE`.
    pub code: String,
    /// What its sender is told besides; required with `AUTRE`.
    pub comment: String,
}

impl ReasonInput {
    pub fn parse(&self, state: Lifecycle) -> Result<Why, Violations> {
        let mut wrong = Violations::default();
        let reason = match self.code.trim() {
            "" => Err(Rule::Required),
            code => Reason::coded(code).filter(|reason| reason.fits(state)).ok_or(Rule::NotAChoice),
        };
        let reason = wrong.take("/code", reason);
        let comment = match (reason, self.comment.trim()) {
            (Some(Reason::Other), "") => Err(Rule::Required),
            _ => legal::optional(&self.comment, |text| legal::text(text, COMMENT_MAX)),
        };
        match (reason, wrong.take("/comment", comment)) {
            (Some(reason), Some(comment)) => Ok(Why { reason, comment }),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_takes_the_reasons_of_its_list() {
        assert_eq!(Reason::of(Lifecycle::Disputed).count(), 26);
        let refusals: Vec<_> = Reason::of(Lifecycle::Refused).map(Reason::code).collect();
        assert_eq!(
            refusals.join(" "),
            "TX_TVA_ERR MONTANTTOTAL_ERR CALCUL_ERR NON_CONFORME DOUBLON DOUBLE_FACT DEST_ERR TRANSAC_INC EMMET_INC \
             CONTRAT_TERM REF_CT_ABSENT CMD_ERR ADR_ERR"
        );
        assert_eq!(Reason::of(Lifecycle::Approved).count(), 0);
        for reason in Reason::ALL {
            assert_eq!(Reason::coded(reason.code()), Some(*reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }

    #[test]
    fn what_has_no_name_is_explained() {
        let parse = |code: &str, comment: &str, state| {
            let input = ReasonInput { code: code.into(), comment: comment.into() };
            let pointers = |wrong: Violations| wrong.iter().map(|one| one.pointer.clone()).collect::<Vec<_>>();
            input.parse(state).map(|why| why.french()).map_err(pointers)
        };
        let (disputed, refused) = (Lifecycle::Disputed, Lifecycle::Refused);
        assert_eq!(parse("QTE_ERR", " ", disputed), Ok("Quantité incorrecte".into()));
        assert_eq!(parse("DOUBLON", "La F-12", refused), Ok("Facture en doublon\u{a0}: La F-12".into()));
        assert_eq!(parse("AUTRE", "", disputed), Err(vec!["/comment".to_owned()]));
        for (code, state) in [("", disputed), ("QTE_ERR", refused), ("AUTRE", refused), ("qte_err", disputed)] {
            assert_eq!(parse(code, "x", state), Err(vec!["/code".to_owned()]), "{code}");
        }
        assert_eq!(parse("X", &"x".repeat(501), disputed), Err(vec!["/code".to_owned(), "/comment".to_owned()]));
    }
}
