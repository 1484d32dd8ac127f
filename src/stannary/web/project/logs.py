"""What logs never hold: the part of an address that opens something by itself."""

import logging
import re

_OPENS = re.compile(r"(/answer/)[^/\s]+")


class WithoutSecrets(logging.Filter):
    """Takes what opens a respondent's page out of what is logged of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the addresses of a record; every record is kept."""
        said = record.getMessage()
        if "/answer/" in said:
            record.msg, record.args = _OPENS.sub(r"\1…", said), None
        return True
