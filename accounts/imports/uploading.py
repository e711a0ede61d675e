"""Turns a file away that is larger than any upload, before it lies on the disk."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

# What the form's other fields and the borders between its parts may add.
BORDERS = 1 << 16
TOO_LARGE = "kam.upload_is_too_large"


class SizeLimit(FileUploadHandler):
    """First of the handlers: the request is read to its end, its file goes nowhere."""

    is_too_large = False

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.is_too_large = content_length > settings.IMPORT_UPLOAD_BYTES + BORDERS
        META[TOO_LARGE] = self.is_too_large

    def new_file(self, *args, **options):
        super().new_file(*args, **options)
        if self.is_too_large:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
