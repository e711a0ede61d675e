"""Geometry of small drawings, as text for SVG attributes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

# Width and height of the line in a table's row, and of the one beside a figure.
SMALL, LARGE = (56, 20), (84, 24)
MARGIN = 3
RULERS = {"wide": 1100, "narrow": 320}


def spark(
    values: Sequence[Decimal], size: tuple[int, int] = SMALL, *, from_zero: bool = False
) -> dict[str, str] | None:
    """A line through `values` and where it ends; None where there is no line to draw.

    Its scale spans the values, or these and zero.
    """
    if len(values) < 2:
        return None
    width, height = size
    spanned = [*values, Decimal(0)] if from_zero else values
    low, span = min(spanned), max(spanned) - min(spanned)
    flat = Decimal(0) if from_zero else Decimal("0.5")
    points = [
        (
            width * n / (len(values) - 1),
            height
            - MARGIN
            - float((value - low) / span if span else flat) * (height - 2 * MARGIN),
        )
        for n, value in enumerate(values)
    ]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return {
        "line": line,
        "area": f"{line}L{width} {height}L0 {height}Z",
        "y": f"{points[-1][1]:.1f}",
    }


def rulers(scale: dict[str, Any]) -> list[dict[str, Any]]:
    """A scale with its limits and a mark, once for a wide page and once for a phone.

    What lies off the scale is marked at its end.
    """
    return [ruler(name, width, scale) for name, width in RULERS.items()]


def ruler(name: str, width: int, scale: dict[str, Any]) -> dict[str, Any]:
    low, high = scale["low"], scale["high"]
    value = Decimal(scale["value"])

    def at(number):
        inside = min(max(Decimal(number), Decimal(low)), Decimal(high))
        return float(inside - low) * width / (high - low)

    mark, zero = at(value), at(0)
    is_late = mark > width * 0.85
    return {
        "name": name,
        "width": width,
        "mark": f"{mark:.1f}",
        "label_at": f"{mark - 11 if is_late else mark + 11:.1f}",
        "label_anchor": "end" if is_late else "start",
        "bar_from": f"{min(zero, mark):.1f}",
        "bar": f"{abs(mark - zero):.1f}",
        "low": low,
        "high": high,
        "limits": [limit | {"x": f"{at(limit['at']):.1f}"} for limit in scale["limits"]],
    }
