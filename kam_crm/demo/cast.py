"""Who plays in the demo: our people, the clients with a story, and words for further names.

Everybody here is invented. `.example` is a domain that nobody can own.
"""

from dataclasses import dataclass

DOMAIN = "aldermere.example"

# Code, name, the department above.
DEPARTMENTS = (
    ("company", "Aldermere Components", ""),
    ("north", "Northern Europe", "company"),
    ("south", "Southern Europe", "company"),
    ("east", "Central Asia and China", "company"),
)

# First name of the address, name, department, roles; the first role is the one that is shown.
PEOPLE = (
    ("margaret", "Margaret Oakenshaw", "company", ("director",)),
    ("renske", "Renske Aldervliet", "north", ("head",)),
    ("guido", "Guido Marchesani", "south", ("head",)),
    ("aigerim", "Айгерим Сатпаева", "east", ("head",)),
    ("tomas", "Tomás Echeverri", "north", ("kam",)),
    ("owen", "Owen Harbottle", "north", ("kam",)),
    ("daria", "Daria Lindqvist", "south", ("kam",)),
    ("ilse", "Ilse Vandermolen", "south", ("kam",)),
    ("fyodor", "Фёдор Лапин", "east", ("kam",)),
    ("yuqing", "沈雨晴", "east", ("kam",)),
    ("benedikt", "Benedikt Lerchenau", "company", ("presale",)),
    ("hanne", "Hanne Birkelund", "company", ("analyst",)),
    ("rupert", "Rupert Quillfeather", "company", ("administrator",)),
    # Sees what an analyst sees: a program that reads figures needs some.
    ("erp", "ERP bridge", "company", ("integration", "analyst")),
)

INDUSTRIES = (
    "Conveying",
    "Drives",
    "Pumps and hydraulics",
    "Cranes and lifting",
    "Pulp and paper",
    "Mining",
    "Energy",
    "Steel",
    "Shipbuilding",
    "Robotics",
)
PRODUCT_LINES = ("Bearings", "Gearboxes", "Couplings", "Hydraulics", "Seals", "Services")


@dataclass(frozen=True)
class Part:
    """A client with a story. `percent` is of all that profitable clients bring in the window.

    `scores` are the manager's and the head's; `earlier` the manager's score before the last
    one. `silent` is how many days ago the last order came, `rhythm` the days between orders.
    """

    name: str
    country: str
    industry: str
    owner: str
    percent: float = 0
    margin: float = 0.3
    growth: float = 0
    rhythm: int = 12
    silent: int = 0
    scores: tuple[int | None, int | None] = (None, None)
    earlier: int | None = None
    parent: str = ""
    previous_owner: str = ""
    team: str = ""
    ground: str = ""


PARTS = (
    # The group that we depend on: growing, in two countries, with two managers.
    Part("Gruppo Valmarea", "Italy", "Energy", "daria"),
    Part(
        "Valmarea Turbine S.p.A.", "Italy", "Energy", "daria", 13.6, 0.31, 0.21, 6,
        scores=(4, 4), parent="Gruppo Valmarea", team="yuqing",
    ),
    Part(
        "Valmarea Riduttori S.r.l.", "Italy", "Drives", "daria", 5.2, 0.28, 0.34, 11,
        scores=(4, 3), parent="Gruppo Valmarea",
    ),
    Part(
        "瓦尔玛传动（无锡）有限公司", "China", "Drives", "yuqing", 3.3, 0.27, 0.45, 14,
        scores=(5, 4), earlier=3, parent="Gruppo Valmarea", team="daria",
    ),
    Part(
        "АО «Северный карьер»", "Kazakhstan", "Mining", "fyodor", 14.1, 0.33, 0.16, 7,
        scores=(3, 3), team="benedikt",
    ),
    # Key by approval, not by its share.
    Part(
        "海川重工集团", "China", "Steel", "yuqing", 7.1, 0.29, 0.26, 9,
        scores=(4, 4), ground="potential",
    ),
    Part(
        "海川液压（烟台）有限公司", "China", "Pumps and hydraulics", "yuqing", 2.4, 0.25, 0.2, 16,
        scores=(3, None), parent="海川重工集团",
    ),
    # In the core and sinking.
    Part(
        "Nordlys Fjordkraft AS", "Norway", "Energy", "tomas", 6.2, 0.3, -0.17, 10,
        scores=(2, 3), earlier=3,
    ),
    Part(
        "Moravské válcovny a.s.", "Czechia", "Steel", "daria", 4.8, 0.26, 0.03, 9,
        scores=(3, 4), team="benedikt",
    ),
    Part(
        "Kåsa Papper AB", "Sweden", "Pulp and paper", "tomas", 3.4, 0.29, 0.01, 15,
        scores=(2, 4), previous_owner="owen",
    ),
    Part(
        "Brandtner Fördertechnik GmbH", "Germany", "Conveying", "tomas", 2.9, 0.22, -0.07, 13,
        scores=(2, 2), previous_owner="owen",
    ),
    # Can grow, and has not ordered for longer than its rhythm.
    Part(
        "ООО «Рубежные краны»", "Kyrgyzstan", "Cranes and lifting", "fyodor", 2.6, 0.3, 0.07, 12,
        silent=52, scores=(4, 4),
    ),
    Part("苏泽自动化有限公司", "China", "Robotics", "yuqing", 2.3, 0.34, 0.43, 17, scores=(4, 4)),
    Part(
        "Tessera Robotica S.r.l.", "Italy", "Robotics", "ilse", 1.9, 0.36, 0.3, 18,
        scores=(5, 4), earlier=3, previous_owner="daria", team="benedikt",
    ),
    Part(
        "ТОО «Вектор-Гидравлика»", "Kazakhstan", "Pumps and hydraulics", "fyodor", 1.6, 0.27,
        -0.26, 20, scores=(4, 2),
    ),
    # Manager and head disagree, as on Kåsa Papper and Вектор-Гидравлика.
    Part("Officine Caldera S.n.c.", "Italy", "Conveying", "ilse", 0.8, 0.25, 0, 24, scores=(4, 1)),
    # Buys most of all and brings nothing.
    Part(
        "Grand Meridian Shipyards Ltd", "United Kingdom", "Shipbuilding", "owen", -1.1, -0.02,
        0.12, 8, scores=(2, 2),
    ),
    # Went to somebody else more than a year ago.
    Part(
        "Granö Skeppsvarv AB", "Sweden", "Shipbuilding", "tomas", 1.3, 0.28, -0.1, 19,
        silent=412, scores=(2, 2),
    ),
    Part("Талас Агромаш", "Kyrgyzstan", "Conveying", "fyodor", 0.7, 0.24, 0.02, 30),
    Part("岚山矿业装备有限公司", "China", "Mining", "yuqing", 0.6, 0.3, 0.1, 33),
)  # fmt: skip


