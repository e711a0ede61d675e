"""What every figure is written with."""

from decimal import Decimal
from typing import Any

from firm.models import Policy
from firm.templatetags.figures import money


def figure(name: str, label: str, value: str, unit: str, **more: Any) -> dict[str, Any]:
    """One figure for reading, with `inputs` that recompute it exactly."""
    return (
        {"formula": "", "sentence": "", "limit": "", "inputs": {}}
        | {
            "name": name,
            "label": label,
            "value": value,
            "unit": unit,
        }
        | more
    )


def quotient(part: Decimal, whole: Decimal) -> str:
    return f"{money(part, 2)} ÷ {money(whole, 2)}"


def basis_name(basis: str) -> str:
    return str(Policy.Basis(basis).label)
