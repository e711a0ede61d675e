"""Our columns, with the names that other systems give them in several languages.

Names are compared without case, marks and white space.
"""

from django.utils.translation import gettext_lazy as _

from accounts.imports.targets import Column

REFERENCE = (
    "account, account no, account id, account number, customer, customer id, customer no, "
    "customer number, client, client id, partner, kunde, kundennr, kundennummer, debitor, "
    "debitorennummer, client no, code client, numéro client, cliente, codice cliente, id cliente, "
    "código cliente, клиент, код клиента, контрагент, код контрагента, 客户, 客户编号, 客户代码, "
    "klant, klantnummer, kontrahent, numer klienta"
)
NAME = (
    "name, customer name, client name, company, company name, kundenname, firma, firmenname, "
    "nom, nom client, raison sociale, nome, nome cliente, ragione sociale, nombre, razón social, "
    "наименование, название, имя клиента, наименование контрагента, 客户名称, 公司名称, 名称, "
    "klantnaam, nazwa"
)
DAY = (
    "date, day, booking date, posting date, invoice date, document date, belegdatum, datum, "
    "buchungsdatum, rechnungsdatum, date facture, date comptable, data, data fattura, "
    "data registrazione, fecha, fecha factura, дата, дата документа, дата проводки, 日期, "
    "记账日期, 开票日期, factuurdatum, data faktury"
)
REVENUE = (
    "amount, net amount, net, sales, turnover, value, total, umsatz, betrag, nettobetrag, netto, "
    "erlös, montant, montant ht, chiffre d'affaires, importo, imponibile, ricavo, fatturato, "
    "importe, ventas, выручка, сумма, сумма без ндс, 金额, 收入, 销售额, bedrag, omzet, "
    "kwota, przychód"
)
COST = (
    "costs, cogs, cost of sales, cost of goods, kosten, wareneinsatz, einstandswert, coût, coûts, "
    "coût des ventes, costo, costo del venduto, coste, себестоимость, затраты, 成本, "
    "kostprijs, koszt"
)
CURRENCY = "curr, ccy, währung, devise, valuta, divisa, moneda, валюта, 币种, 货币, waluta"
DOCUMENT = (
    "invoice, invoice no, invoice number, document no, document number, doc, voucher, beleg, "
    "belegnummer, belegnr, rechnung, rechnungsnummer, rechnungsnr, facture, numéro facture, "
    "fattura, numero fattura, documento, factura, número factura, документ, номер документа, "
    "счёт, счет, номер счета, накладная, 发票, 发票号, 单据号, factuur, factuurnummer, "
    "numer faktury"
)
LINE = (
    "line no, line number, item, item no, position, pos, zeile, posten, ligne, riga, línea, "
    "строка, номер строки, позиция, 行, 行号, regel, pozycja"
)
PRODUCT_LINE = (
    "product, product group, product category, category, produktgruppe, warengruppe, sparte, "
    "produit, famille, gamme, categoria, linea prodotto, línea de producto, товар, "
    "номенклатура, товарная группа, 产品线, 产品, 产品类别, productgroep, grupa towarowa"
)
PARENT = (
    "parent, parent account, parent id, group, group id, muttergesellschaft, konzern, "
    "société mère, capogruppo, matriz, головная компания, холдинг, 母公司, moederbedrijf"
)
INDUSTRY = "sector, branche, secteur, settore, industria, отрасль, 行业, branża"
COUNTRY = "land, pays, paese, nazione, país, страна, 国家, kraj"
HEADCOUNT = (
    "employees, staff, mitarbeiter, effectif, dipendenti, empleados, численность, сотрудники, "
    "员工数, werknemers"
)
OWNER = (
    "seller, sales person, salesperson, sales rep, account manager, verkäufer, vertreter, "
    "kundenbetreuer, vendeur, commercial, venditore, agente, vendedor, менеджер, продавец, "
    "ответственный, 销售, 负责人, verkoper, handlowiec"
)
RATE = (
    "exchange rate, kurs, wechselkurs, taux, cours, cambio, tasso, tipo de cambio, курс, 汇率, "
    "koers"
)

MONTH = (
    "period, monat, periode, mois, période, mese, periodo, mes, месяц, период, 月份, 期间, maand"
)
LINES = (
    "number of lines, count, rows, items, anzahl, zeilen, positionen, lignes, righe, líneas, "
    "строки, число строк, 行数, regels"
)


def names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


LEDGER_COLUMNS = (
    Column("account_ref", _("account"), "text", True, names(REFERENCE)),
    Column("booked_on", _("booked on"), "day", True, names(DAY)),
    Column("revenue", _("revenue"), "amount", True, names(REVENUE)),
    Column("document", _("document"), "text", True, names(DOCUMENT)),
    Column("line", _("line"), "text", False, names(LINE)),
    Column("cost", _("cost"), "amount", False, names(COST)),
    Column("currency", _("currency"), "text", False, names(CURRENCY)),
    Column("product_line", _("product line"), "text", False, names(PRODUCT_LINE)),
    Column("account_name", _("account name"), "text", False, names(NAME)),
    Column("parent_ref", _("parent"), "text", False, names(PARENT)),
    Column("industry", _("industry"), "text", False, names(INDUSTRY)),
    Column("country", _("country"), "text", False, names(COUNTRY)),
    Column("headcount", _("headcount"), "whole", False, names(HEADCOUNT)),
    Column("owner", _("seller"), "text", False, names(OWNER)),
)
ACCOUNT_COLUMNS = (
    Column("account_ref", _("account"), "text", True, names(REFERENCE)),
    Column("account_name", _("account name"), "text", False, names(NAME)),
    Column("legal_name", _("legal name"), "text", False, names("full name, official name")),
    Column(
        "tax_number",
        _("tax number"),
        "text",
        False,
        names("vat, vat id, vat number, ust-idnr, tva, partita iva, nif, инн, 税号"),
    ),
    Column("kind", _("kind"), "text", False, names("type, art, тип, 类型")),
    Column("industry", _("industry"), "text", False, names(INDUSTRY)),
    Column("country", _("country"), "text", False, names(COUNTRY)),
    Column("headcount", _("headcount"), "whole", False, names(HEADCOUNT)),
    Column("parent_ref", _("parent"), "text", False, names(PARENT)),
    Column("parent_from", _("parent since"), "day"),
    Column("owner", _("owner"), "text", False, names(OWNER)),
    Column("owner_from", _("owner since"), "day"),
    Column("previous_owner", _("owner before"), "text"),
    Column(
        "department",
        _("department"),
        "text",
        False,
        names("abteilung, service, reparto, отдел, 部门, afdeling"),
    ),
    Column("department_from", _("department since"), "day"),
    Column("closed_on", _("closed on"), "day"),
    Column("close_reason", _("reason of closing"), "text"),
)
RATE_COLUMNS = (
    Column("currency", _("currency"), "text", True, names(CURRENCY)),
    Column("day", _("day"), "day", True, names(DAY)),
    Column("rate", _("exchange rate"), "amount", True, names(RATE)),
)
TOTAL_COLUMNS = (
    Column("month", _("month"), "text", True, names(MONTH)),
    Column("revenue", _("revenue"), "amount", True, names(REVENUE)),
    Column("currency", _("currency"), "text", False, names(CURRENCY)),
    Column("lines", _("number of lines"), "whole", False, names(LINES)),
)
