//! The files that banks take: pain.008 (direct debits) and pain.001 (transfers) of ISO 20022, as the EPC's guidelines
//! (EPC130-08, EPC132-08) narrow them. Pure. Every text is of the characters that banks agree on, so none is escaped.

use std::{collections::BTreeMap, fmt::Write};

use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Minor, text};

use super::{Creditor, DebitLine, Remittance, Scheme, Sequence};

/// Which edition of the messages: banks in France take the elder until they say otherwise, and the newer since 2023.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// pain.008.001.02, pain.001.001.03
    #[default]
    Elder,
    /// pain.008.001.08, pain.001.001.09
    Newer,
}

impl Version {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "" | "02" | "03" => Some(Self::Elder),
            "08" | "09" => Some(Self::Newer),
            _ => None,
        }
    }

    const fn bic(self) -> &'static str {
        match self {
            Self::Elder => "BIC",
            Self::Newer => "BICFI",
        }
    }

    fn agent(self, bic: Option<&str>) -> String {
        match bic {
            Some(bic) => format!("<FinInstnId><{0}>{bic}</{0}></FinInstnId>", self.bic()),
            None => "<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>".into(),
        }
    }
}

/// The characters that every bank of the SEPA takes (EPC217-08), the others replaced; never empty.
fn latin(text: &str, max: usize) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(letter);
    let folded = text::folded(text).to_uppercase().replace('’', "'").replace('&', "+");
    let folded: String = folded.chars().map(|letter| if plain(letter) { letter } else { ' ' }).collect();
    let words = folded.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let cut: String = words.chars().take(max).collect();
    let cut = cut.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    let cut = cut.trim_matches(['/', ' ']);
    if cut.is_empty() { "-".into() } else { cut.into() }
}

fn amount(minor: Minor) -> String {
    minor.plain(Currency::Eur)
}

fn created(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The direct debits of a remittance; `ibans` are those of its lines, opened. What came back before it was sent is left out.
pub fn pain_008(remittance: &Remittance, ibans: &[String], version: Version) -> String {
    let mut batches: BTreeMap<(Scheme, Sequence), Vec<(usize, &DebitLine)>> = BTreeMap::new();
    for (place, line) in remittance.standing() {
        batches.entry((line.scheme, line.sequence)).or_default().push((place, line));
    }
    let name = match version {
        Version::Elder => "pain.008.001.02",
        Version::Newer => "pain.008.001.08",
    };
    let Creditor { name: creditor, creditor_id, iban, bic } = &remittance.creditor;
    let creditor = latin(creditor, 70);
    let sum = |lines: &[(usize, &DebitLine)]| amount(Minor(lines.iter().map(|(_, line)| line.amount_minor.0).sum()));
    let all: Vec<_> = remittance.standing().collect();
    let message = remittance.id.ulid();
    let mut xml = format!(
        "{HEAD}<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{name}\"><CstmrDrctDbtInitn><GrpHdr><MsgId>{message}</MsgId>\
         <CreDtTm>{}</CreDtTm><NbOfTxs>{}</NbOfTxs><CtrlSum>{}</CtrlSum><InitgPty><Nm>{creditor}</Nm></InitgPty></GrpHdr>",
        created(remittance.created_at),
        all.len(),
        sum(&all)
    );
    for (batch, ((scheme, sequence), lines)) in batches.iter().enumerate() {
        let _ = write!(
            xml,
            "<PmtInf><PmtInfId>{message}-{}</PmtInfId><PmtMtd>DD</PmtMtd><BtchBookg>true</BtchBookg>\
             <NbOfTxs>{}</NbOfTxs><CtrlSum>{}</CtrlSum><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl>\
             <LclInstrm><Cd>{}</Cd></LclInstrm><SeqTp>{}</SeqTp></PmtTpInf><ReqdColltnDt>{}</ReqdColltnDt>\
             <Cdtr><Nm>{creditor}</Nm></Cdtr><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct><CdtrAgt>{}</CdtrAgt>\
             <ChrgBr>SLEV</ChrgBr><CdtrSchmeId><Id><PrvtId><Othr><Id>{creditor_id}</Id>\
             <SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr></PrvtId></Id></CdtrSchmeId>",
            batch + 1,
            lines.len(),
            sum(lines),
            scheme.code(),
            sequence.code(),
            remittance.debit_on,
            version.agent(bic.as_deref()),
        );
        for (place, line) in lines {
            let iban = ibans.get(*place).map(String::as_str).unwrap_or_default();
            let _ = write!(
                xml,
                "<DrctDbtTxInf><PmtId><EndToEndId>{}</EndToEndId></PmtId><InstdAmt Ccy=\"EUR\">{}</InstdAmt>\
                 <DrctDbtTx><MndtRltdInf><MndtId>{}</MndtId><DtOfSgntr>{}</DtOfSgntr></MndtRltdInf></DrctDbtTx>\
                 <DbtrAgt>{}</DbtrAgt><Dbtr><Nm>{}</Nm></Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>\
                 <RmtInf><Ustrd>{}</Ustrd></RmtInf></DrctDbtTxInf>",
                latin(&line.number, 35),
                amount(line.amount_minor),
                line.reference,
                line.signed_on,
                version.agent(line.bic.as_deref()),
                latin(&line.debtor, 70),
                latin(&format!("FACTURE {}", line.number), 140),
            );
        }
        xml.push_str("</PmtInf>");
    }
    xml.push_str("</CstmrDrctDbtInitn></Document>\n");
    xml
}

/// A transfer that gives money back.
#[derive(Debug)]
pub struct Transfer<'a> {
    pub message: String,
    pub created_at: Timestamp,
    pub on: Date,
    pub debtor: &'a str,
    pub debtor_iban: &'a str,
    pub debtor_bic: Option<&'a str>,
    pub beneficiary: &'a str,
    pub iban: &'a str,
    pub bic: Option<&'a str>,
    pub amount_minor: Minor,
    pub reference: &'a str,
}

