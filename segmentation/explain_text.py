"""The explanation as a person reads it in a terminal, or copies it from the page."""

from typing import Any


def as_text(explanation: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    account, group = explanation["account"], explanation["group"]
    told = [f"{account['name']} ({account['ref']})"]
    if group:
        told.append(f"Group: {group['name']} ({group['ref']})")
    stored = f"run {explanation['run']}" if explanation["stored"] else "computed now, not stored"
    told.append(f"As of {explanation['as_of']}, policy v{explanation['policy']}, {stored}")
    told.append(f"Rules: {explanation['rules']}")
    told += [explanation["basis_sentence"], explanation["lines"]["corrected"], ""]
    for figure in explanation["figures"]:
        told += figure_as_text(figure)
    told += ["", "Group:"]
    told += [
        f"    {member['name']}: revenue {member['turnover']}, gross margin {member['income']}"
        for member in explanation["members"]
    ]
    told += ["", "Left out:", *(f"    {sentence}" for sentence in explanation["left_out"])]
    told += ["", "Checks:"]
    told += [
        f"    {'ok' if check['good'] else 'no'}  {check['text']}"
        for check in explanation["checks"]
    ]
    told += ["", f"Ledger lines of both windows ({len(lines)}):"]
    told += [
        f"    {line['booked_on']}  {line['source']} {line['document']} {line['line']}  "
        f"revenue {line['revenue']}  cost {line['cost'] or '-'}"
        for line in lines
    ]
    return "\n".join(told)


def figure_as_text(figure: dict[str, Any]) -> list[str]:
    value = f"{figure['value']} {figure['unit']}".strip()
    told = [f"{figure['label']}: {value}"]
    told += [f"    {figure[part]}" for part in ("sentence", "formula") if figure[part]]
    told += [
        f"    {change['what']}: {change['by_text']}: {change['then']}"
        for change in figure["changes"]
    ]
    told += [f"    {sentence}" for sentence in figure["out_of_reach"]]
    return told
