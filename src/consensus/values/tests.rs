use super::*;
fn show(s: &str) -> String {
    find(s)
        .iter()
        .map(|f| format!("{}{}{}", &s[f.range.clone()], if f.approximate { " ~ " } else { " = " }, f.value.canonical()))
        .collect::<Vec<_>>()
        .join(" | ")
}
#[test]
fn look() {
    for s in ["It was 384,400 km in **1969**.", "Apollo 11 landed on July 20, 1969, at 20:17 UTC."] {
        println!("{s}\n   {}", show(s));
    }
}
