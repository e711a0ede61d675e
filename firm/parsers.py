"""Bodies that programs send."""

import io

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from firm.problems import TooLarge

# No record of ours is near as long.
MOST = 1 << 20


class Json(JSONParser):
    """DRF's, of a bounded size and depth."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(MOST + 1)
        if len(body) > MOST:
            raise TooLarge
        try:
            return super().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error
