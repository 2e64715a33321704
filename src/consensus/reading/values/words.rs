//! What words mean to the readers of values: number words, months, hedges, labels.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word means to the readers of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// Zero to nineteen.
    Small(u32),
    /// Twenty to ninety.
    Tens(u32),
    /// "hundred".
    Hundred,
    /// "thousand" and up, written with or without a number in front.
    Scale(f64),
    /// A letter or two behind the digits: `k`, `bn`.
    ShortScale(f64),
    /// "dozen".
    Dozen,
    /// "third", as a place in an order or a part of a whole.
    Ordinal(u32),
    /// "thirds".
    Parts(u32),
    /// "half".
    Half,
    /// `th`, `st` behind digits.
    OrdinalMark,
    /// "a", "an".
    Article,
    /// "the" and the like in front of an ordinal.
    Definite,
    /// "and".
    And,
    /// "to", between the ends of a range.
    To,
    /// "between".
    Between,
    /// "point", in a number that is spelled out.
    Point,
    /// "minus".
    Minus,
    /// A month, 1 to 12; lower case counts as well.
    Month(u8),
    /// A month that is a common word when it is not capitalised.
    CapitalMonth(u8),
    /// "about".
    About,
    /// "minimum", "at least".
    AtLeast,
    /// "over".
    Above,
    /// "maximum", "at most".
    AtMost,
    /// "under".
    Below,
    /// "in", "since": a year may follow.
    Since,
    /// "early", "mid", "pre": a year may follow, possibly behind a hyphen.
    Period,
    /// "AD", in front of a year or behind it.
    Anno,
    /// "BC".
    Before,
    /// "century".
    Century,
    /// "of", "de", between day and month.
    Of,
    /// "step", "page": the number behind it only labels.
    Label,
    /// Something that has versions.
    Software,
    /// Another word that makes no name of the number behind it.
    Function,
    /// "plus", "more" and the like; read only in fixed phrases.
    More,
    /// "less", "fewer"; read only in fixed phrases.
    Less,
    /// 年.
    YearSign,
    /// 月.
    MonthSign,
    /// 日.
    DaySign,
}

