//! The units that are known: symbols, names, what they measure and how much of the base unit they are.

use crate::consensus::reading::values::Dimension;
use crate::consensus::reading::values::units::Powers;

pub(super) const METRE: Powers = Powers([1, 0, 0, 0, 0, 0, 0, 0]);
pub(super) const KILOGRAM: Powers = Powers([0, 1, 0, 0, 0, 0, 0, 0]);
pub(super) const SECOND: Powers = Powers([0, 0, 1, 0, 0, 0, 0, 0]);
const AMPERE: Powers = Powers([0, 0, 0, 1, 0, 0, 0, 0]);
pub(super) const KELVIN: Powers = Powers([0, 0, 0, 0, 1, 0, 0, 0]);
const BYTE: Powers = Powers([0, 0, 0, 0, 0, 1, 0, 0]);
pub(super) const RADIAN: Powers = Powers([0, 0, 0, 0, 0, 0, 1, 0]);
const MOLE: Powers = Powers([0, 0, 0, 0, 0, 0, 0, 1]);
const AREA: Powers = Powers([2, 0, 0, 0, 0, 0, 0, 0]);
pub(super) const VOLUME: Powers = Powers([3, 0, 0, 0, 0, 0, 0, 0]);
const SPEED: Powers = Powers([1, 0, -1, 0, 0, 0, 0, 0]);
pub(super) const FREQUENCY: Powers = Powers([0, 0, -1, 0, 0, 0, 0, 0]);
const FORCE: Powers = Powers([1, 1, -2, 0, 0, 0, 0, 0]);
const PRESSURE: Powers = Powers([-1, 1, -2, 0, 0, 0, 0, 0]);
const ENERGY: Powers = Powers([2, 1, -2, 0, 0, 0, 0, 0]);
const POWER: Powers = Powers([2, 1, -3, 0, 0, 0, 0, 0]);
const VOLT: Powers = Powers([2, 1, -3, -1, 0, 0, 0, 0]);
const OHM: Powers = Powers([2, 1, -3, -2, 0, 0, 0, 0]);
const CAPACITANCE: Powers = Powers([-2, -1, 4, 2, 0, 0, 0, 0]);
const INDUCTANCE: Powers = Powers([2, 1, -2, -2, 0, 0, 0, 0]);
const FLUX_DENSITY: Powers = Powers([0, 1, -2, -1, 0, 0, 0, 0]);
const CONCENTRATION: Powers = Powers([-3, 0, 0, 0, 0, 0, 0, 1]);
const DATA_RATE: Powers = Powers([0, 0, -1, 0, 0, 1, 0, 0]);

/// Seconds in a Julian year of 365.25 days (IAU).
const YEAR: f64 = 31_557_600.0;

