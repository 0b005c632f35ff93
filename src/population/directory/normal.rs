//! Normal forms of what people type: two that are equal are one contact point.

/// An e-mail address in normal form: trimmed, lower case; Gmail ignores dots and what follows a plus sign. `None` if it
/// is not an address.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let plausible = !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text.contains(char::is_whitespace);
    if !plausible {
        return None;
    }
    if matches!(domain, "gmail.com" | "googlemail.com") {
        let local = local.split('+').next().unwrap_or(local).replace('.', "");
        return (!local.is_empty()).then(|| format!("{local}@gmail.com"));
    }
    Some(format!("{local}@{domain}"))
}

/// Whether the local part of a normal e-mail address names a role rather than a person.
pub fn is_role(email: &str) -> bool {
    const ROLES: [&str; 20] = [
        "accounts",
        "admin",
        "billing",
        "buchhaltung",
        "contact",
        "einkauf",
        "enquiries",
        "finance",
        "hello",
        "help",
        "info",
        "kontakt",
        "mail",
        "office",
        "orders",
        "purchasing",
        "reception",
        "sales",
        "support",
        "team",
    ];
    email.split('@').next().is_some_and(|local| ROLES.contains(&local))
}

/// A phone number in normal form: digits only, with an international prefix as it stands. `None` if there are too few.
pub fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let international = text.trim().starts_with('+');
    let digits = match digits.strip_prefix("00") {
        Some(rest) if !international => format!("+{rest}"),
        _ if international => format!("+{digits}"),
        _ => digits,
    };
    (digits.trim_start_matches('+').len() >= 6).then_some(digits)
}

/// Names in normal form: lower case letters only.
pub fn names(first: &str, last: &str) -> Option<String> {
    let letters = |text: &str| -> String { text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let (first, last) = (letters(first), letters(last));
    (!first.is_empty() && !last.is_empty()).then(|| format!("{first} {last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mailbox_has_one_normal_form() {
        assert_eq!(email(" Ann.Lee+shop@GMAIL.com ").as_deref(), Some("annlee@gmail.com"));
        assert_eq!(email("annlee@googlemail.com").as_deref(), Some("annlee@gmail.com"));
        assert_eq!(email("A.B+c@firm.example").as_deref(), Some("a.b+c@firm.example"), "only Gmail ignores them");
        for wrong in ["", "nobody", "@x.y", "a b@x.y", "a@x", "a@.y"] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
        assert!(is_role("info@firm.example") && !is_role("informer@firm.example"));
    }

    #[test]
    fn one_phone_has_one_normal_form() {
        assert_eq!(phone("+61 (455) 964-985").as_deref(), Some("+61455964985"));
        assert_eq!(phone("0061 455 964 985").as_deref(), Some("+61455964985"));
        assert_eq!(phone("0455 964 985").as_deref(), Some("0455964985"));
        assert_eq!(phone("n/a"), None);
        assert_eq!(names("Jo-Ann", "O'Neill"), names("joann", "ONEILL"));
        assert_eq!(names("Ann", ""), None);
    }
}
