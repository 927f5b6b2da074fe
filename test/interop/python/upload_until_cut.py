"""Uploads to an item for as long as the server takes bytes, and prints how it ended, a JSON object a line: `{"session": ID}` once
bytes are under way, then `{"upload": how it ended, "after": the error of the next call}`."""

import json
import os
import time

import requests
from com.vmware.content.library import item_client as item
from com.vmware.content.library.item import updatesession_client as updates

from sdk_connection import BYTES_SECONDS, Connection, token

SIZE = 1_000_000_000
BLOCK = 65_536
STEP_SECONDS = 0.02


class EndlessBytes:
    """Bytes that come slowly, and are many."""

    def __init__(self, session_id):
        self.session_id = session_id
        self.sent = 0

    def __len__(self):
        return SIZE - self.sent

    def read(self, size=-1):
        if self.sent > 0:
            time.sleep(STEP_SECONDS)
        if self.sent == 4 * BLOCK:
            print(json.dumps({"session": self.session_id}), flush=True)
        self.sent += BLOCK
        return b"p" * BLOCK


def upload(uri, session_id):
    try:
        reply = requests.put(uri, data=EndlessBytes(session_id), timeout=BYTES_SECONDS)
        return f"answered {reply.status_code}"
    except requests.exceptions.ConnectionError:
        return "cut"


def after(api, session_id):
    try:
        api.update_sessions.complete(session_id)
        return None
    except Exception as error:  # pylint: disable=broad-except
        return type(error).__name__


def main():
    api = Connection()
    api.login()
    spec = item.UpdateSessionModel(library_item_id=os.environ["ITEM"])
    session_id = api.update_sessions.create(create_spec=spec, client_token=token())
    source = updates.File.SourceType.PUSH
    add = updates.File.AddSpec(name="endless.bin", source_type=source, size=SIZE)
    uri = api.update_files.add(session_id, add).upload_endpoint.uri
    how = upload(uri, session_id)
    print(json.dumps({"upload": how, "after": after(api, session_id)}), flush=True)


if __name__ == "__main__":
    main()