/// A unit: symbols (as written, case counts), names (lower case, any case matches; `~` joins words), what it is in
/// base units. Factors are exact by definition (BIPM SI brochure, 9th edition; NIST SP 811) save where the names say
/// that they vary: a month is a twelfth of a year, a ton is metric, a cup is the US one.
pub(super) const ROWS: &[(&str, &str, Powers, f64)] = &[
    ("in ″", "inch inches", METRE, 0.0254),
    ("ft ′", "foot feet fuß pieds", METRE, 0.3048),
    ("yd", "yard yards", METRE, 0.9144),
    ("mi", "mile miles meilen milles millas", METRE, 1609.344),
    ("nmi", "nautical~mile nautical~miles", METRE, 1852.0),
    ("cm cms", "", METRE, 0.01),
    ("km kms", "", METRE, 1000.0),
    ("kg kgs", "", KILOGRAM, 1.0),
    ("AU au", "astronomical~unit astronomical~units", METRE, 149_597_870_700.0),
    ("ly", "light-year light-years light~year light~years lightyear lightyears", METRE, 9.460_730_472_580_8e15),
    ("pc", "parsec parsecs", METRE, 3.085_677_581_491_367e16),
    ("Å", "angstrom angstroms ångström", METRE, 1e-10),
    ("", "fathom fathoms", METRE, 1.8288),
    ("lb lbs", "pound pounds", KILOGRAM, 0.453_592_37),
    ("oz", "ounce ounces", KILOGRAM, 0.028_349_523_125),
    ("st", "stone", KILOGRAM, 6.350_293_18),
    ("t", "tonne tonnes ton tons tonnen toneladas", KILOGRAM, 1000.0),
    ("ct", "carat carats", KILOGRAM, 0.0002),
    ("min mins", "minute minutes minuten minutos", SECOND, 60.0),
    ("h hr hrs", "hour hours stunde stunden heure heures hora horas ore", SECOND, 3600.0),
    ("d", "day days tag tage tagen jour jours día días giorni", SECOND, 86400.0),
    ("wk wks", "week weeks wochen semaines semanas", SECOND, 604_800.0),
    ("", "fortnight fortnights", SECOND, 1_209_600.0),
    ("mo", "month months monate monaten mois meses", SECOND, YEAR / 12.0),
    ("yr yrs", "year years jahre jahren ans année années años anni", SECOND, YEAR),
    ("", "decade decades", SECOND, 10.0 * YEAR),
    ("", "century centuries", SECOND, 100.0 * YEAR),
    ("", "millennium millennia", SECOND, 1000.0 * YEAR),
    ("sec secs", "sekunde sekunden seconde secondes segundo segundos", SECOND, 1.0),
    ("°", "degree degrees grad", RADIAN, std::f64::consts::PI / 180.0),
    ("rad", "radian radians", RADIAN, 1.0),
    ("", "arcminute arcminutes", RADIAN, std::f64::consts::PI / 10_800.0),
    ("", "arcsecond arcseconds", RADIAN, std::f64::consts::PI / 648_000.0),
    ("ha", "hectare hectares hektar", AREA, 1e4),
    ("ac", "acre acres", AREA, 4_046.856_422_4),
    ("sqft", "", AREA, 0.092_903_04),
    ("sqm", "", AREA, 1.0),
    ("cc", "", VOLUME, 1e-6),
    ("gal", "gallon gallons", VOLUME, 0.003_785_411_784),
    ("qt", "quart quarts", VOLUME, 0.000_946_352_946),
    ("pt", "pint pints", VOLUME, 0.000_473_176_473),
    ("", "cup cups", VOLUME, 0.000_236_588_236_5),
    ("floz", "fluid~ounce fluid~ounces", VOLUME, 2.957_352_956_25e-5),
    ("tbsp", "tablespoon tablespoons", VOLUME, 1.478_676_478_125e-5),
    ("tsp", "teaspoon teaspoons", VOLUME, 4.928_921_593_75e-6),
    ("bbl", "barrel barrels", VOLUME, 0.158_987_294_928),
    ("dl dL", "deciliter deciliters decilitre decilitres", VOLUME, 1e-4),
    ("cl cL", "centiliter centiliters centilitre centilitres", VOLUME, 1e-5),
    ("mph", "", SPEED, 0.44704),
    ("kph kmh", "", SPEED, 1.0 / 3.6),
    ("kn kt kts", "knot knots", SPEED, 1852.0 / 3600.0),
    ("fps", "", SPEED, 0.3048),
    ("", "mach", SPEED, 340.3),
    ("rpm RPM bpm BPM", "", FREQUENCY, 1.0 / 60.0),
    ("lbf", "", FORCE, 4.448_221_615_260_5),
    ("psi PSI", "", PRESSURE, 6_894.757_293_168),
    ("bar", "bars", PRESSURE, 1e5),
    ("atm", "atmosphere atmospheres", PRESSURE, 101_325.0),
    ("mmHg", "torr", PRESSURE, 133.322_387_415),
    ("mbar", "millibar millibars", PRESSURE, 100.0),
    ("cal", "calorie calories", ENERGY, 4.184),
    ("kcal Cal", "kilocalorie kilocalories", ENERGY, 4184.0),
    ("BTU Btu", "btu btus", ENERGY, 1_055.055_852_62),
    ("hp", "horsepower", POWER, 745.699_871_582_270_2),
    ("Ah", "", Powers([0, 0, 1, 1, 0, 0, 0, 0]), 3600.0),
    ("mAh", "", Powers([0, 0, 1, 1, 0, 0, 0, 0]), 3.6),
    ("Mbps", "", DATA_RATE, 125_000.0),
    ("Gbps", "", DATA_RATE, 125_000_000.0),
    ("kbps Kbps", "", DATA_RATE, 125.0),
    ("bps", "", DATA_RATE, 0.125),
    ("kb Kb", "", BYTE, 125.0),
    ("Mb", "", BYTE, 125_000.0),
    ("Gb", "", BYTE, 125_000_000.0),
    ("Tb", "", BYTE, 125_000_000_000.0),
    ("µg mcg", "", KILOGRAM, 1e-9),
    ("", "molar", CONCENTRATION, 1000.0),
    ("mM", "millimolar", CONCENTRATION, 1.0),
    ("", "quintal quintals", KILOGRAM, 100.0),
    ("m", "mètre", METRE, 1.0),
    ("km", "kilómetro kilómetros kilometro kilometri", METRE, 1000.0),
    ("cm", "centímetro centímetros", METRE, 0.01),
    ("mm", "milímetro milímetros", METRE, 0.001),
    ("kg", "kilo kilos kilogramo kilogramos", KILOGRAM, 1.0),
    ("g", "gramo", KILOGRAM, 0.001),
    ("l", "litro", VOLUME, 0.001),
    ("min", "minuto", SECOND, 60.0),
    ("d", "tages", SECOND, 86400.0),
    ("wk", "woche semaine semana 週間 周 星期", SECOND, 604_800.0),
    ("mo", "monat mes か月 ヶ月 カ月 个月 個月", SECOND, YEAR / 12.0),
    ("yr", "jahr jahres año", SECOND, YEAR),
    ("KiB", "kibibyte kibibytes", BYTE, 1024.0),
    ("MiB", "mebibyte mebibytes", BYTE, 1_048_576.0),
    ("GiB", "gibibyte gibibytes", BYTE, 1_073_741_824.0),
    ("TiB", "tebibyte tebibytes", BYTE, 1_099_511_627_776.0),
    ("KB", "", BYTE, 1000.0),
    ("cm", "センチメートル センチ 厘米 公分 센티미터 сантиметр сантиметра сантиметров см", METRE, 0.01),
    ("mm", "ミリメートル ミリ 毫米 밀리미터 миллиметр миллиметра миллиметров мм", METRE, 0.001),
    (
        "km",
        "キロメートル キロ 千米 公里 킬로미터 километр километра километров км كيلومتر كم किलोमीटर किमी",
        METRE,
        1000.0,
    ),
    ("m", "メートル 米 公尺 미터 метр метра метров м متر أمتار मीटर", METRE, 1.0),
    ("kg", "キログラム 千克 公斤 킬로그램 килограмм килограмма килограммов кг كيلوغرام किलोग्राम", KILOGRAM, 1.0),
    ("g", "グラム 克 그램 грамм грамма граммов", KILOGRAM, 0.001),
    ("t", "トン 吨 噸 톤 тонна тонны тонн", KILOGRAM, 1000.0),
    ("s", "秒 秒間 초 секунда секунды секунд", SECOND, 1.0),
    ("min", "分間 分钟 分鐘 минута минуты минут", SECOND, 60.0),
    ("h", "時間 小时 小時 시간 час часа часов", SECOND, 3600.0),
    ("d", "日間 天 день дня дней", SECOND, 86400.0),
    ("yr", "年間 лет", SECOND, YEAR),
    ("l", "リットル 升 리터 литр литра литров", VOLUME, 0.001),
];

