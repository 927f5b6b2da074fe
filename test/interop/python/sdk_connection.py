"""A login through the vendor's Python SDK, made as its samples make one, and what the suites do with it again and again."""

import hashlib
import os
import time
import unittest
import uuid

import requests
from com.vmware import content_client as content
from com.vmware.cis_client import Session
from com.vmware.content import library_client as library
from com.vmware.content.library import item_client as item
from com.vmware.content.library.item import downloadsession_client as downloads
from com.vmware.content.library.item import updatesession_client as updates
from vmware.vapi.lib.connect import get_requests_connector
from vmware.vapi.security.session import create_session_security_context
from vmware.vapi.security.user_password import create_user_password_security_context
from vmware.vapi.stdlib.client.factories import StubConfigurationFactory

URL = os.environ["LIBRARY_URL"]
USER = os.environ["LIBRARY_USER"]
PASSWORD = os.environ["LIBRARY_PASSWORD"]

#: Seconds a poll may take, and its step; the samples poll each second.
POLL_SECONDS = 30
POLL_STEP_SECONDS = 0.2
#: Seconds one exchange of bytes may take.
BYTES_SECONDS = 60


class Connection:
    """One HTTP connection that speaks JSON-RPC, and the services over it."""

    def __init__(self):
        self.connector = get_requests_connector(session=requests.Session(), url=URL + "/api")
        self.stubs = StubConfigurationFactory.new_std_configuration(self.connector)
        self.session = Session(self.stubs)
        self.configuration = content.Configuration(self.stubs)
        self.libraries = content.Library(self.stubs)
        self.local_libraries = content.LocalLibrary(self.stubs)
        self.subscribed_libraries = content.SubscribedLibrary(self.stubs)
        self.security_policies = content.SecurityPolicies(self.stubs)
        self.trusted_certificates = content.TrustedCertificates(self.stubs)
        self.types = content.Type(self.stubs)
        self.items = library.Item(self.stubs)
        self.subscribed_items = library.SubscribedItem(self.stubs)
        self.subscriptions = library.Subscriptions(self.stubs)
        self.changes = item.Changes(self.stubs)
        self.files = item.File(self.stubs)
        self.storage = item.Storage(self.stubs)
        self.update_sessions = item.UpdateSession(self.stubs)
        self.update_files = updates.File(self.stubs)
        self.download_sessions = item.DownloadSession(self.stubs)
        self.download_files = downloads.File(self.stubs)

    def use_password(self, user=USER, password=PASSWORD):
        self.connector.set_security_context(create_user_password_security_context(user, password))

    def use_session(self, session_id):
        self.connector.set_security_context(create_session_security_context(session_id))

    def login(self):
        """Answers the id of the new session, and goes on with it."""
        self.use_password()
        session_id = self.session.create()
        self.use_session(session_id)
        return session_id


class LoggedIn(unittest.TestCase):
    """Test cases that share one login."""

    longMessage = True

    @classmethod
    def setUpClass(cls):
        cls.api = Connection()
        cls.session_id = cls.api.login()

    @classmethod
    def tearDownClass(cls):
        cls.api.session.delete()

    def make_library(self, name=None, **members):
        spec = content.LibraryModel(
            name=name or fresh_name("library"),
            type=content.LibraryModel.LibraryType.LOCAL,
            **members,
        )
        return self.api.local_libraries.create(create_spec=spec, client_token=token())

    def make_item(self, library_id=None, name=None, kind=None, **members):
        spec = library.ItemModel(
            library_id=library_id or self.make_library(),
            name=name or fresh_name("item"),
            type=kind,
            **members,
        )
        return self.api.items.create(create_spec=spec, client_token=token())

    def open_session(self, item_id=None):
        spec = item.UpdateSessionModel(library_item_id=item_id or self.make_item())
        return self.api.update_sessions.create(create_spec=spec, client_token=token())

    def send(self, session_id, name, data, **members):
        """Declares the file and sends its bytes by POST without any session, as the samples do."""
        spec = updates.File.AddSpec(
            name=name, source_type=updates.File.SourceType.PUSH, size=len(data), **members
        )
        info = self.api.update_files.add(session_id, spec)
        return post(info.upload_endpoint.uri, data)

    def complete(self, session_id):
        """Completes and deletes directly after, as the samples do."""
        self.api.update_sessions.complete(session_id)
        self.api.update_sessions.delete(session_id)

    def fill(self, files, item_id=None):
        """An item that holds the files, given as name to bytes."""
        target = item_id or self.make_item()
        session_id = self.open_session(target)
        for name, data in files.items():
            self.assertLess(self.send(session_id, name, data).status_code, 400)
        self.complete(session_id)
        return target

    def read(self, item_id):
        """All files of the item through a download session, as name to bytes."""
        spec = item.DownloadSessionModel(library_item_id=item_id)
        session_id = self.api.download_sessions.create(create_spec=spec, client_token=token())
        found = {}
        for info in self.api.download_files.list(session_id):
            self.api.download_files.prepare(session_id, info.name)
            uri = self.prepared(session_id, info.name).download_endpoint.uri
            found[info.name] = requests.get(uri, timeout=BYTES_SECONDS).content
        self.api.download_sessions.delete(session_id)
        return found

    def prepared(self, session_id, name):
        """Polls the file until it can be fetched."""
        deadline = time.monotonic() + POLL_SECONDS
        while time.monotonic() < deadline:
            info = self.api.download_files.get(session_id, name)
            if info.status == downloads.File.PrepareStatus.PREPARED:
                return info
            time.sleep(POLL_STEP_SECONDS)
        return self.fail(f"{name} was not prepared in {POLL_SECONDS} s")

    def assert_holds(self, item_id, files):
        """The item has these files and no other, byte for byte."""
        found = self.read(item_id)
        digests = {name: sha256(data) for name, data in found.items()}
        self.assertEqual(digests, {name: sha256(data) for name, data in files.items()})

    def refused(self, error, call, *arguments, **named):
        """The call fails with this class of the SDK, or one of these, with a message; answers the error."""
        with self.assertRaises(error) as caught:
            call(*arguments, **named)
        self.assertTrue(caught.exception.messages, "an error without a message")
        self.assertTrue(caught.exception.messages[0].default_message)
        told = str(caught.exception.error_type).replace("_", "").lower()
        self.assertEqual(told, type(caught.exception).__name__.lower())
        return caught.exception


def post(uri, data):
    headers = {"Cache-Control": "no-cache", "Content-Type": "text/ovf"}
    return requests.post(uri, data=data, headers=headers, timeout=BYTES_SECONDS)


def token():
    return str(uuid.uuid4())


def fresh_name(what):
    return f"{what}-{uuid.uuid4().hex[:12]}"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def noise(length, seed="interop"):
    """Bytes that look random and are the same in each run."""
    return hashlib.shake_256(seed.encode()).digest(length)
