//! What is filled into the holes of the frames: one pool for evaluation, another for training, and no value in both.
//! Every value occurs in the databases, thresholds too, so that "more than" and "at least" differ.

/// What a hole of a frame takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// A city of clients.
    City,
    /// A category of products.
    Category,
    /// A department.
    Department,
    /// A state of orders.
    State,
    /// A family name.
    Surname,
    /// A given name.
    Name,
    /// The initial of a family name.
    Initial,
    /// The name of a product.
    Product,
    /// A word in names of products.
    Word,
    /// A price in euros.
    Price,
    /// A mean price of a category.
    MeanPrice,
    /// Price times quantity.
    Amount,
    /// Pieces in stock.
    Stock,
    /// A monthly salary.
    Salary,
    /// Pieces of one order.
    Quantity,
    /// A small number of orders or categories.
    Few,
    /// Clients of a city, products of a category.
    Group,
    /// Orders of a department.
    Handled,
    /// Pieces of one product in all orders.
    Total,
    /// How many rows from the top.
    Top,
    /// The id of a client with orders.
    Client,
    /// A year.
    Year,
    /// A day.
    Date,
}

/// Which pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// Evaluation.
    Asked,
    /// Training.
    Trained,
}

/// One value of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filling {
    /// As the question says it.
    pub shown: String,
    /// As it stands in SQL, inside its quotes where it has some.
    pub sql: String,
}

pub(super) const CITIES: [&[&str]; 2] =
    [&["Torino", "Bologna", "Palermo", "Verona", "Forlì"], &["Milano", "Napoli", "Firenze", "Padova", "Catania"]];

pub(super) const DEPARTMENTS: [&[&str]; 2] =
    [&["Vendite", "Logistica", "Assistenza", "Marketing"], &["Acquisti", "Magazzino", "Contabilità", "Qualità"]];

pub(super) const STATES: [&[&str]; 2] =
    [&["consegnato", "spedito", "annullato", "reso"], &["pagato", "sospeso", "in attesa", "in lavorazione"]];

pub(super) const SURNAMES: [&[&str]; 2] = [
    &["Ferri", "Galli", "Conti", "Moretti", "D'Angelo", "Villa", "Testa"],
    &["Riva", "Bassi", "Longo", "Serra", "Dell'Orto", "Neri", "Pace"],
];

pub(super) const NAMES: [&[&str]; 2] =
    [&["Anna", "Marco", "Giulia", "Paolo", "Sara"], &["Luca", "Elena", "Davide", "Chiara", "Stefano"]];

/// Categories with their products.
pub(super) const PRODUCTS: [&[(&str, &[&str])]; 2] = [
    &[
        (
            "Cucina",
            &[
                "Tagliere in legno",
                "Pentola in acciaio",
                "Mestolo in legno",
                "Set di coltelli",
                "Padella antiaderente",
                "Scolapasta in acciaio",
                "Frullatore compatto",
                "Guida alla pasta fresca",
            ],
        ),
        (
            "Giardino",
            &[
                "Panca in legno",
                "Vanga in acciaio",
                "Set di vasi",
                "Annaffiatoio verde",
                "Rastrello in legno",
                "Tavolo pieghevole",
                "Guida alla potatura",
                "Forbici in acciaio",
            ],
        ),
        (
            "Libri",
            &[
                "Guida ai funghi",
                "Romanzo giallo",
                "Atlante illustrato",
                "Set di fumetti",
                "Guida ai vini",
                "Poesie scelte",
                "Ricette di casa",
                "Storia del treno",
            ],
        ),
        (
            "Sport",
            &[
                "Racchetta in legno",
                "Borraccia in acciaio",
                "Set di pesi",
                "Pallone da calcio",
                "Tappetino pieghevole",
                "Casco da bici",
                "Guida allo yoga",
                "Corda da salto",
            ],
        ),
    ],
    &[
        (
            "Bagno",
            &[
                "Accappatoio blu",
                "Specchio tondo",
                "Portasapone in ceramica",
                "Tenda da doccia",
                "Bilancia digitale",
                "Cesto in vimini",
                "Telo di lino",
                "Mensola in ceramica",
            ],
        ),
        (
            "Musica",
            &[
                "Chitarra classica",
                "Leggio in metallo",
                "Tamburello",
                "Flauto dolce",
                "Metronomo digitale",
                "Cuffie blu",
                "Spartito per piano",
                "Ukulele",
            ],
        ),
        (
            "Cancelleria",
            &[
                "Penna stilografica",
                "Quaderno a righe",
                "Agenda blu",
                "Evidenziatore",
                "Cucitrice in metallo",
                "Righello",
                "Busta imbottita",
                "Calcolatrice digitale",
            ],
        ),
        (
            "Animali",
            &[
                "Guinzaglio",
                "Ciotola in ceramica",
                "Trasportino",
                "Cuccia in vimini",
                "Tiragraffi",
                "Acquario",
                "Spazzola per gatti",
                "Pallina sonora",
            ],
        ),
    ],
];

pub(super) const YEARS: [&[&str]; 2] = [&["2021", "2022", "2023", "2024"], &["2019", "2020", "2025"]];

