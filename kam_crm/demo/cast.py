"""Our people in the demo, and what they say.

Everybody here is invented. `.example` is a domain that nobody can own.
"""

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
    ("freya", "Freya Tollefsrud", "north", ("kam",)),
    ("aoife", "Aoife Ní Dhonnabháin", "north", ("kam",)),
    ("daria", "Daria Lindqvist", "south", ("kam",)),
    ("ilse", "Ilse Vandermolen", "south", ("kam",)),
    ("neven", "Невен Радојичић", "south", ("kam",)),
    ("eleni", "Ελένη Δροσινάκη", "south", ("kam",)),
    ("fyodor", "Фёдор Лапин", "east", ("kam",)),
    ("yuqing", "沈雨晴", "east", ("kam",)),
    ("zarina", "Зарина Әбілова", "east", ("kam",)),
    ("zhiyuan", "闻知远", "east", ("kam",)),
    ("benedikt", "Benedikt Lerchenau", "company", ("presale",)),
    ("hanne", "Hanne Birkelund", "company", ("analyst",)),
    ("rupert", "Rupert Quillfeather", "company", ("administrator",)),
    # Sees what an analyst sees: a program that reads figures needs some.
    ("erp", "ERP bridge", "company", ("integration", "analyst")),
)

INDUSTRIES = (
    "Conveying",
    "Drives and robotics",
    "Pumps and hydraulics",
    "Cranes and lifting",
    "Pulp and paper",
    "Mining",
    "Energy",
    "Steel and shipbuilding",
)
PRODUCT_LINES = ("Bearings", "Gearboxes", "Couplings", "Hydraulics", "Seals", "Services")


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
    ("order_overdue", "湖屿纸业有限公司", "zhiyuan",
     "The machine is being rebuilt; the next order comes with the restart."),
    ("declining", "АО «Медный перевал»", "fyodor",
     "The second shaft is closed for a year. We agreed on spare parts meanwhile."),
)  # fmt: skip
