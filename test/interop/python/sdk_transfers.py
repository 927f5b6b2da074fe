"""Bytes in and out, in the orders that the vendor's samples keep: import, content update, replacement, signed packages, export."""

import time
import unittest

import requests
from com.vmware.content.library.item.downloadsession_client import File as DownloadFile
from com.vmware.content.library.item.updatesession_client import (
    File,
    PreviewInfo,
    WarningBehavior,
    WarningType,
)
from com.vmware.content.library.item_client import (
    DownloadSessionModel,
    TransferStatus,
    UpdateSessionModel,
)
from com.vmware.content.library.item_client import File as ItemFile

from sdk_connection import (
    BYTES_SECONDS,
    POLL_SECONDS,
    POLL_STEP_SECONDS,
    LoggedIn,
    noise,
    post,
    sha256,
    token,
)
from signed_package import CAN_SIGN, signed_package

SOURCE = File.SourceType
LARGE_BYTES = 6 * 1024 * 1024 + 17


class Transfers(LoggedIn):
    def test_import_and_export_keep_every_byte(self):
        files = {
            "large.vmdk": noise(LARGE_BYTES),
            "a name with spaces.ovf": b"<Envelope/>",
            "100% #1? \u00e4\u20ac.txt": noise(1000, "odd"),
            "empty.nvram": b"",
        }
        item_id = self.fill(files)
        self.assert_holds(item_id, files)
        total = sum(len(data) for data in files.values())
        found = self.api.items.get(item_id)
        self.assertEqual((found.size, found.content_version), (total, "2"))

    def test_files_and_storage_tell_what_is_held(self):
        data = noise(4321)
        item_id = self.fill({"a b.iso": data})
        [info] = self.api.files.list(item_id)
        self.assertEqual((info.name, info.size, info.cached), ("a b.iso", len(data), True))
        self.assertTrue(info.version)
        self.assertEqual(self.api.files.get(item_id, "a b.iso").size, len(data))
        [held] = self.api.storage.get(item_id, "a b.iso")
        [listed] = self.api.storage.list(item_id)
        self.assertEqual((held.name, held.size), ("a b.iso", len(data)))
        self.assertEqual(held.storage_uris, listed.storage_uris)
        self.assertTrue(held.storage_uris)
        self.assertIn(held.storage_backing.type, ("OTHER", "DATASTORE"))

    def test_content_update_removes_the_old_files_and_adds_new_ones(self):
        item_id = self.fill({"old 1.txt": b"1", "old 2.txt": b"2"})
        before = self.api.items.get(item_id).content_version
        session_id = self.open_session(item_id)
        for info in self.api.update_files.list(session_id):
            self.assertEqual(info.source_type, SOURCE.NONE)
            self.assertEqual(info.status, TransferStatus.READY)
            self.assertIsNone(info.upload_endpoint)
            self.api.update_files.remove(session_id, info.name)
        self.assertEqual(self.api.update_files.list(session_id), [])
        self.send(session_id, "new.txt", b"3")
        self.complete(session_id)
        self.assert_holds(item_id, {"new.txt": b"3"})
        # The sample compares the two as text.
        self.assertGreater(self.api.items.get(item_id).content_version, before)

    def test_the_same_name_again_replaces_the_file_and_keeps_the_others(self):
        item_id = self.fill({"a.txt": b"old", "b.txt": b"stays"})
        self.fill({"a.txt": b"new"}, item_id)
        self.assert_holds(item_id, {"a.txt": b"new", "b.txt": b"stays"})

    @unittest.skipUnless(CAN_SIGN, "OpenSSL is not here")
    def test_a_signed_archive_is_previewed_and_its_warnings_ignored_before_it_is_completed(self):
        package, kept = signed_package(noise(50_000, "package"))
        item_id = self.make_item(kind="ovf")
        session_id = self.open_session(item_id)
        self.send(session_id, "appliance.ova", package)
        preview = self.previewed(session_id)
        self.assertEqual(preview.state, PreviewInfo.State.AVAILABLE)
        self.assertEqual(preview.certificate_info.subject, "/O=Example/CN=team")
        kinds = self.warned(preview)
        self.assertEqual(
            set(kinds),
            {WarningType.SELF_SIGNED_CERTIFICATE, WarningType.UNTRUSTED_CERTIFICATE},
        )
        behavior = [WarningBehavior(type=kind, ignored=True) for kind in kinds]
        self.api.update_sessions.update(
            session_id, UpdateSessionModel(warning_behavior=behavior)
        )
        found = self.api.update_sessions.get(session_id).warning_behavior or []
        self.assertEqual({kind.type for kind in found}, {kind.type for kind in behavior})
        listed = {info.name: info for info in self.api.update_files.list(session_id)}
        self.assertEqual(set(listed), {"appliance.ova", *kept, "appliance.mf", "appliance.cert"})
        self.assertIs(listed["appliance.ova"].keep_in_storage, False)
        self.api.update_sessions.complete(session_id)
        self.assertEqual(self.api.update_sessions.get(session_id).state, "DONE")
        self.assertIsNone(self.api.update_sessions.get(session_id).preview_info)
        self.api.update_sessions.delete(session_id)
        self.assert_holds(item_id, kept)

    def test_an_iso_has_nothing_to_preview(self):
        session_id = self.open_session(self.make_item(kind="iso"))
        self.send(session_id, "boot.iso", noise(2048, "iso"))
        self.assertEqual(self.previewed(session_id).state, PreviewInfo.State.NOT_APPLICABLE)
        self.complete(session_id)

    def test_a_download_session_is_walked_file_by_file(self):
        files = {"one.txt": b"1" * 10, "two files.txt": b"2" * 20}
        item_id = self.fill(files)
        spec = DownloadSessionModel(library_item_id=item_id)
        session_id = self.api.download_sessions.create(create_spec=spec, client_token=token())
        listed = self.api.download_files.list(session_id)
        self.assertEqual({info.name for info in listed}, set(files))
        for info in listed:
            self.assertEqual(info.bytes_transferred, 0)
            self.assertIsNone(info.download_endpoint)
            self.api.download_files.prepare(
                session_id, info.name, endpoint_type=DownloadFile.EndpointType.HTTPS
            )
            ready = self.prepared(session_id, info.name)
            self.assertNotIn(" ", ready.download_endpoint.uri)
            reply = requests.get(ready.download_endpoint.uri, timeout=BYTES_SECONDS)
            self.assertEqual(reply.status_code, 200)
            self.assertEqual(sha256(reply.content), sha256(files[info.name]))
        self.api.download_sessions.delete(session_id)

    def test_a_checksum_is_compared(self):
        data = noise(10_000, "checked")
        algorithm = ItemFile.ChecksumAlgorithm.SHA256
        right = ItemFile.ChecksumInfo(algorithm=algorithm, checksum=sha256(data).upper())
        session_id = self.open_session()
        self.send(session_id, "a.bin", data, checksum_info=right)
        info = self.api.update_files.get(session_id, "a.bin")
        self.assertEqual((info.status, info.size), (TransferStatus.READY, len(data)))
        self.assertEqual(info.bytes_transferred, len(data))
        wrong = ItemFile.ChecksumInfo(algorithm=algorithm, checksum=sha256(b"other"))
        self.send(session_id, "b.bin", data, checksum_info=wrong)
        info = self.api.update_files.get(session_id, "b.bin")
        self.assertEqual(info.status, TransferStatus.ERROR)
        self.assertIn(sha256(data), info.error_message.default_message.lower())
        self.api.update_sessions.cancel(session_id)

    def test_a_broken_size_is_told_and_can_be_mended(self):
        session_id = self.open_session()
        spec = File.AddSpec(name="a.txt", source_type=SOURCE.PUSH, size=6)
        uri = self.api.update_files.add(session_id, spec).upload_endpoint.uri
        self.assertGreaterEqual(post(uri, b"seven77").status_code, 400)
        self.assertEqual(
            self.api.update_files.get(session_id, "a.txt").status, TransferStatus.ERROR
        )
        uri = self.api.update_files.add(session_id, spec).upload_endpoint.uri
        self.assertLess(post(uri, b"sixsix").status_code, 400)
        item_id = self.api.update_sessions.get(session_id).library_item_id
        self.complete(session_id)
        self.assert_holds(item_id, {"a.txt": b"sixsix"})

    def previewed(self, session_id):
        """Polls as the sample does, until the preview is there or there is none."""
        ends = (PreviewInfo.State.AVAILABLE, PreviewInfo.State.NOT_APPLICABLE)
        deadline = time.monotonic() + POLL_SECONDS
        while time.monotonic() < deadline:
            session = self.api.update_sessions.get(session_id)
            if session.preview_info.state in ends:
                return session.preview_info
            time.sleep(POLL_STEP_SECONDS)
        return self.fail(f"no preview in {POLL_SECONDS} s")

    def warned(self, preview):
        """The kinds to ignore: those told of, and where none is, one to see that it is kept."""
        return [warning.type for warning in preview.warnings or []] or [
            WarningType.SELF_SIGNED_CERTIFICATE
        ]
