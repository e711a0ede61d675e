"""The method as a page: docs/method.md, with an anchor on each heading and each rule."""

from functools import cache
from itertools import pairwise

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

PATH = settings.BASE_DIR / "docs" / "method.md"


@cache
def method() -> SafeString:
    """The page as HTML. The file is ours, and HTML in it would stay text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(PATH.read_text(encoding="utf-8"))
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slugify(following.content, allow_unicode=True))
        elif token.type == "paragraph_open" and (name := rule_of(following)):
            token.attrSet("id", name)
        elif token.type == "table_open":
            token.attrSet("class", "k-table")
    # Not of a person's making: the file comes with the product.
    return mark_safe(reader.renderer.render(tokens, reader.options, {}))  # noqa: S308


def rule_of(token: Token) -> str:
    """The anchor of a rule, which is a paragraph that opens with its name in bold."""
    opening = token.children or []
    if opening and opening[0].content == "" and len(opening) > 2:
        opening = opening[1:]
    if opening and opening[0].type == "strong_open":
        return slugify(opening[1].content)
    return ""
