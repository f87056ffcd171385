//! How figures are said in French. Pure.

/// `0 facture`, `1 facture`, `2 factures`: French has its plural from two on.
pub fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count.abs() < 2 { one } else { many })
}

/// `12 %`, `−3 %`.
pub fn percent(percent: i64) -> String {
    let sign = if percent < 0 { "−" } else { "" };
    format!("{sign}{}\u{a0}%", percent.unsigned_abs())
}

/// `+12 %`, `−3 %`.
pub fn signed_percent(of: i64) -> String {
    if of < 0 { percent(of) } else { format!("+{}", percent(of)) }
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