/// Units that take decimal prefixes: symbol, names, prefixes of the symbol, prefixes of the names (`*` for all).
pub(super) const PREFIXED: &[(&str, &str, &str, Powers, f64)] = &[
    ("m", "meter meters metre metres mètres metros metri", "knµmu", METRE, 1.0),
    ("g", "gram grams gramm grammes gramme gramos", "kmµun", KILOGRAM, 0.001),
    ("s", "second seconds", "mnµup", SECOND, 1.0),
    ("l L", "liter liters litre litres litros", "mµ", VOLUME, 0.001),
    ("A", "ampere amperes amp amps", "mµnk", AMPERE, 1.0),
    ("V", "volt volts", "kmMµn", VOLT, 1.0),
    ("W", "watt watts", "kMGTm", POWER, 1.0),
    ("Wh", "watt-hour watt-hours", "kMGT", ENERGY, 3600.0),
    ("J", "joule joules", "kMGT", ENERGY, 1.0),
    ("eV", "electronvolt electronvolts", "kMGT", ENERGY, 1.602_176_634e-19),
    ("N", "newton newtons", "kM", FORCE, 1.0),
    ("Pa", "pascal pascals", "khMG", PRESSURE, 1.0),
    ("Hz", "hertz", "kMGT", FREQUENCY, 1.0),
    ("Ω", "ohm ohms", "kM", OHM, 1.0),
    ("F", "farad farads", "mµnp", CAPACITANCE, 1.0),
    ("H", "henry henries", "mµn", INDUCTANCE, 1.0),
    ("T", "tesla teslas", "mµn", FLUX_DENSITY, 1.0),
    ("mol", "mole moles", "mµn", MOLE, 1.0),
    ("B", "byte bytes", "kMGTP", BYTE, 1.0),
    ("bit", "bit bits", "kMG", BYTE, 0.125),
];