/// Every word with a meaning, in lower case. English first; then months, hedges and a few function words of German,
/// French, Spanish, Italian, Portuguese and Dutch.
const ROWS: &[(Meaning, &str)] = &[
    (Meaning::Hundred, "hundred"),
    (Meaning::Scale(1e3), "thousand tausend mille 千 천"),
    (Meaning::Scale(1e4), "万 萬 만"),
    (Meaning::Scale(1e5), "lakh lakhs"),
    (Meaning::Scale(1e6), "million millionen millions mio millones millón milioni milhões miljoen"),
    (Meaning::Scale(1e7), "crore crores"),
    (Meaning::Scale(1e8), "億 亿 억"),
    (Meaning::Scale(1e9), "billion milliarde milliarden milliards miljard"),
    (Meaning::Scale(1e12), "trillion 兆 조"),
    (Meaning::Scale(1e15), "quadrillion"),
    (Meaning::Scale(1e18), "quintillion"),
    (Meaning::ShortScale(1e3), "k"),
    (Meaning::ShortScale(1e6), "mn mil mln"),
    (Meaning::ShortScale(1e9), "bn bln"),
    (Meaning::ShortScale(1e12), "tn trn"),
    (Meaning::Dozen, "dozen"),
    (Meaning::Half, "half halves"),
    (Meaning::Parts(4), "quarters quarter fourths"),
    (Meaning::Parts(3), "thirds"),
    (Meaning::Parts(5), "fifths"),
    (Meaning::Parts(6), "sixths"),
    (Meaning::Parts(7), "sevenths"),
    (Meaning::Parts(8), "eighths"),
    (Meaning::Parts(9), "ninths"),
    (Meaning::Parts(10), "tenths"),
    (Meaning::Parts(100), "hundredths"),
    (Meaning::Ordinal(100), "hundredth"),
    (Meaning::Ordinal(1000), "thousandth"),
    (Meaning::OrdinalMark, "st nd rd th er º ª"),
    (Meaning::Article, "a an"),
    (Meaning::Definite, "the his her its their our my your this that every der die das le la el il"),
    (Meaning::And, "and und et y e och"),
    (Meaning::To, "to through thru bis à"),
    (Meaning::Between, "between zwischen entre"),
    (Meaning::Point, "point"),
    (Meaning::Minus, "minus negative"),
    (Meaning::Month(1), "january januar janvier enero gennaio janeiro januari"),
    (Meaning::Month(2), "february februar février fevrier febrero febbraio fevereiro februari"),
    (Meaning::Month(3), "märz marz marzo março maart"),
    (Meaning::Month(4), "april avril abril aprile"),
    (Meaning::Month(5), "mayo maggio maio"),
    (Meaning::Month(6), "june juni juin junio giugno junho"),
    (Meaning::Month(7), "july juli juillet julio luglio julho"),
    (Meaning::Month(8), "august août aout agosto augustus"),
    (Meaning::Month(9), "september septembre septiembre settembre setembro"),
    (Meaning::Month(10), "october oktober octobre octubre ottobre outubro"),
    (Meaning::Month(11), "november novembre noviembre novembro"),
    (Meaning::Month(12), "december dezember décembre decembre diciembre dicembre dezembro"),
    (Meaning::CapitalMonth(1), "jan"),
    (Meaning::CapitalMonth(2), "feb"),
    (Meaning::CapitalMonth(3), "march mar mars"),
    (Meaning::CapitalMonth(4), "apr"),
    (Meaning::CapitalMonth(5), "may mai"),
    (Meaning::CapitalMonth(6), "jun"),
    (Meaning::CapitalMonth(7), "jul"),
    (Meaning::CapitalMonth(8), "aug"),
    (Meaning::CapitalMonth(9), "sep sept"),
    (Meaning::CapitalMonth(10), "oct okt"),
    (Meaning::CapitalMonth(11), "nov"),
    (Meaning::CapitalMonth(12), "dec dez"),
    (
        Meaning::About,
        "about approximately approx around roughly nearly almost estimated circa ca c some etwa ungefähr rund \
         environ aproximadamente unos unas cerca gut 約 约 약",
    ),
    (Meaning::More, "more greater larger higher bigger longer older mehr plus más più"),
    (Meaning::Less, "less fewer lower smaller shorter younger weniger moins menos meno"),
    (Meaning::Period, "pre post late early mid"),
    (Meaning::Above, "over above exceeding exceeds exceeded beyond über"),
    (Meaning::AtLeast, "minimum mindestens"),
    (Meaning::Below, "under below unter"),
    (Meaning::AtMost, "maximum höchstens maximal"),
    (
        Meaning::Since,
        "in since by until till from during before after year years im seit en depuis desde nel dal jahr año on season \
         spring summer autumn fall winter as",
    ),
    (Meaning::Anno, "ad ce"),
    (Meaning::Before, "bc bce"),
    (Meaning::Century, "century centuries jahrhundert siècle siglo secolo 世紀 世纪"),
    (Meaning::Of, "of de di"),
    (
        Meaning::Label,
        "step chapter page pages figure fig table section sec part option question problem case example item line \
         appendix volume vol no nr op type phase stage lesson note footnote ref equation eq theorem lemma level grade \
         class category group scenario day week exercise method approach statement point rule tip article amendment \
         pp p art ch room route highway channel gate platform schritt kapitel seite",
    ),
    (
        Meaning::Software,
        "version versions v ver git python java node rust rustc cargo go golang php ruby perl postgresql postgres \
         mysql sqlite linux kernel ubuntu debian fedora android ios macos windows docker kubernetes django flask react \
         angular vue typescript javascript ecmascript dotnet gcc clang llvm cmake bash openssl http tls ssl bluetooth \
         usb unicode numpy pandas pytorch tensorflow scala kotlin swift julia redis mongodb nginx apache release",
    ),
    (
        Meaning::Function,
        "is are was were be been has had have with for at than then when if so but or we he she it they i you not only \
         exactly just up total sum answer result results final value equals equal number add subtract multiply \
         multiplying divide dividing adding subtracting thus therefore hence so now plus times there here all \
         each any both which what how where who given using let because while although though also another every \
         these those most least per ist sind waren mit für est sont son monday tuesday wednesday \
         thursday friday saturday sunday within into against born died aged age ages find remaining score \
         population cost costs price distance height length weight mass speed area time duration \
         temperature took take takes making made leaving leaves them us use choose pick \
         get gets got yields gives giving needs need means does do did can could would will must should",
    ),
    (Meaning::YearSign, "年 년"),
    (Meaning::MonthSign, "月 월"),
    (Meaning::DaySign, "日 号 일"),
];

