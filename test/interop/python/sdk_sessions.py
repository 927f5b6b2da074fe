"""Update and download sessions: their states, and what is refused in which."""

import datetime
import uuid

import requests
from com.vmware.content.library.item.updatesession_client import File
from com.vmware.content.library.item_client import (
    DownloadSessionModel,
    TransferStatus,
    UpdateSessionModel,
)
from com.vmware.vapi.std.errors_client import (
    InvalidArgument,
    NotAllowedInCurrentState,
    NotFound,
    ResourceBusy,
    Unauthenticated,
)

from sdk_connection import BYTES_SECONDS, Connection, LoggedIn, post, token

ACTIVE, DONE, ERROR, CANCELED = "ACTIVE", "DONE", "ERROR", "CANCELED"
PUSH = File.SourceType.PUSH


class UpdateSessions(LoggedIn):
    def add(self, session_id, name, **members):
        spec = File.AddSpec(name=name, source_type=PUSH, **members)
        return self.api.update_files.add(session_id, spec)

    def state(self, session_id):
        return self.api.update_sessions.get(session_id).state

    def test_a_new_session_tells_its_state(self):
        item_id = self.make_item()
        session_id = self.open_session(item_id)
        found = self.api.update_sessions.get(session_id)
        self.assertEqual(found.id, session_id)
        self.assertEqual(found.library_item_id, item_id)
        self.assertEqual(found.library_item_content_version, "1")
        self.assertEqual((found.state, found.client_progress), (ACTIVE, 0))
        self.assertIsInstance(found.expiration_time, datetime.datetime)
        self.assertIsNotNone(found.preview_info)
        self.assertIsNone(found.error_message)
        self.assertIn(session_id, self.api.update_sessions.list())
        self.assertEqual(self.api.update_sessions.list(item_id), [session_id])

    def test_one_session_an_item_and_its_token_finds_it_again(self):
        spec = UpdateSessionModel(library_item_id=self.make_item())
        same = token()
        first = self.api.update_sessions.create(create_spec=spec, client_token=same)
        again = self.api.update_sessions.create(create_spec=spec, client_token=same)
        self.assertEqual(again, first)
        self.refused(ResourceBusy, self.api.update_sessions.create, create_spec=spec)
        self.api.update_sessions.cancel(first)
        self.assertNotEqual(self.api.update_sessions.create(create_spec=spec), first)

    def test_create_takes_the_content_version_that_another_sdk_copies(self):
        item_id = self.make_item()
        version = self.api.items.get(item_id).content_version
        spec = UpdateSessionModel(library_item_id=item_id, library_item_content_version=version)
        self.assertTrue(self.api.update_sessions.create(spec, client_token=token()))

    def test_keep_alive_moves_progress_and_expiry(self):
        session_id = self.open_session()
        before = self.api.update_sessions.get(session_id).expiration_time
        self.api.update_sessions.keep_alive(session_id)
        self.api.update_sessions.keep_alive(session_id, 40)
        found = self.api.update_sessions.get(session_id)
        self.assertEqual(found.client_progress, 40)
        self.assertGreaterEqual(found.expiration_time, before)
        self.refused(InvalidArgument, self.api.update_sessions.keep_alive, session_id, 101)

    def test_complete_waits_for_no_file_that_is_missing(self):
        session_id = self.open_session()
        info = self.add(session_id, "late.txt", size=4)
        self.assertEqual(info.status, TransferStatus.WAITING_FOR_TRANSFER)
        self.assertEqual(info.bytes_transferred, 0)
        self.refused(
            NotAllowedInCurrentState, self.api.update_sessions.complete, session_id
        )
        self.assertEqual(self.state(session_id), ACTIVE)
        post(info.upload_endpoint.uri, b"here")
        self.api.update_sessions.complete(session_id)
        self.assertEqual(self.state(session_id), DONE)

    def test_cancel_drops_the_bytes_and_kills_the_address(self):
        item_id = self.make_item()
        session_id = self.open_session(item_id)
        uri = self.add(session_id, "a.txt").upload_endpoint.uri
        self.assertEqual(post(uri, b"a").status_code, 200)
        self.api.update_sessions.cancel(session_id)
        self.assertEqual(self.state(session_id), CANCELED)
        self.assertGreaterEqual(post(uri, b"a").status_code, 400)
        self.assertEqual(self.api.files.list(item_id), [])

    def test_fail_keeps_the_text(self):
        session_id = self.open_session()
        self.api.update_sessions.fail(session_id, "the disk of the client is full")
        found = self.api.update_sessions.get(session_id)
        self.assertEqual(found.state, ERROR)
        self.assertIn("the disk of the client is full", found.error_message.default_message)

    def test_an_ended_session_refuses_everything_but_get_and_delete(self):
        sessions = self.api.update_sessions
        for end in (sessions.cancel, sessions.complete, lambda id: sessions.fail(id, "x")):
            session_id = self.open_session()
            end(session_id)
            for call in (
                lambda id: sessions.complete(id),
                lambda id: sessions.cancel(id),
                lambda id: sessions.keep_alive(id),
                lambda id: sessions.fail(id, "again"),
                lambda id: sessions.update(id, UpdateSessionModel(warning_behavior=[])),
                lambda id: self.add(id, "a.txt"),
                lambda id: self.api.update_files.validate(id),
            ):
                self.refused(NotAllowedInCurrentState, call, session_id)
            sessions.delete(session_id)
            self.refused(NotFound, sessions.get, session_id)

    def test_an_active_session_is_not_deleted(self):
        session_id = self.open_session()
        self.refused(NotAllowedInCurrentState, self.api.update_sessions.delete, session_id)
        self.assertEqual(self.state(session_id), ACTIVE)

    def test_unknown_sessions_are_not_found(self):
        sessions, files, stranger = self.api.update_sessions, self.api.update_files, str(uuid.uuid4())
        for call in (
            sessions.get,
            sessions.complete,
            sessions.cancel,
            sessions.keep_alive,
            sessions.delete,
            files.list,
            files.validate,
        ):
            self.refused(NotFound, call, stranger)
        self.refused(NotFound, sessions.fail, stranger, "x")
        self.refused(NotFound, sessions.list, stranger)
        self.refused(NotFound, self.open_session, stranger)
        self.refused(NotFound, self.add, stranger, "a.txt")
        self.refused(NotFound, files.get, stranger, "a.txt")
        self.refused(NotFound, files.remove, stranger, "a.txt")

    def test_unknown_and_bad_file_names_are_invalid(self):
        session_id = self.open_session()
        self.refused(InvalidArgument, self.api.update_files.get, session_id, "none.txt")
        self.refused(InvalidArgument, self.api.update_files.remove, session_id, "none.txt")
        for name in ("", "..", "a/b.txt", "a\nb.txt"):
            self.refused(InvalidArgument, self.add, session_id, name)

    def test_validate_answers_lists(self):
        session_id = self.open_session()
        self.send(session_id, "a.txt", b"a")
        result = self.api.update_files.validate(session_id)
        self.assertFalse(result.has_errors)
        self.assertEqual((set(result.missing_files), result.invalid_files), (set(), []))

    def test_a_client_without_a_login_gets_no_session(self):
        stranger = Connection()
        spec = UpdateSessionModel(library_item_id=self.make_item())
        self.refused(Unauthenticated, stranger.update_sessions.create, create_spec=spec)