/// Decimal prefixes: symbol, name, factor (BIPM). Hecto and deci have no place among the names in use.
pub(super) const PREFIXES: [(char, &str, f64); 11] = [
    ('k', "kilo", 1e3),
    ('M', "mega", 1e6),
    ('G', "giga", 1e9),
    ('T', "tera", 1e12),
    ('P', "peta", 1e15),
    ('h', "hecto", 1e2),
    ('c', "centi", 1e-2),
    ('m', "milli", 1e-3),
    ('µ', "micro", 1e-6),
    ('n', "nano", 1e-9),
    ('p', "pico", 1e-12),
];

/// Degrees, which do not start at absolute zero: symbols, names, factor to kelvin, offset in the unit itself.
pub(super) const DEGREES: [(&str, &str, f64, f64); 3] = [
    ("K", "kelvin kelvins", 1.0, 0.0),
    ("C", "celsius centigrade", 1.0, 273.15),
    ("F", "fahrenheit", 5.0 / 9.0, 459.67),
];

/// Units without a physical dimension: signs, names, how much of the base.
pub(super) const SHARES: [(&str, &str, Dimension, f64); 6] = [
    ("% ％ ٪ pct", "percent prozent percentage per~cent por~ciento pour~cent パーセント", Dimension::Percent, 1.0),
    ("‰", "permille promille per~mille per~mil", Dimension::Percent, 0.1),
    ("ppm", "parts~per~million", Dimension::Percent, 1e-4),
    ("ppb", "parts~per~billion", Dimension::Percent, 1e-7),
    ("pp", "percentage~point percentage~points prozentpunkte prozentpunkt", Dimension::PercentagePoint, 1.0),
    ("bp", "basis~point basis~points basispunkte", Dimension::PercentagePoint, 0.01),
];

/// Units that no other can be converted to, each the canonical symbol and its other spellings.
pub(super) const ALONE: [&str; 21] = [
    "IU",
    "mEq",
    "meq mEq",
    "dB dBA decibels decibel",
    "px pixel pixels",
    "em",
    "rem",
    "dpi",
    "ppi",
    "lx lux",
    "lm lumens lumen",
    "cd",
    "Bq becquerel",
    "Gy gray",
    "Sv sievert",
    "mSv millisievert",
    "kat",
    "cP",
    "Da",
    "kDa",
    "MP megapixel megapixels",
];

/// The canonical spellings of symbols with a prefix.
pub(super) const PREFIXED_SYMBOLS: &str = "\
    km Mm Gm cm mm µm nm pm kg Mg mg µg ng ks ms µs ns ps kl ml µl cl hl kA mA µA nA kV MV mV µV nV kW MW GW TW mW µW kWh \
    MWh GWh TWh kJ MJ GJ TJ mJ keV MeV GeV TeV meV kN MN mN kPa MPa GPa hPa mPa kHz MHz GHz THz mHz kΩ MΩ GΩ mΩ kmol \
    mmol µmol nmol kB MB GB TB PB kbit Mbit Gbit Tbit hg cg mF µF nF pF mH µH nH mT µT nT";
