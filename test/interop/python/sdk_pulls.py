"""Files that the server fetches by itself, as importers have it: added, completed at once, and asked for until the session has ended."""

import hashlib
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from com.vmware.content.library.item.updatesession_client import (
    File,
    PreviewInfo,
    WarningBehavior,
)
from com.vmware.content.library.item_client import File as ItemFile
from com.vmware.content.library.item_client import (
    TransferEndpoint,
    TransferStatus,
    UpdateSessionModel,
)
from com.vmware.vapi.std.errors_client import NotAllowedInCurrentState

from sdk_connection import POLL_SECONDS, POLL_STEP_SECONDS, LoggedIn, noise, sha256
from signed_package import CAN_SIGN, signed_package

SOURCE = File.SourceType
LARGE_BYTES = 6 * 1024 * 1024 + 17


class Depot:
    """A server on this machine that has these files, given as name to bytes."""

    def __init__(self, files):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                data = files.get(self.path.lstrip("/"))
                self.send_response(404 if data is None else 200)
                self.send_header("Content-Length", str(len(data or b"")))
                self.end_headers()
                self.wfile.write(data or b"")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def endpoint(self, name):
        return TransferEndpoint(uri=f"http://127.0.0.1:{self.server.server_port}/{name}")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Pulls(LoggedIn):
    def pull(self, session_id, depot, name, **members):
        spec = File.AddSpec(
            name=name,
            source_type=SOURCE.PULL,
            source_endpoint=depot.endpoint(name),
            **members,
        )
        return self.api.update_files.add(session_id, spec)

    def depot(self, **files):
        depot = Depot(files)
        self.addCleanup(depot.close)
        return depot

    def ended(self, session_id):
        """Polls as importers do, until the session has ended."""
        return self.polled(
            lambda: self.api.update_sessions.get(session_id),
            lambda session: session.state != "ACTIVE",
        )

    def settled(self, session_id, name):
        return self.polled(
            lambda: self.api.update_files.get(session_id, name),
            lambda found: found.status in (TransferStatus.READY, TransferStatus.ERROR),
        )

    def polled(self, look, is_so):
        deadline = time.monotonic() + POLL_SECONDS
        while time.monotonic() < deadline:
            found = look()
            if is_so(found):
                return found
            time.sleep(POLL_STEP_SECONDS)
        return self.fail(f"nothing came of it in {POLL_SECONDS} s")

    def test_an_image_is_fetched_while_its_session_is_completed_already(self):
        image = noise(LARGE_BYTES, "image")
        depot = self.depot(**{"boot.iso": image})
        item_id = self.make_item(kind="iso")
        session_id = self.open_session(item_id)
        info = self.pull(session_id, depot, "boot.iso")
        self.assertEqual(info.source_type, SOURCE.PULL)
        self.assertEqual(info.source_endpoint.uri, depot.endpoint("boot.iso").uri)
        self.assertIsNone(info.upload_endpoint)
        self.api.update_sessions.complete(session_id)
        ended = self.ended(session_id)
        self.assertEqual(ended.state, "DONE", ended.error_message)
        self.assert_holds(item_id, {"boot.iso": image})

    @unittest.skipUnless(CAN_SIGN, "OpenSSL is not here")
    def test_an_archive_is_fetched_by_its_md5_previewed_and_unpacked(self):
        package, kept = signed_package(noise(50_000, "pulled"))
        depot = self.depot(**{"appliance.ova": package})
        item_id = self.make_item(kind="ovf")
        session_id = self.open_session(item_id)
        checksum = ItemFile.ChecksumInfo(
            algorithm=ItemFile.ChecksumAlgorithm.MD5, checksum=hashlib.md5(package).hexdigest()
        )
        self.pull(session_id, depot, "appliance.ova", checksum_info=checksum)
        session = self.polled(
            lambda: self.api.update_sessions.get(session_id),
            lambda found: found.preview_info.state == PreviewInfo.State.AVAILABLE,
        )
        self.assertEqual(session.preview_info.certificate_info.subject, "/O=Example/CN=team")
        listed = {info.name: info for info in self.api.update_files.list(session_id)}
        self.assertEqual(set(listed), {"appliance.ova", *kept, "appliance.mf", "appliance.cert"})
        for info in listed.values():
            self.assertEqual((info.source_type, info.status), (SOURCE.PULL, TransferStatus.READY))
            self.assertEqual(info.source_endpoint.uri, depot.endpoint("appliance.ova").uri)
        behavior = [
            WarningBehavior(type=warning.type, ignored=True)
            for warning in session.preview_info.warnings
        ]
        spec = UpdateSessionModel(warning_behavior=behavior)
        self.api.update_sessions.update(session_id, spec)
        self.api.update_sessions.complete(session_id)
        ended = self.ended(session_id)
        self.assertEqual(ended.state, "DONE", ended.error_message)
        self.assert_holds(item_id, kept)

    def test_what_is_not_there_is_told_by_the_file_and_by_complete(self):
        depot = self.depot(**{"a.iso": b"a"})
        session_id = self.open_session(self.make_item(kind="iso"))
        self.pull(session_id, depot, "gone.iso")
        info = self.settled(session_id, "gone.iso")
        self.assertEqual(info.status, TransferStatus.ERROR)
        self.assertIn("404", info.error_message.default_message)
        error = self.refused(
            NotAllowedInCurrentState, self.api.update_sessions.complete, session_id
        )
        self.assertIn("gone.iso", error.messages[0].default_message)
        self.api.update_sessions.cancel(session_id)

    def test_a_digest_that_differs_is_told_with_both(self):
        data = noise(10_000, "checked")
        depot = self.depot(**{"a.bin": data})
        session_id = self.open_session()
        wrong = ItemFile.ChecksumInfo(
            algorithm=ItemFile.ChecksumAlgorithm.SHA256, checksum=sha256(b"other")
        )
        self.pull(session_id, depot, "a.bin", checksum_info=wrong)
        info = self.settled(session_id, "a.bin")
        self.assertEqual(info.status, TransferStatus.ERROR)
        for digest in (sha256(data), sha256(b"other")):
            self.assertIn(digest, info.error_message.default_message)
        self.api.update_sessions.cancel(session_id)
