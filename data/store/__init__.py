"""What has been annotated: state in SQLite, records in Parquet partitioned by date, each article exactly once."""

from stancewire.data.store.sink import StoreSink
from stancewire.data.store.store import Batch, Peek, Store

__all__ = ["Batch", "Peek", "Store", "StoreSink"]
