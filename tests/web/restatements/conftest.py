"""The market of transactions, with credits."""

from web.transactions.conftest import credited, market

__all__ = ["credited", "market"]
