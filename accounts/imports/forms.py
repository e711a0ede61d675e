"""Forms of the import desk: a file on its way, and how it is to be read."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.importers.reading import DATES, DECIMALS, ENCODINGS, Reading
from accounts.importers.shapes import CURRENCIES
from accounts.imports.targets import Target, targets
from accounts.imports.uploading import TOO_LARGE

ENCODING_NAMES = {
    "utf-8-sig": _("UTF-8, every script"),
    "utf-16": _("UTF-16, every script"),
    "windows-1250": _("Windows-1250, central Europe"),
    "windows-1251": _("Windows-1251, Cyrillic"),
    "windows-1252": _("Windows-1252, western Europe"),
    "windows-1253": _("Windows-1253, Greek"),
    "windows-1254": _("Windows-1254, Turkish"),
    "iso-8859-2": _("ISO 8859-2, central Europe"),
    "iso-8859-15": _("ISO 8859-15, western Europe"),
    "koi8-r": _("KOI8-R, Cyrillic"),
    "cp866": _("CP 866, Cyrillic"),
    "gb18030": _("GB 18030, Chinese"),
    "big5": _("Big5, Chinese"),
    "shift_jis": _("Shift JIS, Japanese"),
}
SEPARATOR_NAMES = {
    ",": _("comma ,"),
    ";": _("semicolon ;"),
    "\t": _("tab"),
    "|": _("bar |"),
}
DECIMAL_NAMES = {".": _("point: 1,234.56"), ",": _("comma: 1.234,56")}
DATE_NAMES = {
    "ymd": _("year, month, day: 2024-02-29"),
    "dmy": _("day, month, year: 29.02.2024"),
    "mdy": _("month, day, year: 02/29/2024"),
}
# A tab would be trimmed away on its way through a form.
TAB = "tab"


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File"))
    source = forms.CharField(
        label=_("Source"),
        max_length=64,
        help_text=_("The system that the file comes from: choose one, or name a new one."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    target = forms.ChoiceField(label=_("It holds"))

    def __init__(self, *args, meta=None, **options):
        super().__init__(*args, **options)
        self.meta = meta or {}
        fields: dict = self.fields
        fields["target"].choices = [(code, target.label) for code, target in targets().items()]
        fields["file"].widget.attrs["accept"] = ".csv,.gz,.xlsx,.txt,.tsv"
        fields["file"].help_text = _("CSV, the same gzipped, or XLSX, of at most %(size)d MB.") % {
            "size": settings.IMPORT_UPLOAD_BYTES >> 20
        }
        if self.meta.get(TOO_LARGE):
            fields["file"].error_messages["required"] = too_large_text()

    def clean_source(self):
        return " ".join(self.cleaned_data["source"].split())


def too_large_text() -> str:
    return _("The file is larger than %(size)d MB: send it gzipped, or in parts.") % {
        "size": settings.IMPORT_UPLOAD_BYTES >> 20
    }


class ReadingForm(forms.Form):
    """How a file is to be read; its columns are the choices for each of ours."""

    encoding = forms.ChoiceField(
        label=_("Encoding"), choices=[(c, ENCODING_NAMES[c]) for c in ENCODINGS]
    )
    separator = forms.ChoiceField(
        label=_("Separator"),
        choices=[(TAB if mark == "\t" else mark, name) for mark, name in SEPARATOR_NAMES.items()],
    )
    decimal = forms.ChoiceField(
        label=_("Decimal mark"), choices=[(c, DECIMAL_NAMES[c]) for c in DECIMALS]
    )
    dates = forms.ChoiceField(label=_("Days"), choices=[(c, DATE_NAMES[c]) for c in DATES])
    currency = forms.CharField(
        label=_("Reporting currency"),
        max_length=3,
        required=False,
        help_text=_("Of a first ledger that holds several; else leave it empty."),
    )
    whole_documents = forms.BooleanField(
        label=_(
            "The file holds whole documents: stored lines that a document no longer has count as 0"
        ),
        required=False,
    )

    def __init__(
        self, data=None, *, target: Target, header: list[str], reading: Reading, is_workbook: bool
    ):
        super().__init__(data, initial=self.start_of(reading))
        self.target, self.header = target, header
        fields: dict = self.fields
        for name in ("currency", "whole_documents"):
            if name not in target.options:
                del fields[name]
        if is_workbook:
            # A workbook says itself how its cells are written.
            del fields["encoding"], fields["separator"]
        choices = [("", _("– not in the file –")), *((name, name) for name in header)]
        for column in target.columns:
            fields[f"column-{column.name}"] = LenientChoice(
                label=str(column.label),
                choices=choices,
                required=False,
                initial=reading.columns.get(column.name, ""),
            )

    @staticmethod
    def start_of(reading: Reading) -> dict:
        start = reading.as_dict()
        start["separator"] = TAB if reading.separator == "\t" else reading.separator or ","
        start["decimal"], start["dates"] = reading.decimal or ".", reading.dates or "ymd"
        return start

    def clean_currency(self):
        code = self.cleaned_data["currency"].strip().upper()
        if code and code not in CURRENCIES:
            raise forms.ValidationError(_("This is no ISO 4217 code, such as EUR."))
        return code

    def form_fields(self):
        return [
            self[name]
            for name in ("encoding", "separator", "decimal", "dates", "currency")
            if name in self.fields
        ]

    def mapping(self):
        for column in self.target.columns:
            yield {"column": column, "field": self[f"column-{column.name}"]}

    @property
    def reading(self) -> Reading:
        """What was chosen."""
        chosen = self.cleaned_data
        separator = chosen.get("separator", "")
        return Reading(
            encoding=chosen.get("encoding", "utf-8-sig"),
            separator="\t" if separator == TAB else separator,
            decimal=chosen["decimal"],
            dates=chosen["dates"],
            columns={
                column.name: chosen[f"column-{column.name}"]
                for column in self.target.columns
                if chosen.get(f"column-{column.name}")
            },
            currency=chosen.get("currency", ""),
            whole_documents=chosen.get("whole_documents", False),
        )


class LenientChoice(forms.ChoiceField):
    """A column that the file no longer has, since it is read otherwise now, is none."""

    def clean(self, value):
        value = self.to_python(value)
        return value if self.valid_value(value) else ""
