"""Words for the names of further clients, by country."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """How firms are called in a country: each stem with each trade, in `pattern`.

    `trades` stand in the order of `INDUSTRIES`; `managers` share the country's clients.
    """

    code: str
    managers: tuple[str, ...]
    pattern: str
    stems: tuple[str, ...]
    trades: tuple[str, ...]


COUNTRIES = (
    Country(
        "DE", ("tomas", "freya"), "{} {} GmbH",
        ("Oberlohe", "Kesselrodt", "Tannwalder", "Weissbrück", "Holtmarker", "Eschental"),
        ("Fördertechnik", "Antriebe", "Pumpen", "Hebezeuge", "Papiermaschinen", "Bergbautechnik"),
    ),
    Country(
        "SE", ("owen", "tomas"), "{} {} AB",
        ("Björkvattnet", "Granö", "Stenhamra", "Lövsjö", "Högnäs", "Tallmo"),
        ("Transportband", "Drivteknik", "Pump", "Lyft", "Papper", "Gruvteknik"),
    ),
    Country(
        "GB", ("owen", "aoife"), "{} {} Ltd",
        ("Harrowmere", "Thistleby", "Coldbeck", "Penwick", "Ashgarth", "Loxcombe"),
        ("Conveyors", "Drives", "Pumps", "Cranes", "Paper Mills", "Quarries"),
    ),
    Country(
        "CZ", ("daria", "ilse"), "{} {} s.r.o.",
        ("Javořina", "Kalenov", "Lipnička", "Hradovan", "Skalna", "Bystřec"),
        ("dopravníky", "pohony", "čerpadla", "jeřáby", "papírny", "důlní stroje"),
    ),
    Country(
        "IT", ("ilse", "eleni"), "{} {} S.r.l.",
        ("Montecalvi", "Rocchetta", "Valserena", "Torregiana", "Brentani", "Fossalunga"),
        ("Trasportatori", "Trasmissioni", "Pompe", "Sollevamenti", "Cartiere", "Cave"),
    ),
    Country(
        "ES", ("ilse", "neven"), "{} {} S.L.",
        ("Almedina", "Peñarroya Alta", "Montejar", "Ribasol", "Ondarra Sur", "Valcerrada"),
        ("Cintas", "Engranajes", "Bombas", "Grúas", "Papelera", "Canteras"),
    ),
    Country(
        "KZ", ("fyodor", "zarina"), "ТОО «{}-{}»",
        ("Алтынжол", "Тасбулак", "Керегетау", "Байсары", "Жанаорда", "Сарыдала"),
        ("Конвейер", "Привод", "Насос", "Кран", "Бумага", "Рудник"),
    ),
    Country(
        "RS", ("neven",), "{} {} д.о.о.",
        ("Златоречје", "Јаворник", "Брезовица Југ", "Каменград", "Липовчани", "Дубравац"),
        ("Транспортери", "Погони", "Пумпе", "Дизалице", "Папир", "Рудници"),
    ),
    Country(
        "CN", ("yuqing", "zhiyuan"), "{}{}有限公司",
        ("恒岭", "澄江源", "瑞泽川", "东岫", "鼎衡山", "启曜"),
        ("输送机械", "传动", "泵业", "起重机械", "造纸机械", "矿业装备"),
    ),
    Country(
        "NO", ("freya",), "{} {} AS",
        ("Storheim", "Lyngøya", "Kvitnes", "Haugfoss", "Brattvåg Indre", "Solmyra"),
        ("Transportør", "Drivverk", "Pumpe", "Kran", "Papir", "Gruvedrift"),
    ),
    Country(
        "FI", ("aoife",), "{} {} Oy",
        ("Hietalampi", "Koivuranta", "Pohjasalo", "Mustakallio", "Lehtovuori", "Aaltoniemi"),
        ("Kuljetin", "Vaihteet", "Pumppu", "Nosturit", "Paperi", "Louhinta"),
    ),
    Country(
        "GR", ("eleni",), "{} {} Α.Ε.",
        ("Αμυγδαλιά", "Καστανιώτης", "Πετροβούνι", "Θαλασσινή", "Ελαιώνες", "Λευκοχώρι"),
        ("Μεταφορικές", "Μειωτήρες", "Αντλίες", "Γερανοί", "Χαρτοποιία", "Λατομεία"),
    ),
    Country(
        "KG", ("zarina",), "ОсОО «{}-{}»",
        ("Кайнарсуу", "Бозадыр", "Тогузтор", "Сарыкамыш", "Жылдызтоо", "Ак-Терек"),
        ("Конвейер", "Привод", "Насос", "Кран", "Бумага", "Карьер"),
    ),
)  # fmt: skip
