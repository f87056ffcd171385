//! How figures are said in French. Pure.

/// `0 facture`, `1 facture`, `2 factures`: French has its plural from two on.
pub fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count.abs() < 2 { one } else { many })
}

/// `+12 %`, `−3 %`.
pub fn signed_percent(percent: i64) -> String {
    if percent < 0 { format!("−{}\u{a0}%", percent.unsigned_abs()) } else { format!("+{percent}\u{a0}%") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_less_than_two_is_singular_and_what_falls_has_a_minus() {
        let said = [0, 1, 2].map(|count| counted(count, "avoir déduit", "avoirs déduits"));
        assert_eq!(said, ["0 avoir déduit", "1 avoir déduit", "2 avoirs déduits"]);
        let said = [12, 0, -3].map(signed_percent);
        assert_eq!(said, ["+12\u{a0}%", "+0\u{a0}%", "−3\u{a0}%"]);
    }
}
