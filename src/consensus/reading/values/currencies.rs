//! The currencies that a sign, code or name may stand for: `¥` is yen or yuan, `$` any dollar, `US$` one of them.

/// A set of currencies, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Currencies(u32);

impl Currencies {
    const fn of(bit: u32) -> Self {
        Self(1 << bit)
    }

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether both may be one currency.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

const USD: Currencies = Currencies::of(0);
const EUR: Currencies = Currencies::of(1);
const GBP: Currencies = Currencies::of(2);
const JPY: Currencies = Currencies::of(3);
const CNY: Currencies = Currencies::of(4);
const INR: Currencies = Currencies::of(5);
const KRW: Currencies = Currencies::of(6);
const RUB: Currencies = Currencies::of(7);
const CHF: Currencies = Currencies::of(8);
const CAD: Currencies = Currencies::of(9);
const AUD: Currencies = Currencies::of(10);
const BRL: Currencies = Currencies::of(11);
const MXN: Currencies = Currencies::of(12);
const SEK: Currencies = Currencies::of(13);
const NOK: Currencies = Currencies::of(14);
const DKK: Currencies = Currencies::of(15);
const DEM: Currencies = Currencies::of(16);
const FRF: Currencies = Currencies::of(17);
const HKD: Currencies = Currencies::of(18);
const SGD: Currencies = Currencies::of(19);
const NZD: Currencies = Currencies::of(20);
const TWD: Currencies = Currencies::of(21);
const PLN: Currencies = Currencies::of(22);
const ILS: Currencies = Currencies::of(23);
const TRY: Currencies = Currencies::of(24);
const VND: Currencies = Currencies::of(25);
const THB: Currencies = Currencies::of(26);
const PKR: Currencies = Currencies::of(27);

const DOLLARS: Currencies = USD.or(CAD).or(AUD).or(HKD).or(SGD).or(NZD).or(TWD).or(MXN);
const CENTS: Currencies = DOLLARS.or(EUR);
const KRONOR: Currencies = SEK.or(NOK).or(DKK);
const FRANCS: Currencies = CHF.or(FRF);
const RUPEES: Currencies = INR.or(PKR);

/// Signs and codes, names, the currencies that they may stand for, how much of one. Codes are those of ISO 4217.
pub(super) const ROWS: &[(&str, &str, Currencies, f64)] = &[
    ("$ ＄", "dollar dollars buck bucks dólares dólar ドル 美元", DOLLARS, 1.0),
    ("US$ USD", "us~dollars us~dollar american~dollars 米ドル", USD, 1.0),
    ("¢", "cent cents", CENTS, 0.01),
    ("€ EUR", "euro euros ユーロ 欧元", EUR, 1.0),
    ("£ GBP", "sterling pounds~sterling ポンド 英镑", GBP, 1.0),
    ("", "pence", GBP, 0.01),
    ("¥ ￥", "", JPY.or(CNY), 1.0),
    ("JPY JP¥ 円", "yen 日元", JPY, 1.0),
    ("CNY RMB CN¥", "yuan renminbi 人民元", CNY, 1.0),
    ("元", "", CNY.or(TWD), 1.0),
    ("₹ INR", "indian~rupees ルピー", INR, 1.0),
    ("Rs", "rupee rupees", RUPEES, 1.0),
    ("₩ KRW 원", "won ウォン", KRW, 1.0),
    ("₽ RUB", "ruble rubles rouble roubles", RUB, 1.0),
    ("CHF", "swiss~francs", CHF, 1.0),
    ("", "franc francs franken", FRANCS, 1.0),
    ("CAD C$ CA$", "canadian~dollars", CAD, 1.0),
    ("AUD A$ AU$", "australian~dollars", AUD, 1.0),
    ("HKD HK$", "", HKD, 1.0),
    ("SGD S$", "", SGD, 1.0),
    ("NZD NZ$", "", NZD, 1.0),
    ("BRL R$", "reais", BRL, 1.0),
    ("MXN", "peso pesos", MXN, 1.0),
    ("SEK", "", SEK, 1.0),
    ("NOK", "", NOK, 1.0),
    ("DKK", "", DKK, 1.0),
    ("kr", "krona kronor krone kroner", KRONOR, 1.0),
    ("PLN zł", "zloty złoty", PLN, 1.0),
    ("₪ ILS", "shekel shekels", ILS, 1.0),
    ("₺ TRY", "lira", TRY, 1.0),
    ("₫ VND", "dong", VND, 1.0),
    ("฿ THB", "baht", THB, 1.0),
    ("DM", "deutschmark deutschmarks", DEM, 1.0),
];