pub fn pain_001(transfer: &Transfer<'_>, version: Version) -> String {
    let (name, on) = match version {
        Version::Elder => ("pain.001.001.03", transfer.on.to_string()),
        Version::Newer => ("pain.001.001.09", format!("<Dt>{}</Dt>", transfer.on)),
    };
    let sum = amount(transfer.amount_minor);
    let debtor = latin(transfer.debtor, 70);
    let agent = transfer.bic.map(|bic| format!("<CdtrAgt>{}</CdtrAgt>", version.agent(Some(bic)))).unwrap_or_default();
    format!(
        "{HEAD}<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{name}\"><CstmrCdtTrfInitn><GrpHdr><MsgId>{message}</MsgId>\
         <CreDtTm>{created}</CreDtTm><NbOfTxs>1</NbOfTxs><CtrlSum>{sum}</CtrlSum><InitgPty><Nm>{debtor}</Nm></InitgPty></GrpHdr>\
         <PmtInf><PmtInfId>{message}-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg><NbOfTxs>1</NbOfTxs>\
         <CtrlSum>{sum}</CtrlSum><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt>{on}</ReqdExctnDt>\
         <Dbtr><Nm>{debtor}</Nm></Dbtr><DbtrAcct><Id><IBAN>{}</IBAN></Id></DbtrAcct><DbtrAgt>{}</DbtrAgt><ChrgBr>SLEV</ChrgBr>\
         <CdtTrfTxInf><PmtId><EndToEndId>{}</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">{sum}</InstdAmt></Amt>{agent}\
         <Cdtr><Nm>{}</Nm></Cdtr><CdtrAcct><Id><IBAN>{}</IBAN></Id></CdtrAcct><RmtInf><Ustrd>{}</Ustrd></RmtInf>\
         </CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>\n",
        transfer.debtor_iban,
        version.agent(transfer.debtor_bic),
        latin(transfer.reference, 35),
        latin(transfer.beneficiary, 70),
        transfer.iban,
        latin(&format!("REMBOURSEMENT {}", transfer.reference), 140),
        message = transfer.message,
        created = created(transfer.created_at),
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::{
        Sealed,
        id::{CompanyId, InvoiceId, MandateId, RemittanceId},
    };
    use roxmltree::{Document, Node};
    use ulid::Ulid;

    use super::*;

    fn line(n: u8, scheme: Scheme, sequence: Sequence, amount: i64) -> DebitLine {
        DebitLine {
            invoice: InvoiceId::from_ulid(Ulid(u128::from(n))),
            number: format!("FAC-2026-{n:04}"),
            client: CompanyId::from_ulid(Ulid(1)),
            client_name: "Café & Thé".into(),
            amount_minor: Minor(amount),
            mandate: MandateId::from_ulid(Ulid(2)),
            reference: "RUM-1".into(),
            signed_on: date(2026, 1, 10),
            scheme,
            sequence,
            debtor: "Café <Œuvre> & Thé d’été".into(),
            iban: Sealed::from_bytes(vec![1]),
            bic: None,
            is_announced: false,
            before: None,
            rejected: None,
        }
    }

    fn remittance() -> Remittance {
        Remittance {
            id: RemittanceId::from_ulid(Ulid(9)),
            created_at: "2026-11-25T18:00:00.123Z".parse().unwrap(),
            creditor: Creditor {
                name: "Atelier Lumière".into(),
                creditor_id: "FR72ZZZ123456".into(),
                iban: "FR7630006000011234567890189".into(),
                bic: Some("AGRIFRPP".into()),
            },
            debit_on: date(2026, 12, 1),
            lines: vec![
                line(1, Scheme::Core, Sequence::First, 120_000),
                line(2, Scheme::Core, Sequence::Recurrent, 5_001),
                line(3, Scheme::B2b, Sequence::Recurrent, 10),
                line(4, Scheme::Core, Sequence::Recurrent, 99),
            ],
            confirmed_on: None,
            cancelled_on: None,
        }
    }

    fn text<'a>(node: Node<'a, '_>, path: &[&str]) -> &'a str {
        let found =
            path.iter().try_fold(node, |node, name| node.children().find(|child| child.tag_name().name() == *name));
        found.and_then(|node| node.text()).unwrap_or_else(|| panic!("no {path:?}"))
    }

    fn names(node: Node<'_, '_>) -> Vec<String> {
        node.children().filter(Node::is_element).map(|child| child.tag_name().name().to_owned()).collect()
    }

    const IBAN: &str = "DE89370400440532013000";

    #[test]
    fn debits_are_in_batches_of_one_scheme_and_sequence_whose_sums_are_exact() {
        for (version, name) in [(Version::Elder, "pain.008.001.02"), (Version::Newer, "pain.008.001.08")] {
            let xml = pain_008(&remittance(), &vec![IBAN.to_owned(); 4], version);
            let document = Document::parse(&xml).unwrap();
            let root = document.root_element();
            assert_eq!(root.tag_name().namespace(), Some(format!("urn:iso:std:iso:20022:tech:xsd:{name}").as_str()));
            let message = root.first_element_child().unwrap();
            assert_eq!(text(message, &["GrpHdr", "NbOfTxs"]), "4");
            assert_eq!(text(message, &["GrpHdr", "CtrlSum"]), "1251.10");
            assert_eq!(text(message, &["GrpHdr", "CreDtTm"]), "2026-11-25T18:00:00Z");
            let batches: Vec<_> = message.children().filter(|node| node.tag_name().name() == "PmtInf").collect();
            let told: Vec<_> = batches
                .iter()
                .map(|batch| {
                    let kind = ["LclInstrm", "SeqTp"].map(|name| match name {
                        "LclInstrm" => text(*batch, &["PmtTpInf", "LclInstrm", "Cd"]),
                        _ => text(*batch, &["PmtTpInf", "SeqTp"]),
                    });
                    (kind, text(*batch, &["NbOfTxs"]), text(*batch, &["CtrlSum"]))
                })
                .collect();
            assert_eq!(
                told,
                [(["CORE", "FRST"], "1", "1200.00"), (["CORE", "RCUR"], "2", "51.00"), (["B2B", "RCUR"], "1", "0.10"),]
            );
            // The order of the schema.
            assert_eq!(
                names(batches[0]),
                [
                    "PmtInfId",
                    "PmtMtd",
                    "BtchBookg",
                    "NbOfTxs",
                    "CtrlSum",
                    "PmtTpInf",
                    "ReqdColltnDt",
                    "Cdtr",
                    "CdtrAcct",
                    "CdtrAgt",
                    "ChrgBr",
                    "CdtrSchmeId",
                    "DrctDbtTxInf"
                ]
            );
            let debit = batches[0].last_element_child().unwrap();
            assert_eq!(names(debit), ["PmtId", "InstdAmt", "DrctDbtTx", "DbtrAgt", "Dbtr", "DbtrAcct", "RmtInf"]);
            assert_eq!(text(debit, &["Dbtr", "Nm"]), "CAFE OEUVRE + THE D'ETE");
            assert_eq!(text(debit, &["DbtrAcct", "Id", "IBAN"]), IBAN);
            assert_eq!(text(debit, &["DbtrAgt", "FinInstnId", "Othr", "Id"]), "NOTPROVIDED");
            let bic = if version == Version::Elder { "BIC" } else { "BICFI" };
            assert_eq!(text(batches[0], &["CdtrAgt", "FinInstnId", bic]), "AGRIFRPP");
            assert_eq!(text(debit, &["DrctDbtTx", "MndtRltdInf", "MndtId"]), "RUM-1");
        }
    }

    #[test]
    fn what_came_back_before_is_left_out() {
        let mut remittance = remittance();
        let rejection = super::super::remittance::Rejection { on: date(2026, 11, 26), reason: "AC04".into() };
        remittance = remittance.with_rejected(0, rejection.clone()).unwrap();
        assert!(remittance.with_rejected(0, rejection).is_err());
        let xml = pain_008(&remittance, &vec![IBAN.to_owned(); 4], Version::Elder);
        assert!(xml.contains("<NbOfTxs>3</NbOfTxs><CtrlSum>51.10</CtrlSum>") && !xml.contains("FRST"));
    }

    #[test]
    fn a_transfer_is_one_payment() {
        let transfer = Transfer {
            message: "M1".into(),
            created_at: Timestamp::UNIX_EPOCH,
            on: date(2026, 12, 1),
            debtor: "Atelier Lumière",
            debtor_iban: "FR7630006000011234567890189",
            debtor_bic: None,
            beneficiary: "Hélène Dupré",
            iban: IBAN,
            bic: Some("COBADEFFXXX"),
            amount_minor: Minor(30_000),
            reference: "FAC-2026-0001",
        };
        let elder = pain_001(&transfer, Version::Elder);
        let document = Document::parse(&elder).unwrap();
        let payment = document.root_element().first_element_child().unwrap().last_element_child().unwrap();
        assert_eq!(text(payment, &["ReqdExctnDt"]), "2026-12-01");
        let one = payment.last_element_child().unwrap();
        assert_eq!(names(one), ["PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct", "RmtInf"]);
        assert_eq!((text(one, &["Cdtr", "Nm"]), text(one, &["Amt", "InstdAmt"])), ("HELENE DUPRE", "300.00"));
        assert!(pain_001(&transfer, Version::Newer).contains("<ReqdExctnDt><Dt>2026-12-01</Dt></ReqdExctnDt>"));
    }

    #[test]
    fn texts_are_of_the_characters_that_banks_agree_on() {
        for (typed, told) in [
            ("Éts Müller & fils", "ETS MULLER + FILS"),
            ("<script>", "SCRIPT"),
            ("///", "-"),
            ("日本", "-"),
            ("a//b/", "A/B"),
            ("/ a///b / ", "A/B"),
        ] {
            assert_eq!(latin(typed, 70), told, "{typed}");
        }
        assert_eq!(latin(&"x".repeat(200), 70).len(), 70);
    }
}