/// Days that evaluation asks about: year, month, day.
pub(super) const DAYS: &[(u32, u32, u32)] =
    &[(2021, 6, 15), (2022, 3, 10), (2022, 9, 30), (2023, 5, 22), (2023, 11, 4), (2024, 2, 20)];

/// Thresholds of evaluation and training.
pub(super) const PRICES: [&[&str]; 2] = [
    &["10", "20", "30", "50", "80"],
    &["12", "15", "18", "24", "25", "28", "35", "40", "45", "48", "55", "60", "65", "70", "75", "90"],
];
pub(super) const STOCKS: [&[&str]; 2] = [&["10", "20", "30", "40", "60"], &["8", "12", "15", "25", "35", "45", "50"]];
pub(super) const SALARIES: [&[&str]; 2] =
    [&["1800", "2000", "2200", "2500"], &["1600", "1650", "1700", "1900", "2100", "2300", "2400", "2600", "2700"]];
const QUANTITIES: [&[&str]; 2] = [&["2", "4", "6", "8", "10"], &["3", "5", "7", "9"]];
const MEAN_PRICES: [&[&str]; 2] = [&["36", "40", "44", "48"], &["34", "38", "42", "46"]];
const AMOUNTS: [&[&str]; 2] = [&["100", "200", "300", "400"], &["150", "250", "350", "450"]];
const FEW: [&[&str]; 2] = [&["2", "3", "4", "5"], &["6", "7", "8"]];
const GROUPS: [&[&str]; 2] = [&["6", "8", "10", "12"], &["5", "7", "9", "11"]];
const HANDLED: [&[&str]; 2] = [&["14", "16", "18", "20"], &["13", "15", "17", "19"]];
const TOTALS: [&[&str]; 2] = [&["10", "20", "30", "40"], &["12", "15", "18", "25"]];
const TOPS: [&[&str]; 2] = [&["3", "5", "7", "10"], &["2", "4", "6", "8"]];
pub(super) const CLIENTS: [&[&str]; 2] = [&["5", "12", "23", "31", "44"], &["3", "9", "17", "28", "36", "40", "52"]];
const WORDS: [&[&str]; 2] = [&["legno", "acciaio", "Guida", "Set"], &["ceramica", "vimini", "digitale", "blu"]];
const INITIALS: [&[&str]; 2] = [&["F", "G", "C", "M", "T"], &["R", "B", "L", "S"]];

const MONTHS: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];

/// The values of a kind of hole in a split.
pub(super) fn pool(slot: Slot, split: Split) -> Vec<Filling> {
    match slot {
        Slot::City => plain(&CITIES, split),
        Slot::Category => of(&PRODUCTS, split).iter().map(|(category, _)| filling(category)).collect(),
        Slot::Department => plain(&DEPARTMENTS, split),
        Slot::State => plain(&STATES, split),
        Slot::Surname => plain(&SURNAMES, split),
        Slot::Name => plain(&NAMES, split),
        Slot::Initial => plain(&INITIALS, split),
        Slot::Product => of(&PRODUCTS, split).iter().flat_map(|(_, names)| *names).map(|n| filling(n)).collect(),
        Slot::Word => plain(&WORDS, split),
        Slot::Price => plain(&PRICES, split),
        Slot::MeanPrice => plain(&MEAN_PRICES, split),
        Slot::Amount => plain(&AMOUNTS, split),
        Slot::Stock => plain(&STOCKS, split),
        Slot::Salary => plain(&SALARIES, split),
        Slot::Quantity => plain(&QUANTITIES, split),
        Slot::Few => plain(&FEW, split),
        Slot::Group => plain(&GROUPS, split),
        Slot::Handled => plain(&HANDLED, split),
        Slot::Total => plain(&TOTALS, split),
        Slot::Top => plain(&TOPS, split),
        Slot::Client => plain(&CLIENTS, split),
        Slot::Year => plain(&YEARS, split),
        Slot::Date => dates(split),
    }
}

fn of<T: Copy>(pools: &[T; 2], split: Split) -> T {
    let [asked, trained] = *pools;
    if split == Split::Asked { asked } else { trained }
}

fn plain(pools: &[&[&str]; 2], split: Split) -> Vec<Filling> {
    of(pools, split).iter().map(|value| filling(value)).collect()
}

fn filling(value: &str) -> Filling {
    Filling { shown: value.to_string(), sql: value.replace('\'', "''") }
}

/// In training all days but those of evaluation, and none before which the article would be elided.
fn dates(split: Split) -> Vec<Filling> {
    if split == Split::Asked {
        return DAYS.iter().filter_map(|&day| date(day)).collect();
    }
    let months = (2019..=2025).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let days = months.flat_map(|(year, month)| (2..=28).map(move |day| (year, month, day)));
    days.filter(|day| !DAYS.contains(day) && ![8, 11].contains(&day.2)).filter_map(date).collect()
}

fn date((year, month, day): (u32, u32, u32)) -> Option<Filling> {
    let name = MONTHS.get(month as usize - 1)?;
    Some(Filling { shown: format!("{day} {name} {year}"), sql: iso(year, month, day) })
}

/// `2023-05-22`.
pub(super) fn iso(year: u32, month: u32, day: u32) -> String {
    format!("{year}-{month:02}-{day:02}")
}
