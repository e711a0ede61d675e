"""The clients with a story. All of them are invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A client with a story. `percent` is of all that profitable clients bring in the window.

    `scores` are the manager's and the head's; `earlier` the manager's score before the last
    one. `silent` is how many days ago the last order came, `rhythm` the days between orders.
    `country` is an ISO 3166 code.
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


# In the order of their weight for the story: a small firm has only the first.
PARTS = (
    # The group that we depend on: growing, in two countries, with two managers.
    Part("Gruppo Valmarea", "IT", "Energy", "daria"),
    Part(
        "Valmarea Turbine S.p.A.", "IT", "Energy", "daria", 13.9, 0.31, 0.21, 6,
        scores=(4, 4), parent="Gruppo Valmarea", team="yuqing",
    ),
    Part(
        "Valmarea Riduttori S.r.l.", "IT", "Drives and robotics", "daria", 5.2, 0.28, 0.34, 11,
        scores=(4, 3), parent="Gruppo Valmarea",
    ),
    Part(
        "瓦尔玛传动（无锡）有限公司", "CN", "Drives and robotics", "yuqing", 3.3, 0.27, 0.45, 14,
        scores=(5, 4), earlier=3, parent="Gruppo Valmarea", team="daria",
    ),
    Part(
        "АО «Северный карьер»", "KZ", "Mining", "fyodor", 14.1, 0.33, 0.16, 7,
        scores=(3, 3), team="benedikt",
    ),
    # Key by approval, not by its share.
    Part(
        "海川重工集团", "CN", "Steel and shipbuilding", "yuqing", 7.1, 0.29, 0.26, 9,
        scores=(4, 4), ground="potential",
    ),
    Part(
        "海川液压（烟台）有限公司", "CN", "Pumps and hydraulics", "yuqing", 2.4, 0.25, 0.2, 16,
        scores=(3, None), parent="海川重工集团",
    ),
    # In the core and sinking.
    Part(
        "Nordlys Fjordkraft AS", "NO", "Energy", "tomas", 6.2, 0.3, -0.17, 10,
        scores=(2, 3), earlier=3,
    ),
    Part(
        "Moravské válcovny a.s.", "CZ", "Steel and shipbuilding", "daria", 4.8, 0.26, 0.03, 9,
        scores=(3, 4), team="benedikt",
    ),
    Part(
        "Kåsa Papper AB", "SE", "Pulp and paper", "tomas", 3.4, 0.29, 0.01, 15,
        scores=(2, 4), previous_owner="owen",
    ),
    Part(
        "Brandtner Fördertechnik GmbH", "DE", "Conveying", "tomas", 2.9, 0.22, -0.07, 13,
        scores=(2, 2), previous_owner="owen",
    ),
    # Can grow, and has not ordered for longer than its rhythm.
    Part(
        "ООО «Рубежные краны»", "KG", "Cranes and lifting", "fyodor", 2.6, 0.3, 0.07, 12,
        silent=52, scores=(4, 4),
    ),
    Part(
        "苏泽自动化有限公司", "CN", "Drives and robotics", "yuqing", 2.3, 0.34, 0.43, 17,
        scores=(4, 4),
    ),
    Part(
        "Tessera Robotica S.r.l.", "IT", "Drives and robotics", "ilse", 1.9, 0.36, 0.3, 18,
        scores=(5, 4), earlier=3, previous_owner="daria", team="benedikt",
    ),
    Part(
        "ТОО «Вектор-Гидравлика»", "KZ", "Pumps and hydraulics", "fyodor", 1.6, 0.27,
        -0.26, 20, scores=(4, 2),
    ),
    # Manager and head disagree, as on Kåsa Papper and Вектор-Гидравлика.
    Part("Officine Caldera S.n.c.", "IT", "Conveying", "ilse", 0.8, 0.25, 0, 24, scores=(4, 1)),
    # Buys most of all and brings nothing.
    Part(
        "Grand Meridian Shipyards Ltd", "GB", "Steel and shipbuilding", "owen", -1.1, -0.02,
        0.12, 8, scores=(2, 2),
    ),
    # Went to somebody else more than a year ago.
    Part(
        "Granö Skeppsvarv AB", "SE", "Steel and shipbuilding", "tomas", 1.3, 0.28, -0.1, 170,
        silent=412, scores=(2, 2),
    ),
    Part("Талас Агромаш", "KG", "Conveying", "fyodor", 0.7, 0.24, 0.02, 30),
    Part("岚山矿业装备有限公司", "CN", "Mining", "yuqing", 0.6, 0.3, 0.1, 33),
    # What each manager has to do besides: to ask for an order, to stop a fall, to win back, to
    # rate. Those that can grow stand among them, and a few that head and manager see differently.
    Part(
        "Slévárny Hradovan a.s.", "CZ", "Steel and shipbuilding", "daria", 0.7, 0.24, -0.46, 11,
        scores=(4, 4), team="benedikt",
    ),
    Part(
        "Cementi Altavilla S.p.A.", "IT", "Mining", "daria", 0.45, 0.28, 0.04, 10,
        silent=27, scores=(4, 4),
    ),
    Part(
        "Cantieri Portofalco S.p.A.", "IT", "Steel and shipbuilding", "daria", 0.8, 0.26, -0.1,
        170, silent=402, scores=(2, 2),
    ),
    Part("Cartiera Monteverna S.p.A.", "IT", "Pulp and paper", "daria", 0.5, 0.27, 0.06, 19),
    Part(
        "Fjellvik Smelteverk AS", "NO", "Steel and shipbuilding", "tomas", 0.4, 0.27, 0.12, 14,
        silent=28, scores=(4, 4),
    ),
    Part(
        "Ravensgill Paper Ltd", "GB", "Pulp and paper", "owen", 0.7, 0.24, -0.45, 12,
        scores=(4, 4), team="aoife",
    ),
    Part(
        "Lauterhof Antriebstechnik GmbH", "DE", "Drives and robotics", "freya", 0.6, 0.31, 0.22,
        14, scores=(4, 4), earlier=3,
    ),
    Part(
        "Sandfossen Pumper AS", "NO", "Pumps and hydraulics", "freya", 0.3, 0.3, 0.05, 13,
        silent=30, scores=(4, 4),
    ),
    Part(
        "Saarivuori Kaivos Oy", "FI", "Mining", "aoife", 0.7, 0.26, -0.44, 13, scores=(4, 4),
    ),
    Part(
        "Pirano Sollevamenti S.p.A.", "IT", "Cranes and lifting", "ilse", 0.7, 0.25, -0.45, 12,
        scores=(4, 4), team="daria",
    ),
    Part(
        "Рудник Боровица д.о.о.", "RS", "Mining", "neven", 0.3, 0.29, 0.08, 14,
        silent=30, scores=(4, 4),
    ),
    Part(
        "Αιολικά Πάρκα Θερμιάς Α.Ε.", "GR", "Energy", "eleni", 0.6, 0.33, 0.33, 13, scores=(4, 5),
    ),
    Part(
        "Ναυπηγεία Καλλιρρόης Α.Ε.", "GR", "Steel and shipbuilding", "eleni", 0.7, 0.25, -0.46, 12,
        scores=(4, 4),
    ),
    Part(
        "ТОО «Ақтерек Энерго»", "KZ", "Energy", "zarina", 0.55, 0.31, 0.25, 15, scores=(4, 4),
    ),
    Part(
        "ОсОО «Таштак Гидро»", "KG", "Pumps and hydraulics", "zarina", 0.3, 0.28, 0.03, 15,
        silent=32, scores=(4, 4),
    ),
    Part(
        "澜川风电设备有限公司", "CN", "Energy", "zhiyuan", 0.6, 0.32, 0.36, 12, scores=(5, 4),
    ),
    Part(
        "鼎恒钢铁有限公司", "CN", "Steel and shipbuilding", "zhiyuan", 0.7, 0.24, -0.45, 11,
        scores=(4, 4), team="yuqing",
    ),
    Part(
        "湖屿纸业有限公司", "CN", "Pulp and paper", "zhiyuan", 0.3, 0.27, 0.02, 15,
        silent=41, scores=(4, 3),
    ),
    # Only a larger firm has these.
    Part(
        "Lipnická hydraulika s.r.o.", "CZ", "Pumps and hydraulics", "daria", 0.3, 0.3, 0.02, 15,
        silent=58, scores=(4, 3),
    ),
    Part("Hallvik Turbinservice AS", "NO", "Energy", "tomas", 0.35, 0.3, 0.05, 21),
    Part("Wyndle Holdings plc", "GB", "Mining", "owen"),
    Part(
        "Wyndle Aggregates Ltd", "GB", "Mining", "owen", 0.5, 0.28, 0.14, 15,
        scores=(4, 4), parent="Wyndle Holdings plc",
    ),
    Part(
        "Wyndle Cement Ltd", "GB", "Conveying", "aoife", 0.3, 0.26, 0.02, 20,
        scores=(3, 3), parent="Wyndle Holdings plc",
    ),
    Part(
        "Penhallow Cranes Ltd", "GB", "Cranes and lifting", "owen", 0.3, 0.29, 0.05, 11,
        silent=27, scores=(4, 3),
    ),
    Part(
        "Oderbrand Hebetechnik GmbH", "DE", "Cranes and lifting", "freya", 0.35, 0.27, 0.1, 18,
        scores=(5, 2), earlier=3,
    ),
    Part(
        "Windhausen Rotorbau GmbH", "DE", "Energy", "freya", 0.7, 0.26, -0.45, 12, scores=(4, 4),
    ),
    Part("Kaltenrieth Stahlwerke GmbH", "DE", "Steel and shipbuilding", "freya", 0.4, 0.25, 0, 16),
    Part("Tarnwick Wind Ltd", "GB", "Energy", "aoife", 0.4, 0.33, 0.38, 16, scores=(5, 4)),
    Part("Koskivirta Voima Oy", "FI", "Energy", "aoife", 0.3, 0.29, 0.04, 20),
    Part(
        "Kuusilahti Paperi Oy", "FI", "Pulp and paper", "aoife", 0.3, 0.28, 0.03, 16,
        silent=33, scores=(4, 4),
    ),
    Part(
        "Engranajes Solavento S.A.", "ES", "Drives and robotics", "ilse", 0.3, 0.29, 0.06, 16,
        silent=34, scores=(4, 4),
    ),
    Part("Bombas Fuensol S.L.", "ES", "Pumps and hydraulics", "ilse", 0.35, 0.28, 0.07, 20),
    Part("Ashgarth Hydraulics Ltd", "GB", "Pumps and hydraulics", "owen", 0.3, 0.28, 0.03, 18),
    Part("Grupo Ardanza", "ES", "Steel and shipbuilding", "neven"),
    Part(
        "Ardanza Siderúrgica S.A.", "ES", "Steel and shipbuilding", "neven", 0.5, 0.26, 0.1, 15,
        scores=(3, 4), parent="Grupo Ardanza",
    ),
    Part(
        "Ardanza Grúas S.L.", "ES", "Cranes and lifting", "ilse", 0.25, 0.27, -0.03, 22,
        scores=(3, 3), parent="Grupo Ardanza",
    ),
    Part(
        "Papelera Riofresno S.A.", "ES", "Pulp and paper", "neven", 0.75, 0.25, -0.05, 170,
        silent=421, scores=(2, 2),
    ),
    Part("Термоелектрана Јаворник а.д.", "RS", "Energy", "neven", 0.35, 0.3, 0.04, 20),
    Part(
        "Τσιμέντα Λιθαριάς Α.Ε.", "GR", "Mining", "eleni", 0.3, 0.28, 0.06, 12,
        silent=28, scores=(4, 4),
    ),
    Part(
        "Cartiere Valserena S.p.A.", "IT", "Pulp and paper", "eleni", 0.3, 0.26, -0.04, 19,
        scores=(4, 2),
    ),
    Part(
        "АО «Медный перевал»", "KZ", "Mining", "fyodor", 0.7, 0.27, -0.45, 12, scores=(4, 4),
    ),
    Part("Холдинг «Алтын дала»", "KZ", "Conveying", "zarina"),
    Part(
        "ТОО «Алтын дала Конвейер»", "KZ", "Conveying", "zarina", 0.35, 0.27, 0.12, 17,
        scores=(3, 3), parent="Холдинг «Алтын дала»",
    ),
    Part(
        "ТОО «Алтын дала Кран»", "KZ", "Cranes and lifting", "fyodor", 0.25, 0.25, 0.02, 24,
        scores=(3, 3), parent="Холдинг «Алтын дала»",
    ),
    Part(
        "АО «Степные элеваторы»", "KZ", "Conveying", "zarina", 0.75, 0.26, -0.08, 170,
        silent=405, scores=(2, 1),
    ),
    Part("ТОО «Жезбулак Металл»", "KZ", "Steel and shipbuilding", "zarina", 0.35, 0.26, 0.03, 19),
    Part(
        "临岫港口起重有限公司", "CN", "Cranes and lifting", "yuqing", 0.35, 0.3, 0.09, 13,
        silent=28, scores=(4, 4),
    ),
    Part("远峤矿业有限公司", "CN", "Mining", "zhiyuan", 0.35, 0.29, 0.05, 19),
    Part(
        "启岚机器人有限公司", "CN", "Drives and robotics", "zhiyuan", 0.3, 0.33, 0.15, 18,
        scores=(2, 4), earlier=3,
    ),
    Part(
        "澜川风电（松屿）有限公司", "CN", "Energy", "zhiyuan", 0.25, 0.3, 0.2, 21,
        scores=(4, 3), parent="澜川风电设备有限公司",
    ),
)  # fmt: skip