@dataclass(frozen=True)
class Country:
    """How firms are called in a country: each stem with each trade, in `pattern`.

    `trades` stand in the order of `INDUSTRIES`; `managers` share the country's clients.
    """

    name: str
    managers: tuple[str, ...]
    pattern: str
    stems: tuple[str, ...]
    trades: tuple[str, ...]


COUNTRIES = (
    Country(
        "Germany", ("owen", "tomas"), "{} {} GmbH",
        ("Oberlohe", "Kesselrodt", "Tannwalder", "Weissbrück", "Holtmarker", "Eschental"),
        ("Fördertechnik", "Antriebe", "Pumpen", "Hebezeuge", "Papiermaschinen", "Bergbautechnik"),
    ),
    Country(
        "Sweden", ("owen", "tomas"), "{} {} AB",
        ("Björkvattnet", "Granö", "Stenhamra", "Lövsjö", "Högnäs", "Tallmo"),
        ("Transportband", "Drivteknik", "Pump", "Lyft", "Papper", "Gruvteknik"),
    ),
    Country(
        "United Kingdom", ("owen",), "{} {} Ltd",
        ("Harrowmere", "Thistleby", "Coldbeck", "Penwick", "Ashgarth", "Loxcombe"),
        ("Conveyors", "Drives", "Pumps", "Cranes", "Paper Mills", "Quarries"),
    ),
    Country(
        "Czechia", ("daria", "ilse"), "{} {} s.r.o.",
        ("Javořina", "Kalenov", "Lipnička", "Hradovan", "Skalna", "Bystřec"),
        ("dopravníky", "pohony", "čerpadla", "jeřáby", "papírny", "důlní stroje"),
    ),
    Country(
        "Italy", ("ilse",), "{} {} S.r.l.",
        ("Montecalvi", "Rocchetta", "Valserena", "Torregiana", "Brentani", "Fossalunga"),
        ("Trasportatori", "Trasmissioni", "Pompe", "Sollevamenti", "Cartiere", "Cave"),
    ),
    Country(
        "Spain", ("ilse",), "{} {} S.L.",
        ("Almedina", "Peñarroya Alta", "Montejar", "Ribasol", "Ondarra Sur", "Valcerrada"),
        ("Cintas", "Engranajes", "Bombas", "Grúas", "Papelera", "Canteras"),
    ),
    Country(
        "Kazakhstan", ("fyodor",), "ТОО «{}-{}»",
        ("Алтынжол", "Тасбулак", "Керегетау", "Байсары", "Жанаорда", "Сарыдала"),
        ("Конвейер", "Привод", "Насос", "Кран", "Бумага", "Рудник"),
    ),
    Country(
        "Serbia", ("ilse",), "{} {} д.о.о.",
        ("Златоречје", "Јаворник", "Брезовица Југ", "Каменград", "Липовчани", "Дубравац"),
        ("Транспортери", "Погони", "Пумпе", "Дизалице", "Папир", "Рудници"),
    ),
    Country(
        "China", ("yuqing",), "{}{}有限公司",
        ("恒岭", "澄江源", "瑞泽川", "东岫", "鼎衡山", "启曜"),
        ("输送机械", "传动", "泵业", "起重机械", "造纸机械", "矿业装备"),
    ),
)  # fmt: skip

REASONS = {
    1: "They close the line that used our parts.",
    2: "Their own customers order less, and the price decides.",
    3: "Stable need, and no plans beyond it.",
    4: "A second line starts next year; we are on the list.",
    5: "They build a new plant and want one supplier.",
}

# Flags that somebody has looked at: kind, account, who, why it may rest.
ACKNOWLEDGED = (
    ("declining", "Nordlys Fjordkraft AS", "tomas",
     "Two turbines stand still for an overhaul until spring; the frame order is signed."),
    ("lost", "Granö Skeppsvarv AB", "tomas",
     "The yard was sold. I meet the new buyer at the fair before I give it up."),
    ("disputed", "Officine Caldera S.n.c.", "guido",
     "Ilse and I visit them together next month and score again."),
)  # fmt: skip