/// Numbers in German, French and Spanish that are no English words.
const FOREIGN: [(&str, u32); 41] = [
    ("null", 0),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("zwölf", 12),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("huit", 8),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("treize", 13),
    ("quatorze", 14),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("doce", 12),
    ("trece", 13),
    ("catorce", 14),
    ("dieciséis", 16),
    ("diecisiete", 17),
    ("dieciocho", 18),
    ("diecinueve", 19),
    ("veintiuno", 21),
    ("veintidós", 22),
    ("veintitrés", 23),
    ("veinticuatro", 24),
    ("veinticinco", 25),
];

/// Tens in French and Spanish.
const FOREIGN_TENS: [(&str, u32); 12] = [
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("veinte", 20),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("sesenta", 60),
    ("setenta", 70),
    ("ochenta", 80),
];

/// Zero to nineteen, in order.
const SMALL: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
                     sixteen seventeen eighteen nineteen";

/// The places that go with `SMALL`.
const SMALL_ORDINALS: &str = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth \
                              thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth";

/// Twenty to ninety, in order.
const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";

/// The places that go with `TENS`.
const TENS_ORDINALS: &str = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth";

/// Longest word of the table, in bytes.
const LONGEST: usize = 24;

static MEANINGS: LazyLock<HashMap<&'static str, Meaning>> = LazyLock::new(|| {
    let mut meanings = HashMap::new();
    let mut add = |word, meaning| {
        // The first row that names a word wins.
        meanings.entry(word).or_insert(meaning);
    };
    for (number, word) in (0..).zip(SMALL.split_whitespace()) {
        add(word, Meaning::Small(number));
    }
    for (number, word) in (0..).zip(SMALL_ORDINALS.split_whitespace()) {
        add(word, Meaning::Ordinal(number));
    }
    for (tens, word) in (2..).zip(TENS.split_whitespace()) {
        add(word, Meaning::Tens(tens * 10));
    }
    for (tens, word) in (2..).zip(TENS_ORDINALS.split_whitespace()) {
        add(word, Meaning::Ordinal(tens * 10));
    }
    for (word, number) in FOREIGN {
        add(word, Meaning::Small(number));
    }
    for (word, tens) in FOREIGN_TENS {
        add(word, Meaning::Tens(tens));
    }
    for (meaning, words) in ROWS {
        for word in words.split_whitespace() {
            add(word, *meaning);
        }
    }
    meanings
});

/// Returns what `word` means, whatever its case; `None` for a word without a meaning here.
pub(super) fn meaning(word: &str) -> Option<Meaning> {
    if word.len() > LONGEST {
        return None;
    }
    match word {
        // Case tells a million from a metre and a billion from a byte's part.
        "M" => return Some(Meaning::ShortScale(1e6)),
        "B" => return Some(Meaning::ShortScale(1e9)),
        "T" => return Some(Meaning::ShortScale(1e12)),
        _ => {}
    }
    let known = if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        MEANINGS.get(word).copied()
    } else {
        MEANINGS.get(word.to_lowercase().as_str()).copied()
    };
    known.or_else(|| german(word).map(Meaning::Small))
}

/// Returns the number that a German word of several parts spells: siebzehn, einundzwanzig, zweihundert.
fn german(word: &str) -> Option<u32> {
    const UNITS: [(&str, u32); 13] = [
        ("ein", 1),
        ("zwei", 2),
        ("drei", 3),
        ("vier", 4),
        ("fünf", 5),
        ("sechs", 6),
        ("sech", 6),
        ("sieben", 7),
        ("sieb", 7),
        ("acht", 8),
        ("neun", 9),
        ("zehn", 10),
        ("elf", 11),
    ];
    let unit = |word: &str| UNITS.into_iter().find(|(name, _)| *name == word).map(|(_, number)| number);
    if let Some(unit_before) = word.strip_suffix("tausend").or_else(|| word.strip_suffix("hundert")).and_then(unit) {
        return Some(unit_before * if word.ends_with("tausend") { 1000 } else { 100 });
    }
    if let Some(before) = word.strip_suffix("zehn") {
        return unit(before).filter(|unit| (3..=9).contains(unit)).map(|unit| unit + 10);
    }
    let tens = |word: &str| match word {
        "zwanzig" => Some(20),
        "dreißig" | "dreissig" => Some(30),
        _ => unit(word.strip_suffix("zig")?).filter(|unit| (4..=9).contains(unit)).map(|unit| unit * 10),
    };
    tens(word).or_else(|| {
        let (small, large) = word.split_once("und")?;
        Some(unit(small).filter(|unit| (1..=9).contains(unit))? + tens(large)?)
    })
}
