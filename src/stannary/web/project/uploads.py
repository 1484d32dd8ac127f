"""How much of a file is taken in, whoever sends it."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUploadHandler(FileUploadHandler):
    """Lets no more of a file through than a little over what anything here may be.

    What is beyond the bound is read and dropped. The file then is too large for whoever asked for
    it, who refuses it in words, and never fills a disk.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Give on what is within the bound, up to the piece that goes over it."""
        return raw_data if start <= settings.UPLOAD_MAX else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""