class DownloadSessions(LoggedIn):
    def open_download(self, item_id):
        spec = DownloadSessionModel(library_item_id=item_id)
        return self.api.download_sessions.create(create_spec=spec, client_token=token())

    def test_states_and_refusals(self):
        item_id = self.fill({"a.txt": b"a"})
        sessions = self.api.download_sessions
        session_id = self.open_download(item_id)
        found = sessions.get(session_id)
        self.assertEqual((found.state, found.library_item_id), (ACTIVE, item_id))
        self.assertEqual(found.library_item_content_version, "2")
        self.assertIsInstance(found.expiration_time, datetime.datetime)
        self.assertIn(session_id, sessions.list())
        self.assertEqual(sessions.list(item_id), [session_id])
        sessions.keep_alive(session_id, progress=50)
        self.assertEqual(sessions.get(session_id).client_progress, 50)
        uri = self.fetchable(session_id, "a.txt")
        self.assertEqual(requests.get(uri, timeout=BYTES_SECONDS).content, b"a")
        sessions.cancel(session_id)
        self.assertEqual(sessions.get(session_id).state, CANCELED)
        self.assertGreaterEqual(requests.get(uri, timeout=BYTES_SECONDS).status_code, 400)
        self.refused(NotAllowedInCurrentState, sessions.keep_alive, session_id)
        self.refused(NotAllowedInCurrentState, sessions.cancel, session_id)
        sessions.delete(session_id)
        self.refused(NotFound, sessions.get, session_id)

    def test_fail_and_delete_while_active(self):
        item_id = self.fill({"a.txt": b"a"})
        session_id = self.open_download(item_id)
        self.api.download_sessions.fail(session_id, "no room here")
        found = self.api.download_sessions.get(session_id)
        self.assertEqual(found.state, ERROR)
        self.assertIn("no room here", found.error_message.default_message)
        other = self.open_download(item_id)
        self.api.download_sessions.delete(other)
        self.refused(NotFound, self.api.download_sessions.get, other)

    def test_a_session_hands_out_the_content_it_was_opened_on(self):
        item_id = self.fill({"a.txt": b"before"})
        session_id = self.open_download(item_id)
        self.fill({"a.txt": b"after"}, item_id)
        uri = self.fetchable(session_id, "a.txt")
        self.assertEqual(requests.get(uri, timeout=BYTES_SECONDS).content, b"before")
        self.assert_holds(item_id, {"a.txt": b"after"})

    def test_unknown_sessions_and_files(self):
        sessions, files, stranger = self.api.download_sessions, self.api.download_files, str(uuid.uuid4())
        for call in (sessions.get, sessions.cancel, sessions.keep_alive, sessions.delete, files.list):
            self.refused(NotFound, call, stranger)
        self.refused(NotFound, sessions.fail, stranger, "x")
        self.refused(NotFound, sessions.list, stranger)
        self.refused(NotFound, self.open_download, stranger)
        self.refused(NotFound, files.prepare, stranger, "a.txt")
        session_id = self.open_download(self.fill({"a.txt": b"a"}))
        self.refused(InvalidArgument, files.prepare, session_id, "none.txt")
        self.refused(InvalidArgument, files.get, session_id, "none.txt")

    def fetchable(self, session_id, name):
        self.api.download_files.prepare(session_id, name)
        return self.prepared(session_id, name).download_endpoint.uri
